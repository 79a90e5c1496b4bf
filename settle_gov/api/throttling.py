"""How often somebody may ask: counted in the cache that all processes share, by token, by user or by address."""

import math
import time
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from stakeholders.models import Token
from stakeholders.views.client_address import address_of

MINUTE, HOUR = 60, 3600


class Limit(BaseThrottle):
    """So many requests in each period, which begins for everybody at the same moment.

    `name` says which of `settings.RATES` holds; 0 is no limit. Where the cache does not answer, everybody may.
    """

    name: str
    seconds: int

    def who(self, request: Request, view: Any) -> str | None:
        """Whose requests are counted together; None is not counted."""
        return network_of(address_of(request))

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this one, and say whether it is still within the limit."""
        limit, who = settings.RATES[self.name], self.who(request, view)
        if not limit or who is None:
            return True
        period, passed = divmod(time.time(), self.seconds)
        self._left = self.seconds - passed
        return _counted(f"rate:{self.name}:{who}:{period:.0f}", self.seconds) <= limit

    def wait(self) -> int:
        """In how many seconds the next period begins."""
        return math.ceil(self._left)


class MemberLimit(Limit):
    """Requests of a token, or of a user in a browser."""

    name, seconds = "member", MINUTE

    def who(self, request: Request, view: Any) -> str | None:
        """A token is known by its digest: ids would be given again in another database."""
        return request.auth.digest if isinstance(request.auth, Token) else str(request.user.pk)


class StrangerLimit(Limit):
    """Requests of an address that nobody has vouched for, and tries with tokens that are not valid."""

    name, seconds = "stranger", MINUTE


class AnybodyLimit(BaseThrottle):
    """Members by their token, all others by address."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Ask the one that fits."""
        self._limit: Limit = MemberLimit() if request.auth else StrangerLimit()
        return self._limit.allow_request(request, view)

    def wait(self) -> int:
        """In how many seconds the next period begins."""
        return self._limit.wait()


class ReportLimit(Limit):
    """Reports of residents from an address."""

    name, seconds = "report", HOUR


class FollowUpLimit(Limit):
    """Tries with numbers and codes from an address."""

    name, seconds = "follow_up", HOUR


class FollowUpOfOneLimit(Limit):
    """Wrong codes for one case, wherever they come from. The right one is never refused for what others have tried."""

    name, seconds = "follow_up_of_one", HOUR

    def who(self, request: Request, view: Any) -> str | None:
        """The case."""
        return str(view.kwargs["number"])


def refuse_guessing(request: Request) -> None:
    """Count a token that is not valid against the address it came from. Raises Throttled where these are too many."""
    limit = StrangerLimit()
    if not limit.allow_request(request, None):
        raise Throttled(limit.wait())


def network_of(address: str) -> str:
    """Who stands behind an address: of IPv6 each household is given a whole /64, one address as good as another."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    return str(known.ipv4_mapped or ip_network((known, 64), strict=False))


def _counted(key: str, seconds: int) -> int:
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key)
    except (RedisError, ValueError):  # ValueError: the period ended between the two
        return 0

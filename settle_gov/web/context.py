"""What every page shows around its own content. Lazy: a page that leaves something out does not pay for it."""

from functools import cached_property

from django.http import HttpRequest
from django.utils.translation import get_language, to_locale

from cases.models import JobFault, Notification
from cases.policies import can_decide, can_log
from settle_gov.web import navigation, waiting
from settle_gov.web.navigation import Entry
from settle_gov.web.preferences import chosen_theme, has_keys
from stakeholders.models import Membership
from stakeholders.roles import Permission

CAP = 100  # beyond, it only matters that it is many


def page(request: HttpRequest) -> dict[str, "Page"]:
    """Context processor: `page` in every template."""
    return {"page": Page(request)}


class Page:
    """The frame of a page for whoever asks; at most two queries, none for who is not signed in."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        # An error page may be drawn before the middleware got as far as this.
        self.membership: Membership | None = getattr(request, "membership", None)
        self.memberships: list[Membership] = getattr(request, "memberships", [])

    @property
    def language(self) -> str:
        """The language as HTML names it: zh-Hans, en."""
        return to_locale(get_language() or "en").replace("_", "-")

    @property
    def theme(self) -> str:
        """`light` or `dark` as chosen on this device; empty where the device itself decides."""
        return chosen_theme(self.request)

    @property
    def has_keys(self) -> bool:
        """Whether single letters are keys on this device."""
        return has_keys(self.request)

    @property
    def address(self) -> str:
        """Where this page is, to come back to."""
        return self.request.get_full_path() if self.request.method == "GET" else self.request.path

    @property
    def town(self) -> str:
        """The area of who acts."""
        return str(self.membership.area) if self.membership else ""

    @property
    def may_log(self) -> bool:
        """Whether who acts may log cases, and so may have some waiting on this device."""
        return self.membership is not None and can_log(self.membership)

    @property
    def home(self) -> Entry | None:
        """Where the day of who acts begins."""
        return navigation.start(self.membership) if self.membership else None

    @property
    def top_bar(self) -> list[Entry]:
        """The places on the bar of a wide screen."""
        return navigation.top_bar(self.membership) if self.membership else []

    @property
    def bottom_bar(self) -> list[Entry]:
        """The places on the bar of a phone."""
        return navigation.bottom_bar(self.membership) if self.membership else []

    @property
    def with_keys(self) -> list[Entry]:
        """The places that a key leads to."""
        return [entry for entry in self.top_bar if entry.key]

    @property
    def here(self) -> str:
        """The address of the place on the bars that this page belongs to: the longest that begins its address."""
        roots = {root: each.url for each in [*self.top_bar, *self.bottom_bar] for root in each.roots}
        return roots.get(max((root for root in roots if self.request.path.startswith(root)), key=len, default=""), "")

    @cached_property
    def unread(self) -> int:
        """How many notices wait to be read, counted up to the cap."""
        if self.membership is None:
            return 0
        return Notification.objects.told_to(self.membership).unread()[:CAP].count()

    @cached_property
    def waiting(self) -> int:
        """How much waits for a decision, counted up to the cap."""
        if self.membership is None or not can_decide(self.membership):
            return 0
        return waiting.count_to_cap(self.membership)

    @cached_property
    def late_jobs(self) -> int:
        """How many periodic jobs stand still, told to who can do something about it."""
        if self.membership is None or not self.membership.allows(Permission.ADMINISTER):
            return 0
        return JobFault.objects.open().count()

    @property
    def unread_text(self) -> str:
        """The same as the bell shows it."""
        return capped(self.unread, CAP)

    @property
    def waiting_text(self) -> str:
        """The same as the bar shows it."""
        return capped(self.waiting, waiting.CAP)


def capped(count: int, cap: int) -> str:
    """A number that was counted up to a cap, in few signs: 7, 99+."""
    return f"{cap - 1}+" if count >= cap else str(count)

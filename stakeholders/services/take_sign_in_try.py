"""Count a try to sign in, before anybody looks whether it is right."""

from datetime import datetime, timedelta
from math import ceil

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders.models import SignInTries, User
from stakeholders.models.account import ADDRESS_LENGTH

MOST_TRIES = 5
SHUT_FOR = timedelta(minutes=15)


@transaction.atomic
def take_sign_in_try(name: str, *, address: str) -> SignInTries:
    """Count one more try of an address at an account. Raises ValidationError while the door is shut.

    The door shuts with the fifth try and not after it, so that many sent at once are no more than five. Whoever is let
    in has it forgotten. A name that is no account is counted like one: nobody learns which there are.
    """
    now = timezone.now()
    address = address[:ADDRESS_LENGTH]
    account = User.objects.filter(username=name).first()
    tries, _is_new = SignInTries.objects.select_for_update().get_or_create(
        key=SignInTries.key_of(name, address), defaults={"account": account, "address": address}
    )
    if tries.shut_until and tries.shut_until > now:
        raise ValidationError(_shut_words(tries.shut_until, now), code="shut")
    if tries.last_at <= now - SHUT_FOR:
        tries.count = 0
    tries.count += 1
    tries.last_at = now
    tries.shut_until = now + SHUT_FOR if tries.count >= MOST_TRIES else None
    tries.save()
    return tries


def _shut_words(until: datetime, now: datetime) -> str:
    words = _(
        "Too many tries: this account is shut to you until %(time)s, in %(minutes)d min. "
        "An administrator can open it before."
    )
    minutes = ceil((until - now).total_seconds() / 60)
    return words % {"time": f"{timezone.localtime(until):%H:%M}", "minutes": minutes}

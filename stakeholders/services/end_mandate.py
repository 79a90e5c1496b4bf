"""End a mandate on a day: the one that was recorded is withdrawn, and one that ends is recorded in its place."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders.models import Mandate, Membership
from stakeholders.services.refresh_episodes import refresh_after_commit
from stakeholders.services.withdraw_mandate import withdraw_mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, until: datetime, by: Membership, at: datetime | None = None) -> Mandate:
    """Let a mandate hold until before `until`; return the mandate that says so.

    What was known before stays known: on the day before the ending, the ledger says that no end was foreseen. Whether
    its party could be named today is not asked: it has been. Raises ValidationError where the mandate is withdrawn, or
    would end before it begins or later than it does already.
    """
    at = at or timezone.now()
    if mandate.valid_until is not None and until >= mandate.valid_until:
        raise ValidationError({"until": ValidationError(_("It ends earlier than that already."), code="later")})
    if until <= mandate.valid_from:
        raise ValidationError(
            {"until": ValidationError(_("The end must be later than the beginning."), code="too_early")}
        )
    withdraw_mandate(mandate, by=by, at=at)
    ended = Mandate(
        party=mandate.party,
        role=mandate.role,
        basis=mandate.basis,
        evidence=mandate.evidence,
        valid_from=mandate.valid_from,
        valid_until=until,
        area=mandate.area,
        estate=mandate.estate,
        building=mandate.building,
        need_class=mandate.need_class,
        need_item=mandate.need_item,
        recorded_at=at,
        recorded_by=by,
    )
    ended.save()
    refresh_after_commit([ended])
    return ended

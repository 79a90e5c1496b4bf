"""Write down that a party answers for something, or says that it does not."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders import policies
from stakeholders.eligibility import require_eligible
from stakeholders.models import Area, Building, Estate, Mandate, Membership, NeedClass, NeedItem, Party
from stakeholders.policies import require
from stakeholders.services.refresh_episodes import refresh_after_commit

SCOPE = ("area", "estate", "building", "need_class", "need_item")
SAME = ("party", "role", "basis", "evidence", "valid_from", "valid_until", *SCOPE)


@transaction.atomic
def record_mandate(  # noqa: PLR0913 -- each is a field of the record
    party: Party,
    *,
    role: str,
    basis: str,
    valid_from: datetime,
    by: Membership,
    valid_until: datetime | None = None,
    area: Area | None = None,
    estate: Estate | None = None,
    building: Building | None = None,
    need_class: NeedClass | None = None,
    need_item: NeedItem | None = None,
    evidence: str = "",
    at: datetime | None = None,
) -> Mandate:
    """Append a mandate to the ledger. Overlap with other mandates is recorded, never forbidden.

    Exactly one of `area`, `estate` and `building` says where; `need_class` or `need_item` narrows for what.
    Raises ValidationError for a scope or period that makes no sense, for a party that is closed down by then or of
    another area, and for what is recorded already to the last word; PermissionDenied for who may not do so there.
    """
    require(policies.can_keep_duties(by))
    party = Party.objects.select_for_update(of=("self",), no_key=True).get(pk=party.pk)  # who presses twice waits here
    mandate = Mandate(
        party=party,
        role=role,
        basis=basis,
        valid_from=valid_from,
        valid_until=valid_until,
        area=area,
        estate=estate,
        building=building,
        need_class=need_class,
        need_item=need_item,
        evidence=evidence,
        recorded_at=at or timezone.now(),
        recorded_by=by,
    )
    require_eligible(party, by=by, at=valid_from, field="party")
    mandate.full_clean()
    require(policies.can_keep_duties_at(by, mandate.area_code))
    _refuse_repetition(mandate)
    mandate.save()
    refresh_after_commit([mandate])
    return mandate


def _refuse_repetition(mandate: Mandate) -> None:
    """Whoever sends the same twice means it once."""
    if Mandate.objects.known_on().filter(**{name: getattr(mandate, name) for name in SAME}).exists():
        raise ValidationError({"party": ValidationError(_("This very duty is recorded already."), code="unchanged")})

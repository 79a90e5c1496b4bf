"""Write down that a party answers for something, or says that it does not."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from stakeholders import policies
from stakeholders.eligibility import require_eligible
from stakeholders.models import Area, Building, Estate, Mandate, Membership, NeedClass, NeedItem, Party
from stakeholders.policies import require
from stakeholders.services.refresh_episodes import refresh_after_commit


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
    Raises ValidationError for a scope or period that makes no sense and for a party that is closed down by then or
    of another area, PermissionDenied for who may not do so there.
    """
    require(policies.can_keep_duties(by))
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
    mandate.save()
    refresh_after_commit([mandate])
    return mandate

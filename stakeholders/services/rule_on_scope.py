"""Decide who leads for a scope of places and items from some moment on."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from stakeholders import policies
from stakeholders.eligibility import require_eligible
from stakeholders.models import Area, Building, Estate, Membership, NeedClass, NeedItem, Party, Ruling
from stakeholders.policies import require
from stakeholders.services.refresh_episodes import refresh_after_commit


@transaction.atomic
def rule_on_scope(  # noqa: PLR0913 -- each is a field of the record
    lead: Party,
    *,
    reason: str,
    by: Membership,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    area: Area | None = None,
    estate: Estate | None = None,
    building: Building | None = None,
    need_class: NeedClass | None = None,
    need_item: NeedItem | None = None,
    document_no: str = "",
    at: datetime | None = None,
) -> Ruling:
    """Append a ruling to the ledger; it goes before every mandate in its scope.

    Raises ValidationError for a scope or period that makes no sense and for a party that is closed down by then or
    of another area, PermissionDenied for who may not do so there.
    """
    require(policies.can_keep_duties(by))
    decided_at = at or timezone.now()
    ruling = Ruling(
        lead=lead,
        reason=reason,
        document_no=document_no,
        decided_at=decided_at,
        valid_from=valid_from or decided_at,
        valid_until=valid_until,
        area=area,
        estate=estate,
        building=building,
        need_class=need_class,
        need_item=need_item,
        recorded_at=decided_at,
        recorded_by=by,
    )
    require_eligible(lead, by=by, at=ruling.valid_from, field="lead")
    ruling.full_clean()
    require(policies.can_keep_duties_at(by, ruling.area_code))
    ruling.save()
    refresh_after_commit([ruling])
    return ruling

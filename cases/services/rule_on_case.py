"""Rule on whose a case is: for this case, or for its matter at its place from now on."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies, routing
from cases.history import Line
from cases.models import Case, CaseEvent, CaseRuling
from cases.rulebook import Rulebook
from cases.services.settle_scope import settle_scope
from cases.workflow import Action
from stakeholders.eligibility import require_eligible
from stakeholders.models import Area, Building, Estate, Membership, NeedClass, NeedItem, Party
from stakeholders.policies import require


@transaction.atomic
def rule_on_case(  # noqa: PLR0913 -- each is a field of the record
    case: Case,
    *,
    lead: Party,
    reason: str,
    by: Membership,
    document_no: str = "",
    area: Area | None = None,
    estate: Estate | None = None,
    building: Building | None = None,
    need_class: NeedClass | None = None,
    need_item: NeedItem | None = None,
    valid_until: datetime | None = None,
    at: datetime | None = None,
) -> Case:
    """Give the case to `lead`, which cannot return it, and settle its dispute; the deadline runs on.

    With a place the ruling also goes to the ledger, so that the next case routes itself: it closes the matching
    episodes and takes along the cases that wait or are disputed there, all in this transaction. Raises what
    `settle_scope` raises, and ValidationError where the party cannot lead or the scope leaves the case itself out.
    """
    at = at or timezone.now()
    require(policies.may(by, case, Action.RULE))
    ruling = None
    if area or estate or building:
        _require_covered(case, area=area, estate=estate, building=building, need_class=need_class, need_item=need_item)
        # Before the case is locked: whoever settles a scope locks estates before cases.
        ruling = settle_scope(
            lead,
            reason=reason,
            by=by,
            valid_until=valid_until,
            area=area,
            estate=estate,
            building=building,
            need_class=need_class,
            need_item=need_item,
            document_no=document_no,
            keep=case,
            at=at,
        )
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.RULE)
    require_eligible(lead, by=by, at=at, field="lead")
    rules, previous = Rulebook(), case.lead
    if lead.pk != case.lead_id:
        routing.assign(case, lead, rules, at=at)
    case.responsibility, case.ruled_at = Case.Responsibility.HELD, at
    ruled = CaseRuling.objects.create(
        case=case, lead=lead, ruling=ruling, reason=reason, document_no=document_no, decided_at=at, by=by
    )
    bookkeeping.enter(case, _line(ruled, previous), at=at, changed=routing.FIELDS, rules=rules)
    return case


def _require_covered(
    case: Case,
    *,
    area: Area | None,
    estate: Estate | None,
    building: Building | None,
    need_class: NeedClass | None,
    need_item: NeedItem | None,
) -> None:
    """Raise ValidationError, by field, for a scope in which the case does not lie: it would rule on something else."""
    item = case.need_item
    outside = {
        "area": area is not None and not area.contains(case.area_id),
        "estate": estate is not None and estate.pk != case.estate_id,
        "building": building is not None and building.pk != case.building_id,
        "need_class": need_class is not None and (item is None or need_class.pk != item.need_class_id),
        "need_item": need_item is not None and need_item.pk != case.need_item_id,
    }
    if any(outside.values()):
        problem = _("The case does not lie in this scope; to rule on another one, go to its cell.")
        raise ValidationError({field: problem for field, is_outside in outside.items() if is_outside})


def _line(ruled: CaseRuling, previous: Party | None) -> Line:
    details = {
        "previous": previous.code if previous and previous != ruled.lead else None,
        "lead": ruled.lead.code,
        "ruling": ruled.ruling_id,
        "reason": ruled.reason,
        "document_no": ruled.document_no,
        "until": ruled.ruling.valid_until if ruled.ruling else None,
    }
    return Line(CaseEvent.Kind.RULED, ruled.decided_at, ruled.by, details)

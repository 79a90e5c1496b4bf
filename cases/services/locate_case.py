"""Say where a case is and what it is about, so that the ledger can be asked."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, clocks, custody, policies, routing, stances
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.models import Building, Estate, Membership, NeedItem
from stakeholders.search import searchable

PLACE = ("estate", "building", "household", "need_item", "area", "grid", "search_text")


@transaction.atomic
def locate_case(  # noqa: PLR0913 -- each is something the action says
    case: Case,
    *,
    estate: Estate,
    need_item: NeedItem,
    by: Membership,
    building: Building | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Case:
    """Give a case its place and item, or correct them, and follow what the rules and the ledger say of them.

    The clocks begin where they began, so that waiting to be located hides no time, and keep the extensions and holds
    they had; "overdue" goes where the new deadline lies ahead. Who has the case keeps it where the ledger names that
    party; else it goes to whoever leads, or waits like any other. A case that had no item takes the urgency of the
    item. Raises ValidationError where place and building do not fit or lie outside the actor's area.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.LOCATE)
    if not by.area.contains(estate.area_id):
        raise ValidationError({"estate": _("This estate lies outside your area.")})
    if building is not None and building.estate_id != estate.pk:
        raise ValidationError({"building": _("This building is not part of the estate.")})
    if case.need_item is None:
        case.urgency = need_item.urgency
    if case.household is not None and case.household.building_id != (building.pk if building else None):
        case.household = None
    case.estate, case.building, case.need_item = estate, building, need_item
    case.area, case.grid = estate.area, building.grid if building else estate.grid
    case.search_text = searchable(case.number, case.title, case.description, case.place, case.location_note)
    rules = Rulebook()
    clocks.reclassify(case, rules, since=case.cycle_began_at)
    located = {"need_item": need_item.code, "estate": estate.code} | ({"reason": reason} if reason else {})
    line = Line(CaseEvent.Kind.LOCATED, at, by, located)
    stances.end([case], at=at)  # they were about what it was taken for
    routed = routing.route_again(case, rules, at=at)
    changed = (*PLACE, "urgency", *clocks.FIELDS, *routing.FIELDS)
    bookkeeping.enter(case, line, *routed, at=at, changed=changed, rules=rules)
    return case

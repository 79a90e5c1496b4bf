"""What would become of a report before it is sent: who would get it, by when, and whether it is known already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cases import clocks
from cases.models import Case
from cases.routing import NewRoutes
from cases.rulebook import Rulebook
from stakeholders.everyday_words import find
from stakeholders.models import Building, Estate, Membership, NeedItem, Party

LATELY = timedelta(days=60)
LOOKED_AT = 50  # open cases of a place, the latest
SHOWN = 3


@dataclass(frozen=True)
class Foresight:
    """Where a report would go, as things stand at this moment."""

    responsibility: Case.Responsibility
    lead: Party | None
    due_at: datetime | None
    duplicates: Sequence[Case]


def foresee(  # noqa: PLR0913 -- what a report may say already
    *,
    estate: Estate,
    by: Membership,
    building: Building | None = None,
    need_item: NeedItem | None = None,
    urgency: str = "",
    title: str = "",
    at: datetime | None = None,
) -> Foresight:
    """Route a case that is never saved, and look for open ones at the same place about the same; five queries."""
    at = at or timezone.now()
    case = Case(
        area_id=estate.area_id,
        estate=estate,
        building=building,
        need_item=need_item,
        urgency=urgency or (need_item.urgency if need_item else Case.urgency.field.default),
        reported_at=at,
        opened_at=at,
    )
    rules = Rulebook()
    clocks.start_clocks(case, rules, at=at)
    NewRoutes([case], rules, at=at)
    known = likely_duplicates(estate, building, need_item, title, by=by, at=at)
    return Foresight(Case.Responsibility(case.responsibility), case.lead, case.resolve_due_at, known)


def likely_duplicates(
    estate: Estate, building: Building | None, need_item: NeedItem | None, title: str, *, by: Membership, at: datetime
) -> list[Case]:
    """Open cases of the last two months at just this place, about the same item or in the same words, latest first."""
    here = Case.objects.visible_to(by).open().filter(estate=estate, building=building, reported_at__gt=at - LATELY)
    cases = list(here.select_related("lead", "need_item").order_by("-reported_at", "-id")[:LOOKED_AT])
    alike = {hit.key for hit in find(title, [(case.pk, case.title) for case in cases], most=SHOWN)}
    same = [case for case in cases if case.pk in alike or (need_item and case.need_item_id == need_item.pk)]
    return same[:SHOWN]

"""Let open deadlines follow a work calendar that was corrected, announced or confirmed."""

from collections.abc import Sequence
from datetime import MAXYEAR, date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from cases import bookkeeping, clocks, disputes, timers
from cases.history import Line
from cases.models import Case, CaseEvent, WorkCalendarYear
from cases.models.case import CaseQuerySet
from cases.rulebook import Rulebook
from cases.worktime import ZONE, WorkCalendar

BATCH = 500


def reckon_deadlines_again(*, at: datetime | None = None) -> int:
    """Reckon again what rests on a year that has changed since that was last done; return how many cases moved.

    Works in batches of their own transactions. A case that somebody else holds is taken at the end, and waited for;
    only then is the year done, so that a run that dies is made up for by the next one. A year that changes meanwhile
    stays to be done. A second run finds nothing and writes nothing.
    """
    at = at or timezone.now()
    moved = 0
    changed = Q(reckoned_at__isnull=True) | ~Q(reckoned_at=F("updated_at"))
    for year in WorkCalendarYear.objects.filter(changed).order_by("year"):
        moved += _follow(year.year, Rulebook().calendar, at)
        WorkCalendarYear.objects.filter(pk=year.pk).update(reckoned_at=year.updated_at)  # as it was read, not as it is
    return moved


def _follow(year: int, calendar: WorkCalendar, at: datetime) -> int:
    concerned = _resting_on(year)
    moved = last = 0
    skipped: list[int] = []
    while pks := list(concerned.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = pks[-1]
        with transaction.atomic():
            cases = list(concerned.filter(pk__in=pks).select_for_update(of=("self",), skip_locked=True))
            moved += _reckon(cases, calendar, year, at)
        skipped += set(pks) - {case.pk for case in cases}
    for pk in sorted(skipped):
        with transaction.atomic():
            moved += _reckon(list(concerned.filter(pk=pk).select_for_update(of=("self",))), calendar, year, at)
    return moved


def _resting_on(year: int) -> CaseQuerySet:
    """Cases with a clock or a statutory timer that may run and may have asked about a day of this year.

    It ends in the year or after it.
    """
    begins = _new_year(year)
    due = Q(*((f"{field}__gte", begins) for field in clocks.CLOCKS.values()), _connector=Q.OR)
    runs = due & Q(resolved_at__isnull=True) | Q(timer_due_at__gte=begins)
    running = Case.objects.open().filter(runs)
    return running if year == MAXYEAR else running.filter(reported_at__lt=_new_year(year + 1))


def _new_year(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time(), ZONE)


def _reckon(cases: Sequence[Case], calendar: WorkCalendar, year: int, at: datetime) -> int:
    """Reckon the clocks of locked cases; write those of which anything changed, and into the history what moved.

    Their statutory timers and the clocks of their disputes follow, too.
    """
    entries: list[tuple[Case, list[Line]]] = []
    moved = 0
    timers_moved = timers.reckon_again(cases, calendar)
    disputes.reckon_again(cases, Rulebook())
    for case in cases:
        written, before = dict(case.deadlines), clocks.due_dates(case)
        is_moved = clocks.reckon_again(case, calendar)
        if is_moved or case.pk in timers_moved:
            moved += 1
            details = _moves(case, before, year) | _timers(timers_moved.get(case.pk, ()))
            entries.append((case, [Line(CaseEvent.Kind.DEADLINE_MOVED, at, details=details)]))
        elif case.deadlines != written:
            entries.append((case, []))
    bookkeeping.enter_all(entries, at=at, changed=(*clocks.FIELDS, *timers.FIELDS))
    return moved


def _timers(moves: Sequence[tuple[str, datetime, datetime]]) -> dict[str, Any]:
    told = [{"timer": code, "before": _written(before), "after": _written(after)} for code, before, after in moves]
    return {"timers": told} if told else {}


def _moves(case: Case, before: dict[str, datetime | None], year: int) -> dict[str, Any]:
    after = clocks.due_dates(case)
    moved = [clock for clock in after if after[clock] != before[clock]]
    return {
        "cause": "calendar",
        "year": year,
        "before": {clock: _written(before[clock]) for clock in moved},
        "after": {clock: _written(after[clock]) for clock in moved},
    }


def _written(moment: datetime | None) -> str | None:
    return moment.astimezone(ZONE).isoformat() if moment else None

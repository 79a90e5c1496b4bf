"""A dry run of the ladder: what steps would have done in a time that has passed, had they held all along.

It asks the faults that stood then, and nothing else: what people would have done otherwise, once a step had fired,
nobody knows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from heapq import heappush, heappushpop
from itertools import groupby
from typing import NamedTuple

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.deadlines import due
from cases.models import CaseEvent, Escalation, EscalationRule, Finding
from cases.models.case import CaseQuerySet
from cases.rulebook import Rulebook
from cases.worktime import Unit, WorkCalendar

NEWEST = 50
MONTH = timedelta(days=30)
IN_DAYS = frozenset({Unit.WORKING_DAY, Unit.CALENDAR_DAY})


class Step(NamedTuple):
    """A step of the ladder, saved or only thought of: so long after a fault began, do this. No two are alike."""

    trigger: str
    amount: int
    unit: str
    action: str

    @classmethod
    def of(cls, rule: EscalationRule) -> "Step":
        """The step that a rule stands for."""
        return cls(rule.trigger, rule.amount, rule.unit, rule.action)


class Stood(NamedTuple):
    """What of a finding decides which steps fire; `cycle` is the round of the case in which it was found."""

    case: int
    kind: str
    cycle: int
    since: datetime
    opened_at: datetime
    cleared_at: datetime | None


class Firing(NamedTuple):
    """That a step fires: when, and for which case."""

    at: datetime
    case: int


@dataclass
class Outcome:
    """What one step would have done: how often, for how many cases, the newest of them; and how often it really did.

    A case for which it fired in two rounds counts twice in `firings` and once in `cases`.
    """

    firings: int = 0
    cases: int = 0
    fired: int = 0
    newest: list[Firing] = field(default_factory=list)


def last_month(now: datetime) -> tuple[datetime, datetime]:
    """The last thirty days, from the beginning of a day until now."""
    day = timezone.localdate(now - MONTH)
    return timezone.make_aware(datetime.combine(day, time.min)), now


def dry_run(
    steps: Iterable[Step],
    *,
    since: datetime,
    until: datetime,
    among: CaseQuerySet,
    before: Firing | None = None,
    newest: int = NEWEST,
) -> dict[Step, Outcome]:
    """Say what each step would have done from `since` up to `until`, a moment not in the future, among these cases.

    The newest firings come first; with `before`, they are the next ones behind that one. Takes four queries and keeps
    no more in memory than it returns.
    """
    outcomes = {step: Outcome() for step in steps}
    tallies = {step: _Tally(outcome, before, newest) for step, outcome in outcomes.items()}
    stood = _stood({step.trigger for step in outcomes}, since, until, among)
    for step, firing in firings(stood, list(outcomes), Rulebook().calendar):
        if since <= firing.at < until:
            tallies[step].add(firing)
    for outcome in outcomes.values():
        outcome.newest.sort(reverse=True)
    for step, fired in really_fired(since, until, among).items():
        if step in outcomes:
            outcomes[step].fired = fired
    return outcomes


def firings(stood: Iterable[Stood], steps: Sequence[Step], calendar: WorkCalendar) -> Iterator[tuple[Step, Firing]]:
    """The moments at which steps fire, faults given case by case and oldest first. Pure.

    A step fires once its time since the beginning of the fault is over and the fault has been found, if it still
    stands; in each round of a case once, by the first fault that lasts so long.
    """
    of_kind: dict[str, list[Step]] = {}
    for step in steps:
        of_kind.setdefault(step.trigger, []).append(step)
    dates = _Dates(calendar)
    for case, faults in groupby(stood, key=lambda fault: fault.case):
        done = set()
        for fault in faults:
            for step in of_kind.get(fault.kind, ()):
                at = max(dates.of(step, fault.since), fault.opened_at)
                if (fault.cycle, step) not in done and (fault.cleared_at is None or at < fault.cleared_at):
                    done.add((fault.cycle, step))
                    yield step, Firing(at, case)


def really_fired(since: datetime, until: datetime, among: CaseQuerySet) -> dict[Step, int]:
    """How often each step really fired in a time among these cases, in one query."""
    fired = Escalation.objects.filter(fired_at__gte=since, fired_at__lt=until, case__in=among).order_by()
    counted = fired.values_list(*(f"rule__{name}" for name in Step._fields)).annotate(count=Count("pk"))
    return {Step(*named): count for *named, count in counted}


class _Dates:
    """When steps fall due, each date reckoned once."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._counted = cache(self._count)

    def of(self, step: Step, began: datetime) -> datetime:
        """When a step falls due after a fault that began then."""
        if not step.amount:
            return began
        start, unit = self._calendar.localize(began), Unit(step.unit)
        if unit in IN_DAYS:  # the day of the event does not count, nor does its hour: one sum for all of a day
            start = datetime.combine(start.date(), time(), self._calendar.zone)
        return self._counted(start, step.amount, unit)

    def _count(self, start: datetime, amount: int, unit: Unit) -> datetime:
        return due(start, amount, unit, self._calendar).at


class _Tally:
    """Counts the firings of a step and keeps the newest ones."""

    def __init__(self, outcome: Outcome, before: Firing | None, newest: int) -> None:
        self._outcome, self._before, self._room = outcome, before, newest
        self._case: int | None = None

    def add(self, firing: Firing) -> None:
        self._outcome.firings += 1
        if firing.case != self._case:  # all firings of a case come one after the other
            self._outcome.cases += 1
            self._case = firing.case
        if self._before is not None and firing >= self._before:
            return
        keep = heappush if len(self._outcome.newest) < self._room else heappushpop
        keep(self._outcome.newest, firing)


def _stood(kinds: Iterable[str], since: datetime, until: datetime, among: CaseQuerySet) -> Iterator[Stood]:
    """Read the faults that stood in a time, and those before them on the same cases: by these a step may have fired.

    No fault fires a step before it was found or after it was cleared.
    """
    found = Finding.objects.filter(kind__in=kinds, opened_at__lt=until)
    standing = found.filter(Q(cleared_at__isnull=True) | Q(cleared_at__gt=since), case__in=among)
    rows = found.filter(case__in=standing.order_by().values("case")).order_by("case", "opened_at", "id")
    columns = rows.values_list("case", "kind", _cycle(), "since", "opened_at", "cleared_at")
    return (Stood(*row) for row in columns.iterator())


def _cycle() -> models.Case:
    """The round of the case in which a finding was opened; few cases are reopened, and only theirs are counted."""
    reopened = CaseEvent.objects.filter(
        case=OuterRef("case"), kind=CaseEvent.Kind.REOPENED, at__lte=OuterRef("opened_at")
    )
    times = reopened.order_by().values("case").annotate(times=Count("pk")).values("times")
    first = models.When(case__cycle=1, then=Value(1))
    return models.Case(first, default=Coalesce(Subquery(times), Value(0)) + 1, output_field=models.IntegerField())

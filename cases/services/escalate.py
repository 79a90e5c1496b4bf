"""Fire the steps of the ladder that have come due."""

from collections import defaultdict
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, history, routing
from cases.history import Line
from cases.models import Case, CaseEvent, Custody, Escalation, EscalationRule
from cases.rulebook import Rulebook
from cases.workflow import UNSOLVED
from stakeholders.models import Party
from stakeholders.models.area import ancestry

BATCH = 2000
READ = ("number", "stage", "responsibility", "lead", "area", "listed_at", *history.LINKED)

Action = EscalationRule.Action
MOVING = (Action.HAND_OVER, Action.LIST)  # the others are only written down


def escalate(*, at: datetime | None = None) -> int:
    """Fire every step that is due and return how many; each fires once, however many workers run or die.

    The oldest come first and a batch never comes back to what it fired, so that none starves.
    """
    at = at or timezone.now()
    fired = 0
    rules = Rulebook()
    while newly := _fire_batch(rules, at):
        fired += newly
    return fired


@transaction.atomic
def _fire_batch(rules: Rulebook, at: datetime) -> int:
    """Fire the steps of some cases. Cases are locked before their steps, in the order in which every service does."""
    due = Escalation.objects.filter(fired_at__isnull=True, cancelled_at__isnull=True, due_at__lte=at)
    wanted = set(due.order_by("due_at", "pk").values_list("case", flat=True)[:BATCH])
    if not wanted:
        return 0
    free = Case.objects.filter(pk__among=wanted).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    cases = {case.pk: case for case in free.only(*READ)}
    steps = list(due.filter(case__pk__among=cases).order_by("due_at", "pk").values_list("pk", "case", "rule"))
    firing, rungs = _Firing(rules, at), EscalationRule.objects.in_bulk()
    if any(rungs[rule].action in MOVING for _pk, _case, rule in steps):
        # What changes a case looks at all of it; what is only written down does not.
        cases = Case.objects.select_related("lead", "need_item").defer("description", "search_text").in_bulk(cases)
    lines: dict[int, list[Line]] = defaultdict(list)
    for _pk, case, rule in steps:
        lines[case].append(firing.fire(cases[case], rungs[rule]))
    firing.save()
    Escalation.objects.filter(pk__among=[pk for pk, _case, _rule in steps]).update(fired_at=at)
    moved = [(cases[pk], lines.pop(pk)) for pk in firing.moved]
    if moved:
        bookkeeping.enter_all(moved, at=at, changed=("listed_at", *routing.FIELDS), rules=rules)
    history.record_many([(cases[pk], entries) for pk, entries in lines.items()])
    return len(steps)


class _Firing:
    """What the steps of one batch do, beside being written down: whom they raise cases to, which cases they move."""

    def __init__(self, rules: Rulebook, at: datetime) -> None:
        self._rules, self._at = rules, at
        self._superiors = Superiors(at)
        self._raised: list[Custody] = []
        self._handed: list[Custody] = []  # in the order of taking over, where a case goes up by two at once
        self.moved: dict[int, None] = {}  # the ids of cases that a step changes, in order

    def fire(self, case: Case, rule: EscalationRule) -> Line:
        """Do what a step says, and return what goes into the history."""
        details = {"rule": rule.pk, "trigger": rule.trigger, "action": rule.action}
        match rule.action:
            case Action.REMIND if case.lead_id is None:
                # Nobody can be reminded, and the history must not say so.
                details["action"] = Action.TELL_COORDINATOR
            case Action.RAISE:
                self._raise(case, details)
            case Action.HAND_OVER:
                self._hand_over(case, details)
            case Action.LIST:
                self._raise(case, details)
                case.listed_at = case.listed_at or self._at
                self.moved[case.pk] = None
        return Line(CaseEvent.Kind.ESCALATED, self._at, details=details)

    def save(self) -> None:
        """Write the custodies that follow; the caller saves the cases."""
        custody.supervise(self._raised)
        custody.take_over(self._handed, at=self._at)

    def _raise(self, case: Case, details: dict[str, Any]) -> None:
        """The party above sees the case from now on; where that is the one that has it, nothing is gained by it."""
        above = self._superiors.of(case)
        if above is not None and above.pk != case.lead_id:
            self._raised.append(custody.new_supervision(case, above, at=self._at))
            details["party"] = above.code

    def _hand_over(self, case: Case, details: dict[str, Any]) -> None:
        """The party above takes the case over; where there is none, or it has it already, it stays where it is."""
        above = self._superiors.of(case)
        if above is None or above.pk == case.lead_id or case.stage not in UNSOLVED:
            details["action"] = Action.TELL_COORDINATOR
            return
        details |= {"party": above.code, "previous": case.lead.code if case.lead else None}
        case.handoffs += case.lead is not None
        self._handed.append(custody.first(case, above, self._rules, at=self._at))
        case.stage = Case.Stage.DISPATCHED
        if case.responsibility != Case.Responsibility.DISPUTED:
            case.responsibility = Case.Responsibility.HELD
        self.moved[case.pk] = None


class Superiors:
    """To which party a case is raised, asking the database once for all parties and once for each area."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._office = cache(self._find_office)

    @cached_property
    def _parties(self) -> dict[int, Party]:
        return Party.objects.in_bulk()

    def of(self, case: Case) -> Party | None:
        """The nearest party above the lead that is not closed down, or the town office where there is none."""
        above = self._parties[case.lead_id].supervisor_id if case.lead_id else None
        passed: set[int] = set()
        while above is not None and above not in passed:  # closed parties may supervise each other
            party = self._parties[above]
            if party.is_working(self._at):
                return party
            passed.add(above)
            above = party.supervisor_id
        return self._office(case.area_id)

    def _find_office(self, area_code: str) -> Party | None:
        offices = Party.objects.working(self._at).filter(kind=Party.Kind.STREET, area__in=ancestry(area_code))
        return offices.order_by("-area", "pk").first()

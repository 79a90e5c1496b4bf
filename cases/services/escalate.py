"""Fire the steps of the ladder that have come due."""

from collections import defaultdict
from datetime import datetime
from functools import cache, cached_property

from django.db import transaction
from django.utils import timezone

from cases import custody, history
from cases.history import Line
from cases.models import Case, CaseEvent, Custody, Escalation, EscalationRule
from stakeholders.models import Party
from stakeholders.models.area import ancestry

BATCH = 500


def escalate(*, at: datetime | None = None) -> int:
    """Fire every step that is due and return how many; each fires once, however many workers run or die.

    The oldest come first and a batch never comes back to what it fired, so that none starves.
    """
    at = at or timezone.now()
    fired = 0
    while newly := _fire_batch(at):
        fired += newly
    return fired


@transaction.atomic
def _fire_batch(at: datetime) -> int:
    """Fire the steps of some cases. Cases are locked before their steps, in the order in which every service does."""
    due = Escalation.objects.filter(fired_at__isnull=True, cancelled_at__isnull=True, due_at__lte=at)
    wanted = set(due.order_by("due_at", "pk").values_list("case", flat=True)[:BATCH])
    if not wanted:
        return 0
    locked = Case.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    cases = {case.pk: case for case in locked.select_related("lead").defer("description", "search_text")}
    steps = list(due.filter(case__in=cases).select_related("rule").order_by("due_at", "pk"))
    superiors = Superiors(at)
    raised: list[Custody] = []
    lines: dict[int, list[Line]] = defaultdict(list)
    for step in steps:
        case = cases[step.case_id]
        action = step.rule.action
        if action == EscalationRule.Action.REMIND and case.lead is None:
            action = EscalationRule.Action.TELL_COORDINATOR  # nobody can be reminded, and the history must not say so
        details = {"rule": step.rule_id, "trigger": step.rule.trigger, "action": action}
        above = superiors.of(case) if step.rule.action == EscalationRule.Action.RAISE else None
        if above is not None:
            raised.append(custody.new_supervision(case, above, at=at))
            details["party"] = above.code
        lines[case.pk].append(Line(CaseEvent.Kind.ESCALATED, at, details=details))
    custody.supervise(raised)
    Escalation.objects.filter(pk__in=[step.pk for step in steps]).update(fired_at=at)
    history.record_many([(cases[pk], entries) for pk, entries in lines.items()])
    return len(steps)


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
        while above is not None:
            party = self._parties[above]
            if party.closed_at is None or party.closed_at > self._at:
                return party
            above = party.supervisor_id
        return self._office(case.area_id)

    def _find_office(self, area_code: str) -> Party | None:
        offices = Party.objects.filter(kind=Party.Kind.STREET, closed_at__isnull=True, area__in=ancestry(area_code))
        return offices.order_by("-area", "pk").first()

"""Fire the steps of the ladder that have come due."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import custody, history
from cases.history import Line
from cases.models import Case, CaseEvent, Escalation, EscalationRule
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
    pending = Escalation.objects.filter(fired_at__isnull=True, cancelled_at__isnull=True, due_at__lte=at)
    due = pending.select_related("rule").select_for_update(of=("self",), skip_locked=True)
    steps = list(due.order_by("due_at", "pk")[:BATCH])
    if not steps:
        return 0
    found = Case.objects.select_for_update(of=("self",)).select_related("lead__supervisor")
    cases = found.in_bulk({step.case_id for step in steps})
    lines: dict[int, list[Line]] = {pk: [] for pk in cases}
    for step in steps:
        lines[step.case_id].append(_fire(step, cases[step.case_id], at))
    Escalation.objects.filter(pk__in=[step.pk for step in steps]).update(fired_at=at)
    history.record_many([(cases[pk], entries) for pk, entries in lines.items()])
    return len(steps)


def _fire(step: Escalation, case: Case, at: datetime) -> Line:
    details = {"rule": step.rule_id, "trigger": step.rule.trigger, "action": step.rule.action}
    if step.rule.action == EscalationRule.Action.RAISE and (above := _above(case)) is not None:
        custody.supervise(case, above, at=at)
        details["party"] = above.code
    return Line(CaseEvent.Kind.ESCALATED, at, details=details)


def _above(case: Case) -> Party | None:
    """The party a case is raised to: the lead's supervisor, or the town office where nobody leads."""
    if case.lead is not None and case.lead.supervisor is not None:
        return case.lead.supervisor
    offices = Party.objects.filter(kind=Party.Kind.STREET, closed_at__isnull=True, area__in=ancestry(case.area_id))
    return offices.order_by("-area", "pk").first()

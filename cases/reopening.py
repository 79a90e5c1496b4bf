"""A new round of a case that had ended: what reopening by a coordinator and “not solved” by the reporter share."""

from datetime import datetime
from typing import Any

from cases import clocks, custody, routing, stances
from cases.history import Line
from cases.models import Case, CaseEvent, Custody
from cases.rulebook import Rulebook
from stakeholders.models import Membership

FIELDS = (
    "resolved_at",
    "verified_at",
    "closed_at",
    "contacted_at",
    "rated_at",
    "reopened_at",
    "listed_at",
    "main_case",
    "hold_until",
    "cycle",
    "passed_before",
    *clocks.FIELDS,
    *routing.FIELDS,
)


def reopen(case: Case, *, by: Membership | None, details: dict[str, Any], at: datetime) -> list[Line]:
    """Start the clocks anew and give the case back to whoever had it last; where that party is gone, ask the ledger.

    The round gets its own number, so that every step of the ladder may fire again. A case that was declared void, or
    joined to another one, by mistake goes on instead: its clocks run as if nothing had been, for nothing was done. The
    caller saves `FIELDS`.
    """
    rules, last = Rulebook(), case.lead
    was_void, case.stage = case.stage == Case.Stage.VOID, Case.Stage.OPENED
    case.signed_at = case.main_case = case.hold_until = None
    custody.release(case, at=at, ending=Custody.Ending.REASSIGNED)
    stances.end([case], at=at)
    if was_void:
        clocks.resume(case, rules.calendar, at=at)
    else:
        _begin_a_round(case, rules, at)
    line = Line(CaseEvent.Kind.REOPENED, at, by, {**details, "due_at": case.resolve_due_at})
    if last is None or not last.is_working(at):
        return [line, *routing.route(case, rules, at=at)]
    case.responsibility = Case.Responsibility.HELD
    routing.assign(case, last, rules, at=at)
    return [line, Line(CaseEvent.Kind.ASSIGNED, at, details={"lead": last.code, "again": True})]


def _begin_a_round(case: Case, rules: Rulebook, at: datetime) -> None:
    case.resolved_at = case.verified_at = case.closed_at = case.contacted_at = case.rated_at = case.listed_at = None
    case.reopened_at = at
    case.cycle += 1
    case.passed_before = case.returns + case.handoffs
    clocks.restart(case, rules, at=at)

"""What every change of a case brings with it: faults that are mended go, the next look is set, the history is written.

Services change the case and say what happened; the rest follows here, so that no service can forget it.
"""

from collections.abc import Sequence, Set
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Greatest

from cases import custody, faults, findings, history, more_time, stances
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Dispute, Finding
from cases.rulebook import Rulebook
from cases.workflow import OPEN

CHECKS = ("acted_at", "checked_at", "next_check_at")


def enter(case: Case, *lines: Line, at: datetime, changed: Sequence[str] = (), rules: Rulebook | None = None) -> None:
    """Book what happened to one case and save its `changed` fields; call it inside a transaction."""
    enter_all([(case, lines)], at=at, changed=changed, rules=rules)


def enter_all(
    entries: Sequence[tuple[Case, Sequence[Line]]],
    *,
    at: datetime,
    changed: Sequence[str] = (),
    rules: Rulebook | None = None,
) -> None:
    """Do the same for many cases in as many statements as for one."""
    if not entries:
        return
    cases = [case for case, _lines in entries]
    for case, lines in entries:
        if any(_is_progress(line, case) for line in lines):
            case.acted_at = at
        # Deadlines may lie behind by now: the next sweep looks again, and finds open what is open.
        case.checked_at = None
        case.next_check_at = faults.next_check(case)
    lapsed = {case.pk: [more_time.lapse(case, at=at)] for case in cases if more_time.is_moot(case)}
    # What has no history yet had nothing wrong before.
    review = findings.review([case for case in cases if case.head_seq], at=at)
    _settle([(case, lines, review.lines.get(case.pk, ())) for case, lines in entries], at)
    booked = {case.pk: [*lines, *lapsed.get(case.pk, ()), *review.lines.get(case.pk, ())] for case, lines in entries}
    passed = [case for case in cases if faults.is_ping_pong(case) and (case.pk, _PING_PONG) not in review.open]
    if passed:
        to_and_fro = [_passed(case, at) for case in passed]
        findings.open_all(to_and_fro, rules or Rulebook(), at=at)
        for fault in to_and_fro:
            booked[fault.case.pk].append(fault.line(at))
    changed = (*changed, *CHECKS, *(["asked"] if lapsed else []))
    history.record_many([(case, booked[case.pk]) for case in cases], changed=changed)


def begin(entries: Sequence[tuple[Case, Sequence[Line]]]) -> None:
    """Insert new, numbered cases together with the first lines of their history: every row is written once."""
    for case, _lines in entries:
        case.next_check_at = faults.next_check(case)
    history.begin(entries)


def _settle(entries: Sequence[tuple[Case, Sequence[Line], Sequence[Line]]], at: datetime) -> None:
    """End what stood beside the question whose these cases are: disputes, asking parties, claims of others.

    Each case comes with what happened to it and what was cleared by that.
    """
    settled = [case for case, lines, cleared in entries if _is_settled(case, lines, cleared)]
    if settled:
        custody.dismiss_candidates(settled, at=at)
        stances.end_outvoted(settled, at=at)
    over = [case for case, _lines, cleared in entries if _mentions(cleared, {Finding.Kind.DISPUTED})]
    if over:
        Dispute.objects.open().filter(case__in=over).update(settled_at=Greatest("opened_at", Value(at)))


def _is_settled(case: Case, lines: Sequence[Line], cleared: Sequence[Line]) -> bool:
    """Say whether it is answered just now whose a case is; that it was opened for somebody answers no question."""
    if case.stage in OPEN and case.responsibility != Case.Responsibility.HELD:
        return False
    is_handed_on = case.head_seq > 0 and any(line.kind in _ANSWERS for line in lines)
    return is_handed_on or _mentions(cleared, _QUESTIONS)


def _mentions(cleared: Sequence[Line], kinds: Set[Finding.Kind]) -> bool:
    return any(line.details["finding"] in kinds for line in cleared)


def _is_progress(line: Line, case: Case) -> bool:
    """Say whether something moved the matter: the party that has it did something, or it was sent back to be done.

    What others remark does not: else a question why nothing happens would look as if something did.
    """
    by_the_lead = line.by is not None and case.lead_id is not None and line.by.party_id == case.lead_id
    return by_the_lead or line.kind in (CaseEvent.Kind.REWORKED, CaseEvent.Kind.RESUMED)


_PING_PONG = Finding.Kind.PING_PONG
_QUESTIONS = frozenset({*faults.UNOWNED, Finding.Kind.DISPUTED})
_ANSWERS = frozenset(
    {
        CaseEvent.Kind.ASSIGNED,
        CaseEvent.Kind.REASSIGNED,
        CaseEvent.Kind.RULED,
        CaseEvent.Kind.AGREED,
        CaseEvent.Kind.ESCALATED,
    }
)


def _passed(case: Case, at: datetime) -> Fault:
    return Fault(case, _PING_PONG, at, {"returns": case.returns, "handoffs": case.handoffs})

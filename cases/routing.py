"""Who gets a case: what the ledger says about its place and item decides."""

from datetime import datetime

from cases import custody, findings
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Finding
from cases.rulebook import Rulebook
from stakeholders.coverage import Answer, State
from stakeholders.ledger import answer_at
from stakeholders.models import Party

FIELDS = ("responsibility", "lead", "stage", "handoffs", "signed_at", "sign_due_at", "deadlines", "due_is_provisional")


def route(case: Case, rules: Rulebook, *, at: datetime) -> list[Line]:
    """Ask the ledger and act on its answer; the caller saves `FIELDS` and records the lines.

    clear: the lead gets the case, supporting parties are named. backstop: the party behind gets it meanwhile, and a
    finding says so. multi-head and vacuum: nobody gets it; a finding waits for the coordinator. Where place or item
    is not known yet the ledger cannot be asked: the case waits to be located.
    """
    if case.estate is None or case.need_item is None:
        case.responsibility = Case.Responsibility.UNLOCATED
        return []
    answer = answer_at(case.estate, case.building, case.need_item, at)
    parties = Party.objects.in_bulk({*answer.leads, *answer.supports, *answer.backstops})
    case.responsibility = (
        Case.Responsibility.HELD if answer.state is State.CLEAR else Case.Responsibility(answer.state.value)
    )
    holder = _holder(answer)
    lines: list[Line] = []
    if answer.state is not State.CLEAR:
        fault = Fault(case, Finding.Kind(answer.state.value), at, _evidence(answer, parties))
        lines += findings.open_all([fault], rules, at=at).values()
    if holder is not None:
        assign(case, parties[holder], rules, at=at)
        custody.support(case, [parties[each] for each in answer.supports], at=at)
        details = {"lead": parties[holder].code, "ruling": answer.ruling, "mandates": list(answer.mandates)}
        lines.append(Line(CaseEvent.Kind.ASSIGNED, at, details=details))
    return lines


def assign(case: Case, party: Party, rules: Rulebook, *, at: datetime) -> None:
    """Give the case to a party and move it to where it waits to be signed for; the caller saves `FIELDS`."""
    custody.hand_to(case, party, rules, at=at)
    case.stage = Case.Stage.DISPATCHED


def _holder(answer: Answer) -> int | None:
    """The party that gets the case: the one lead, or the one that stands behind where nobody leads."""
    candidates = answer.leads or answer.backstops
    return candidates[0] if len(candidates) == 1 else None


def _evidence(answer: Answer, parties: dict[int, Party]) -> dict[str, list[str] | list[int]]:
    return {
        "parties": [parties[each].code for each in answer.leads or answer.backstops],
        "mandates": list(answer.mandates),
    }

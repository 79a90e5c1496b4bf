"""Return a case: the party that got it says that it is not theirs."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import custody, findings, history, policies, routing
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Custody, Finding
from cases.rulebook import Rulebook
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def return_case(case: Case, *, ground: str, by: Membership, legal_basis: str = "", at: datetime | None = None) -> Case:
    """Give a case back with the ground for it; then nobody has it, and the coordinator's inbox says so.

    The deadline to resolve runs on, and the time so far stays charged to the party.
    """
    at = at or timezone.now()
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.RETURN)
    case.stage = stage_after(Stage(case.stage), Action.RETURN)
    custody.release(case, at=at, ending=Custody.Ending.RETURNED)
    case.returns += 1
    case.signed_at = None
    case.responsibility = Case.Responsibility.VACUUM
    nobody = Fault(case, Finding.Kind.VACUUM, at, {"returned_by": by.party.code})
    details = {"party": by.party.code, "ground": ground, "legal_basis": legal_basis}
    lines = [
        Line(CaseEvent.Kind.RETURNED, at, by, details),
        *findings.clear(case, findings.UNOWNED, at=at),
        *findings.open_all([nobody], Rulebook(), at=at).values(),
    ]
    history.record(case, *lines, changed=(*routing.FIELDS, "returns"))
    return case

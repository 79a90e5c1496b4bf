"""Return a case: the party that got it says that it is not theirs."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, disputes, findings, policies, routing, stances
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Custody, Finding, Stance
from cases.rulebook import Rulebook
from cases.stances import Verdict
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def return_case(case: Case, *, ground: str, by: Membership, legal_basis: str = "", at: datetime | None = None) -> Case:
    """Give a case back with the ground for it; then nobody has it, and the coordinator's inbox says so.

    Where another party says “ours” and no third one does, that one gets it. Else the second return opens a dispute: the
    first receiver goes on with the case meanwhile. The deadline to resolve runs on, and the time so far stays charged
    to the party.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.RETURN)
    stances.take(case, Stance.Says.NOT_OURS, by=by, ground=ground, legal_basis=legal_basis, at=at)
    case.stage = stage_after(Stage(case.stage), Action.RETURN)
    custody.release(case, at=at, ending=Custody.Ending.RETURNED)
    case.returns += 1
    case.signed_at = None
    details = {"party": by.party.code, "ground": ground, "legal_basis": legal_basis}
    lines = [Line(CaseEvent.Kind.RETURNED, at, by, details), *findings.clear(case, findings.UNOWNED, at=at)]
    rules = Rulebook()
    verdict, claiming = stances.hear(case, at=at)
    if verdict == Verdict.AGREED:
        lines += stances.agree(case, claiming[0], rules, at=at)
    elif disputes.is_to_be_disputed(case):
        lines += disputes.open_dispute(case, rules, at=at)
    elif verdict == Verdict.SEVERAL:
        lines += stances.found_several(case, claiming, rules, at=at)
    else:
        case.responsibility = Case.Responsibility.VACUUM
        nobody = Fault(case, Finding.Kind.VACUUM, at, {"returned_by": by.party.code})
        lines += findings.open_all([nobody], rules, at=at)
    bookkeeping.enter(case, *lines, at=at, changed=(*routing.FIELDS, "returns"), rules=rules)
    return case

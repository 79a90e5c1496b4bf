"""Say that a case is ours."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies, routing, stances
from cases.history import Line
from cases.models import Case, CaseEvent, Stance
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.eligibility import require_eligible
from stakeholders.models import Membership


@transaction.atomic
def claim_case(
    case: Case, *, by: Membership, ground: str = "", legal_basis: str = "", at: datetime | None = None
) -> Case:
    """Take the stance “ours” for the party of `by`.

    It gets the case where nobody else says so and everybody who was asked has answered; two who say so are multi-head.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.CLAIM)
    require_eligible(by.party, by=by, at=at, field="party")
    stances.take(case, Stance.Says.OURS, by=by, ground=ground, legal_basis=legal_basis, at=at)
    details = {"party": by.party.code, "ground": ground, "legal_basis": legal_basis}
    rules = Rulebook()
    lines = [Line(CaseEvent.Kind.CLAIMED, at, by, details), *stances.weigh(case, rules, at=at)]
    bookkeeping.enter(case, *lines, at=at, changed=routing.FIELDS, rules=rules)
    return case

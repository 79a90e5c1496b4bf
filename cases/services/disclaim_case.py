"""Say that a case is not ours, without having it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies, routing, stances
from cases.history import Line
from cases.models import Case, CaseEvent, Stance
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def disclaim_case(
    case: Case, *, ground: str, by: Membership, legal_basis: str = "", at: datetime | None = None
) -> Case:
    """Take the stance “not ours” for the party of `by`, with its ground.

    Where all who were asked say so, nobody answers for it; where all but one do and that one claims it, it gets the
    case. Whoever has the case returns it instead, unless it is disputed already.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.DISCLAIM)
    stances.take(case, Stance.Says.NOT_OURS, by=by, ground=ground, legal_basis=legal_basis, at=at)
    details = {"party": by.party.code, "ground": ground, "legal_basis": legal_basis}
    rules = Rulebook()
    lines = [Line(CaseEvent.Kind.DISCLAIMED, at, by, details), *stances.weigh(case, rules, at=at)]
    bookkeeping.enter(case, *lines, at=at, changed=routing.FIELDS, rules=rules)
    return case

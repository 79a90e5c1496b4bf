"""Give a case to another party."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies, routing
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.eligibility import require_eligible
from stakeholders.models import Membership, Party


@transaction.atomic
def reassign_case(
    case: Case,
    *,
    lead: Party,
    reason: str,
    by: Membership,
    supports: Sequence[Party] = (),
    at: datetime | None = None,
) -> Case:
    """Hand a case to `lead`, whoever holds it now; the deadline to resolve stays as it is.

    `supports` are named beside those that support it already. Clears the findings that said nobody, or more than one,
    had it; a dispute goes on, and only who has the case meanwhile changes. Raises ValidationError when the party has
    the case already, answers for another area or is closed down.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.REASSIGN)
    if lead.pk == case.lead_id:
        raise ValidationError({"lead": ValidationError(_("This party has the case already."), code="unchanged")})
    require_eligible(lead, by=by, at=at, field="lead")
    for party in supports:
        require_eligible(party, by=by, at=at, field="supports")
    supports = [party for party in dict.fromkeys(supports) if party != lead]
    details: dict[str, Any] = {"previous": case.lead.code if case.lead else None, "lead": lead.code, "reason": reason}
    if supports:
        details["supports"] = [party.code for party in supports]
    rules = Rulebook()
    routing.assign(case, lead, rules, at=at)
    custody.support(case, supports, at=at)
    if case.responsibility != Case.Responsibility.DISPUTED:
        case.responsibility = Case.Responsibility.HELD
    line = Line(CaseEvent.Kind.REASSIGNED, at, by, details)
    bookkeeping.enter(case, line, at=at, changed=routing.FIELDS, rules=rules)
    return case

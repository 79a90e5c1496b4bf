"""Give a case to another party."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import custody, findings, history, policies, routing
from cases.findings import UNOWNED
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.eligibility import require_eligible
from stakeholders.models import Membership, Party


@transaction.atomic
def reassign_case(case: Case, *, lead: Party, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Hand a case to `lead`, whoever holds it now; the deadline to resolve stays as it is.

    Clears the findings that said nobody, or more than one, had it. Raises ValidationError when the party has the
    case already, answers for another area or is closed down.
    """
    at = at or timezone.now()
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.REASSIGN)
    if lead.pk == case.lead_id:
        raise ValidationError({"lead": ValidationError(_("This party has the case already."), code="unchanged")})
    require_eligible(lead, by=by, at=at, field="lead")
    previous = case.lead
    routing.assign(case, lead, Rulebook(), at=at)
    case.responsibility = Case.Responsibility.HELD
    details = {"previous": previous.code if previous else None, "lead": lead.code, "reason": reason}
    lines = [Line(CaseEvent.Kind.REASSIGNED, at, by, details), *findings.clear(case, UNOWNED, at=at)]
    history.record(case, *lines, changed=routing.FIELDS)
    return case

"""Look up who reported a case."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import custody, history, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from stakeholders.models import Membership
from stakeholders.policies import require


@transaction.atomic
def reveal_reporter(case: Case, *, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Write down who looks, and why, and return the case with its reporter; the history holds no personal data.

    Raises ValidationError when the reporter left neither name nor phone.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    require(policies.can_reveal(by, case))
    if not case.has_reporter:
        raise ValidationError(_("The reporter left neither name nor phone."), code="nothing")
    history.record(case, Line(CaseEvent.Kind.REVEALED, at, by, {"reason": reason}))
    return case

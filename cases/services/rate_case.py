"""Take down what the reporter says about the result."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent, Rating
from cases.reopening import FIELDS, reopen
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def rate_case(  # noqa: PLR0913 -- each is one of the reporter's answers
    case: Case,
    *,
    by: Membership,
    contacted: bool | None = None,
    solved: bool | None = None,
    satisfied: bool | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Case:
    """Note the answers of the follow-up (回访), once in each round: contacted? solved? satisfied? None is no answer.

    “Not solved” reopens the case. `reason` is a remark. Raises ValidationError where nothing was answered.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.RATE)
    answers = {"contacted": contacted, "solved": solved, "satisfied": satisfied}
    if all(answer is None for answer in answers.values()):
        raise ValidationError({"solved": _("Note at least one answer.")})
    Rating.objects.create(case=case, cycle=case.cycle, lead=case.lead, by=by, at=at, **answers)
    case.rated_at = at
    lines = [Line(CaseEvent.Kind.RATED, at, by, answers | ({"reason": reason} if reason else {}))]
    if solved is False:
        lines += reopen(case, by=None, details={"rated": True}, at=at)
    bookkeeping.enter(case, *lines, at=at, changed=FIELDS)
    return case

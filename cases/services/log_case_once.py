"""Log a case from a form that may be sent twice: by a double click, a weak network, the way back in the browser."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.models import Case, Submission
from cases.services.log_case import log_case
from cases.services.log_duplicate import log_duplicate
from stakeholders.models import Membership


def log_case_once(*, token: UUID, by: Membership, main_case: Case | None = None, **report: Any) -> tuple[Case, bool]:
    """Return the case that the form with this token made, and whether it was made just now.

    With `main_case` the report is one more voice about that one.

    Of two who send the same form at once the constraint lets one through; the other gets that one's case.
    """
    if case := _made_before(token, by):
        return case, False
    try:
        with transaction.atomic():
            case = log_duplicate(main_case=main_case, by=by, **report) if main_case else log_case(by=by, **report)
            Submission.objects.create(token=token, membership=by, case=case)
    except IntegrityError:
        if case := _made_before(token, by):
            return case, False
        raise
    return case, True


def _made_before(token: UUID, by: Membership) -> Case | None:
    sent = Submission.objects.filter(token=token, membership=by).select_related("case__lead", "case__main_case").first()
    return sent.case if sent else None

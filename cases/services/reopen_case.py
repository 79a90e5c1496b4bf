"""Reopen a case that has ended."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.reopening import FIELDS, reopen
from cases.workflow import Action
from stakeholders.models import Membership


@transaction.atomic
def reopen_case(case: Case, *, reason: str, by: Membership, at: datetime | None = None) -> Case:
    """Begin a new round: the clocks start anew, and the party that had the case last has it again, to sign for.

    A case that was void, or joined to another one, is a case of its own again, and its clocks run on.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.REOPEN)
    main = case.main_case
    lines = reopen(case, by=by, details={"reason": reason}, at=at)
    bookkeeping.enter(case, *lines, at=at, changed=FIELDS)
    if main is not None:
        main = Case.objects.select_for_update(of=("self",)).get(pk=main.pk)
        taken_out = Line(CaseEvent.Kind.DUPLICATE, at, by, {"duplicate": case.number, "taken_out": True})
        bookkeeping.enter(main, taken_out, at=at)
    return case

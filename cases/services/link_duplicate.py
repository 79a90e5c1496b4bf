"""Join a case to the one that is about the same matter."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies, timers
from cases.history import Line
from cases.models import Case, CaseEvent, Custody
from cases.workflow import Action, Stage, stage_after
from stakeholders.models import Membership


@transaction.atomic
def link_duplicate(
    case: Case, *, main_case: Case, by: Membership, reason: str = "", at: datetime | None = None
) -> Case:
    """End `case` as a duplicate of `main_case`: whoever reported it hears the outcome of that one (重复件).

    Duplicates of the case go along, so that there is one main case and never a chain. Raises ValidationError for a
    main case that is this one, a duplicate itself, void, or out of sight.
    """
    at = at or timezone.now()
    # Both are locked in the order of their ids, as every service that takes several does.
    pair = Case.objects.visible_to(by).filter(pk__in=(case.pk, main_case.pk)).order_by("pk")
    list(pair.select_for_update(of=("self",)).values_list("pk"))
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.LINK_DUPLICATE)
    main = Case.objects.visible_to(by).filter(pk=main_case.pk).first()
    problem = _problem(case, main)
    if main is None or problem:
        raise ValidationError({"main_case": problem})
    joined = list(Case.objects.filter(main_case=case).select_for_update(of=("self",)).order_by("pk"))
    case.stage = stage_after(Stage(case.stage), Action.LINK_DUPLICATE)
    case.main_case = main
    custody.end(case, at=at, ending=Custody.Ending.MERGED)
    details = {"main_case": main.number} | ({"reason": reason} if reason else {})
    for each in joined:
        each.main_case = main
    stopped = timers.stop_all(case, by=by, at=at)
    ended = [(case, [Line(CaseEvent.Kind.LINKED, at, by, details), *stopped])]
    ended += [(each, [Line(CaseEvent.Kind.LINKED, at, by, details)]) for each in joined]
    bookkeeping.enter_all(ended, at=at, changed=("stage", "main_case", *timers.FIELDS))
    told = [Line(CaseEvent.Kind.DUPLICATE, at, by, {"duplicate": each.number}) for each in (case, *joined)]
    bookkeeping.enter(main, *told, at=at)
    return case


def _problem(case: Case, main: Case | None) -> str:
    if main is None:
        return _("You see no such case.")
    if main.pk == case.pk:
        return _("A case is not a duplicate of itself.")
    if main.main_case_id is not None:
        return _("That case is a duplicate itself; name its main case.")
    if main.stage == Case.Stage.VOID:
        return _("That case is void.")
    if main.stage == Case.Stage.CLOSED:
        return _("That case is closed. Reopen it first, if it is not solved after all.")
    return ""

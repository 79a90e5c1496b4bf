"""Logging a case."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import policies
from cases.foresight import Foresight, foresee
from cases.forms.log import ItemChoice, LogForm
from cases.models import Case
from cases.services.log_case_once import log_case_once
from stakeholders.models import Membership
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required

PREVIEW = "preview"  # only say what would become of it


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def log(request: MemberRequest) -> HttpResponse:
    """Ask for a case, log it, and say who has it now; a form that was sent before leads to the case it made.

    What is only previewed is shown as it was typed, with what would become of it, and nothing is complained of yet.
    """
    by = request.membership
    require(policies.can_log(by))
    if request.method != "POST":
        return render(request, "cases/new.html", {"form": LogForm(by=by)})
    form = LogForm(request.POST, request.FILES, by=by)
    if PREVIEW in request.POST:
        shown = form.unsent()
        return render(request, "cases/new.html", {"form": shown, "foresight": _foresight(form, shown.chosen_item, by)})
    if form.submit(log_case_once, by=by):
        case, is_new = form.result
        is_well = is_new and case.responsibility == Case.Responsibility.HELD
        tell = messages.success if is_well or case.main_case else messages.warning
        tell(request, _where_it_went(case) if is_new else _sent_before(case))
        return redirect(case.main_case or case)
    return render(request, "cases/new.html", {"form": form}, status=422)


def _foresight(form: LogForm, hit: ItemChoice | None, by: Membership) -> Foresight | None:
    """What would become of what is typed, as soon as it has a place and says anything."""
    form.full_clean()
    typed: dict[str, Any] = form.cleaned_data
    need_item = hit.item if hit else typed.get("need_item")
    if not typed.get("estate") or not (need_item or typed.get("title")):
        return None
    return foresee(
        estate=typed["estate"],
        building=typed["building"],
        need_item=need_item,
        urgency=typed.get("urgency", ""),
        title=typed.get("title", ""),
        by=by,
    )


def _sent_before(case: Case) -> str:
    return _("This form was sent before; this is the case it made, %(number)s. To log another, open a new form.") % {
        "number": case.number
    }


def _where_it_went(case: Case) -> str:
    if case.main_case:
        words = _("Logged as %(number)s, one more voice about this case. Whoever reported it hears how it ends.")
        return words % {"number": case.number}
    match case.responsibility:
        case Case.Responsibility.HELD:
            words = _("Logged as %(number)s. It went to %(lead)s.")
        case Case.Responsibility.BACKSTOP if case.lead:
            words = _("Logged as %(number)s. Nobody leads for this here; %(lead)s has it for now.")
        case Case.Responsibility.MULTI_HEAD:
            words = _("Logged as %(number)s. Several parties lead for this here; the coordinator has been told.")
        case Case.Responsibility.UNLOCATED:
            words = _("Logged as %(number)s. The coordinator will say what it is about.")
        case Case.Responsibility():
            words = _("Logged as %(number)s. Nobody answers for this here; the coordinator has been told.")
    return words % {"number": case.number, "lead": case.lead}

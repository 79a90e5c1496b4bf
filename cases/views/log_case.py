"""Logging a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import policies
from cases.forms.log import LogForm
from cases.models import Case
from cases.services.log_case_once import log_case_once
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def log(request: MemberRequest) -> HttpResponse:
    """Ask for a case, log it, and say who has it now; a form that was sent before leads to the case it made."""
    require(policies.can_log(request.membership))
    form = LogForm(request.POST if request.method == "POST" else None, by=request.membership)
    if form.submit(log_case_once, by=request.membership):
        case, is_new = form.result
        is_well = is_new and case.responsibility == Case.Responsibility.HELD
        tell = messages.success if is_well else messages.warning
        tell(request, _where_it_went(case) if is_new else _sent_before(case))
        return redirect(case)
    return render(request, "cases/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _sent_before(case: Case) -> str:
    return _("This form was sent before; this is the case it made, %(number)s. To log another, open a new form.") % {
        "number": case.number
    }


def _where_it_went(case: Case) -> str:
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

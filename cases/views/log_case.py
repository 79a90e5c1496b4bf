"""Logging a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import policies
from cases.forms.log import LogForm
from cases.models import Case
from cases.services.log_case import log_case
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def log(request: MemberRequest) -> HttpResponse:
    """Ask for a case, log it, and say who has it now."""
    require(policies.can_log(request.membership))
    form = LogForm(request.POST if request.method == "POST" else None, by=request.membership)
    if form.submit(log_case, by=request.membership):
        tell = messages.success if form.result.responsibility == Case.Responsibility.HELD else messages.warning
        tell(request, _where_it_went(form.result))
        return redirect(form.result)
    return render(request, "cases/new.html", {"form": form}, status=422 if form.is_bound else 200)


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

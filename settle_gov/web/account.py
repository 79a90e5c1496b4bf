"""Who I am: my memberships, and for which of them I act."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.notices import NoticesForm
from cases.models import Mail
from cases.policies import can_see_rules, can_watch_jobs
from cases.services.set_notices import set_notices
from settle_gov.web.door import SECOND_STEP
from settle_gov.web.membership import SESSION_KEY, MemberRequest
from stakeholders.views import member
from stakeholders.views.member import member_required

MOST_EVENTS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def me(request: member.MemberRequest) -> HttpResponse:
    """What a wide screen keeps in its menu, and how I want to be told."""
    form = NoticesForm(request.POST if request.method == "POST" else None, by=request.membership)
    if form.submit(set_notices, by=request.membership):
        messages.success(request, _("Saved."))
        return redirect("me")
    last_mail = Mail.objects.filter(recipient=request.membership).first()
    context = {
        "form": form,
        "failed": last_mail if last_mail and last_mail.has_failed else None,
        "sees_rules": can_see_rules(request.membership),
        "can_watch_jobs": can_watch_jobs(request.membership),
        "has_second_step": request.session.get(SECOND_STEP, False),
        "events": request.user.account_events.all()[:MOST_EVENTS],
        "most_events": MOST_EVENTS,
    }
    return render(request, "me.html", context, status=422 if form.is_bound else 200)


@require_POST
def act_for(request: MemberRequest) -> HttpResponse:
    """Act as another of my memberships until I sign out; a number that is not mine changes nothing."""
    chosen = request.POST.get("membership", "")
    if chosen in {str(membership.pk) for membership in request.memberships}:
        request.session[SESSION_KEY] = int(chosen)
    return redirect("home")

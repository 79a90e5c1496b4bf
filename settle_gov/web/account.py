"""Who I am: my memberships, and for which of them I act."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from settle_gov.web.membership import SESSION_KEY, MemberRequest
from stakeholders.views import member
from stakeholders.views.member import member_required


@require_safe
@member_required
def me(request: member.MemberRequest) -> HttpResponse:
    """On a phone, the page behind the last entry of the bar at the foot: what a wide screen keeps in its menu."""
    return render(request, "me.html")


@require_POST
def act_for(request: MemberRequest) -> HttpResponse:
    """Act as another of my memberships until I sign out; a number that is not mine changes nothing."""
    chosen = request.POST.get("membership", "")
    if chosen in {str(membership.pk) for membership in request.memberships}:
        request.session[SESSION_KEY] = int(chosen)
    return redirect("home")

"""The start: each role has a place where the day begins."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from settle_gov.web import navigation
from stakeholders.models import Membership


def home(request: HttpRequest) -> HttpResponse:
    """Go to the inbox, the desk or the list of cases; who acts for nobody but keeps the system, to its admin."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is not None:
        return redirect(navigation.start(membership).url)
    if getattr(request.user, "is_staff", False):
        return redirect("admin:index")
    raise PermissionDenied

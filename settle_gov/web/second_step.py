"""Who has to sign in in two steps here, and has not turned the second one on yet."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from settle_gov.web.door import SECOND_STEP
from stakeholders.models import Membership
from stakeholders.roles import Role

OPEN = {"two-factor", "two-factor-on", "sign-out", "set_language", "theme"}
ROLES = {Role.ADMINISTRATOR, Role.COORDINATOR}


def is_required(request: HttpRequest) -> bool:
    """Whether the office wants a second step of this person, in whichever capacity they act now."""
    if not settings.TWO_FACTOR_REQUIRED or not request.user.is_authenticated:
        return False
    memberships: list[Membership] = getattr(request, "memberships", [])
    return request.user.is_staff or any(each.role in ROLES for each in memberships)


def is_missing(request: HttpRequest) -> bool:
    """Whether it is wanted, and this session was begun without."""
    return is_required(request) and not request.session.get(SECOND_STEP, False)


class SecondStepMiddleware:
    """Lead to turning it on, and nowhere else. The API says so itself; tokens need no second step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Stand aside."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Look where the request goes."""
        is_api = hasattr(view, "cls")  # what Django REST framework makes of its views
        is_open = request.resolver_match is not None and request.resolver_match.view_name in OPEN
        return redirect("two-factor") if is_missing(request) and not (is_api or is_open) else None

"""In which capacity the signed-in user acts: every page and service works for one membership."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stakeholders.models import Membership
from stakeholders.views import member

SESSION_KEY = "membership"


class MemberRequest(member.MemberRequest):
    """A request of a member, with all that the person may act for."""

    memberships: list[Membership]


class MembershipMiddleware:
    """Set `request.membership` to the one chosen in this session, else to the first; None for who has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look the memberships up once a request, in one query."""
        memberships = _memberships(request)
        vars(request).update(memberships=memberships, membership=_chosen(request, memberships))
        return self.get_response(request)


def _memberships(request: HttpRequest) -> list[Membership]:
    if not request.user.is_authenticated:
        return []
    current = Membership.objects.current().filter(user=request.user)
    return list(current.select_related("user", "party", "area", "grid"))


def _chosen(request: HttpRequest, memberships: list[Membership]) -> Membership | None:
    chosen = request.session.get(SESSION_KEY) if memberships else None
    return next((each for each in memberships if each.pk == chosen), memberships[0] if memberships else None)

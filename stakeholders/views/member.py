"""Pages are for members: whoever is signed in acts for a party, or is told that there is nothing to act for."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from stakeholders.models import Membership, User

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in and acts as a membership."""

    user: User
    membership: Membership


def member_required(
    view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only those in who act for a party; the others get 403 and are told whom to ask."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "membership", None) is None:
            raise PermissionDenied(_("You act for no party yet. Ask the administrator of your town to add you to one."))
        return view(cast(MemberRequest, request), *args, **kwargs)

    return checked

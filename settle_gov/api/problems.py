"""Everything that goes wrong, as RFC 9457 `application/problem+json` in the language of the client."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.exceptions import APIException
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response

from cases.policies import NotNowError
from settle_gov.races import is_lock_conflict, is_lost_race
from stakeholders.api.refusals import details_of, flattened

TITLES: dict[int, str | Promise] = {
    400: gettext_lazy("Bad request"),
    401: gettext_lazy("Not signed in"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("Not acceptable"),
    409: gettext_lazy("Conflict"),
    412: gettext_lazy("Changed meanwhile"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Unsupported media type"),
    429: gettext_lazy("Too many requests"),
}


_NOT_SEEN = gettext_lazy("This is not for your role.")
_NOT_DONE = gettext_lazy("You may see this, but not do this.")


class Conflict(APIException):
    """What the client wants does not go together with how things stand now."""

    status_code = 409
    default_code = "conflict"


def problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an error; None for what only a fault of ours can cause, which is then logged and answered with 500."""
    known = _known(error, is_reading=context["request"].method in SAFE_METHODS)
    if known is None:
        return None
    errors = list(flattened(known.detail)) if _names_fields(known) else []
    members: dict[str, Any] = {
        "type": "about:blank",  # the status says it all; `code` tells cases of one status apart
        "title": TITLES[known.status_code],
        "status": known.status_code,
        "code": _code(known),
        "detail": _("Some of it is not right; see “errors”.") if errors else known.detail,
        "instance": context["request"].path,
    }
    if errors or known.status_code == 400:
        members["errors"] = errors
    if isinstance(error, NotNowError):
        members["allowed_actions"] = error.allowed
    return Response(members, known.status_code, headers=_headers(known), content_type="application/problem+json")


def _known(error: Exception, *, is_reading: bool) -> APIException | None:
    """The error in the words of the API."""
    match error:
        case APIException():
            return error
        case NotNowError():
            return Conflict(" ".join(error.messages), code="stage")
        case ValidationError():
            return exceptions.ValidationError(details_of(error))
        case PermissionDenied():
            return exceptions.PermissionDenied(str(error) or (_NOT_SEEN if is_reading else _NOT_DONE))
        case Http404():
            return exceptions.NotFound(_("The address may be wrong, or what it names lies outside your area."))
    return _conflict(error)


def _conflict(error: Exception) -> APIException | None:
    """What the database refused because of somebody else."""
    if isinstance(error, IntegrityError) and is_lost_race(error):
        return Conflict(_("Somebody else has just written the same. Read it again before you go on."), code="taken")
    if isinstance(error, OperationalError) and is_lock_conflict(error):
        return Conflict(_("Somebody else is changing the same just now. Try again in a moment."), code="locked")
    return None


def _code(error: APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _names_fields(error: APIException) -> bool:
    """Whether it is about what was sent; a body that is too large may have one field that is."""
    return error.status_code == 400 or isinstance(error.detail, dict)


def _headers(error: APIException) -> dict[str, str]:
    """What goes with some answers; `auth_header` is set by the framework."""
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if error.status_code == 429 and (wait := getattr(error, "wait", None)):
        headers["Retry-After"] = str(wait)
    if _code(error) in {"locked", "key_in_use"}:
        headers["Retry-After"] = "1"
    return headers

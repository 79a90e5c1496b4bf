"""What Django answers when no view could: a problem to programs, a page to people."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from settle_gov.web import errors


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what does not even reach a view, such as a host that is not ours."""
    if _is_for_programs(request):
        return _problem(request, HTTPStatus.BAD_REQUEST, _("Bad request"), _("The request cannot be read."))
    return errors.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a fault of ours; it stands in the log."""
    if _is_for_programs(request):
        detail = _("A fault on our side; nothing was saved. Try again later.")
        return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, _("Server error"), detail)
    return defaults.server_error(request)


def _is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/open311/"))


def _problem(request: HttpRequest, status: HTTPStatus, title: str, detail: str) -> HttpResponse:
    members = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": "error",
        "detail": detail,
        "instance": request.path,
    }
    if status == HTTPStatus.BAD_REQUEST:
        members["errors"] = [{"name": "", "code": "error", "reason": detail}]
    return JsonResponse(members, status=status, content_type="application/problem+json")

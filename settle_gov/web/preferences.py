"""Light or dark, and whether letters are keys: kept on the device in cookies, for it belongs to screen and keyboard."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from settle_gov.web.return_to import return_to

COOKIE = "theme"
THEMES = ("light", "dark")
AS_THE_DEVICE = "auto"
KEYS_COOKIE = "keys"
OFF = "off"
YEAR = 365 * 24 * 3600


def chosen_theme(request: HttpRequest) -> str:
    """The theme chosen on this device, or nothing."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else ""


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice, or forget it for `auto`, and go back."""
    theme = request.POST.get("theme", "")
    if theme not in (*THEMES, AS_THE_DEVICE):
        return HttpResponseBadRequest()
    return _keep(request, COOKIE, "" if theme == AS_THE_DEVICE else theme)


def has_keys(request: HttpRequest) -> bool:
    """Whether single letters do something on this device (WCAG 2.1.4); they do unless somebody said no."""
    return request.COOKIES.get(KEYS_COOKIE) != OFF


@require_POST
def choose_keys(request: HttpRequest) -> HttpResponse:
    """Switch them off or on, and go back."""
    keys = request.POST.get("keys", "")
    if keys not in ("on", OFF):
        return HttpResponseBadRequest()
    return _keep(request, KEYS_COOKIE, OFF if keys == OFF else "")


def _keep(request: HttpRequest, cookie: str, choice: str) -> HttpResponse:
    """Keep a choice, or forget it where it is that of everybody."""
    response = redirect(return_to(request))
    if choice:
        response.set_cookie(cookie, choice, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    else:
        response.delete_cookie(cookie, samesite="Lax")
    return response

"""Light or dark: kept on the device in a cookie, because it belongs to the screen and not to the person."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from settle_gov.web.return_to import return_to

COOKIE = "theme"
THEMES = ("light", "dark")
AS_THE_DEVICE = "auto"
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
    response = redirect(return_to(request))
    if theme == AS_THE_DEVICE:
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(COOKIE, theme, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response

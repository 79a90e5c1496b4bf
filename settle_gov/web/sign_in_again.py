"""Pages are for who is signed in; whoever is not any more signs in again and goes on."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from settle_gov.web.return_to import page_of_ours

READS = ("GET", "HEAD", "OPTIONS")


class SignInAgainMiddleware(LoginRequiredMiddleware):
    """Lead back to the page that was asked for, or to the one with the form that was sent."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """An address that only takes forms would not open after signing in, so their page does.

        The form itself is kept by the browser: what was typed is none of ours before somebody has signed in for it.
        """
        if request.method in READS:
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request,
            _("Your session had ended. What you typed is not lost: once signed in, go back twice in the browser."),
        )
        came_from = urlsplit(page_of_ours(request, request.headers.get("Referer", "")))
        page = came_from.path and came_from._replace(scheme="", netloc="", fragment="").geturl()
        return redirect_to_login(page or resolve_url("home"))

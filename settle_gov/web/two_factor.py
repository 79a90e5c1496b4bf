"""The second step of signing in: turned on, its recovery codes, turned off."""

from base64 import b64encode
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from settle_gov.web.door import SECOND_STEP
from settle_gov.web.second_step import is_missing, is_required
from stakeholders.models import User
from stakeholders.service_form import ServiceForm
from stakeholders.services.draw_recovery_codes import draw_recovery_codes
from stakeholders.services.give_up_two_factor import give_up_two_factor
from stakeholders.services.turn_on_two_factor import turn_on_two_factor
from stakeholders.views.client_address import address_of

SECRET = "two_factor_secret"  # noqa: S105 -- where in the session it waits until a phone has it


class AccountRequest(HttpRequest):
    """A request of somebody who is signed in, with or without a membership."""

    user: User


class PasswordForm(ServiceForm):
    """The password once more, because a screen may have been left."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    use_required_attribute = False


class TurnOnForm(PasswordForm):
    """The first code, which shows that the phone has the secret."""

    code = forms.CharField(
        label=gettext_lazy("Code that the app shows"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    field_order = ["code", "password"]


@never_cache
@require_safe
def two_factor(request: AccountRequest) -> HttpResponse:
    """How things stand; who has not turned it on does so here."""
    mine = {each.type: each for each in Authenticator.objects.filter(user=request.user)}
    if Authenticator.Type.TOTP not in mine:
        return _offer(request, TurnOnForm())
    codes = mine.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "since": mine[Authenticator.Type.TOTP].created_at,
        "left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "is_required": is_required(request),
        "is_missing": is_missing(request),
    }
    return render(request, "two_factor.html", context)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def turn_on(request: AccountRequest) -> HttpResponse:
    """Turn it on; the recovery codes are on the answer to the form, and never again."""
    secret = request.session.get(SECRET)
    if request.method != "POST" or secret is None:
        return redirect("two-factor")
    form = TurnOnForm(request.POST)
    if not form.submit(turn_on_two_factor, request.user, secret=secret, address=address_of(request)):
        return _offer(request, form)
    del request.session[SECRET]
    request.session[SECOND_STEP] = True
    return _show_codes(request, form, _("From now on signing in takes a code from your phone besides the password."))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def draw_codes(request: AccountRequest) -> HttpResponse:
    """Ten new recovery codes in the place of the old ones."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.submit(draw_recovery_codes, request.user, address=address_of(request)):
        return _show_codes(request, form, _("The codes you had before hold no more."))
    return _ask(request, "two_factor_codes.html", form)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: AccountRequest) -> HttpResponse:
    """Turn it off, where the office leaves that to its people."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    required = is_required(request)
    if form.submit(give_up_two_factor, request.user, is_required=required, address=address_of(request)):
        request.session.pop(SECOND_STEP, None)
        messages.success(request, _("From now on your password alone will do."))
        return redirect("two-factor")
    return _ask(request, "two_factor_off.html", form)


def _offer(request: AccountRequest, form: TurnOnForm) -> HttpResponse:
    """The secret stays the same until a phone has it, so that a second look does not make the first one worthless."""
    secret = request.session.setdefault(SECRET, generate_totp_secret())
    adapter = get_adapter()
    link = adapter.build_totp_url(request.user, secret)
    picture = adapter.build_totp_svg(link)
    context = {
        "form": form,
        "link": link,
        "is_missing": is_missing(request),
        "picture": f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}",
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    }
    return render(request, "two_factor_on.html", context, status=422 if form.is_bound else 200)


def _show_codes(request: AccountRequest, form: ServiceForm, done: str) -> HttpResponse:
    return render(request, "recovery_codes.html", {"codes": form.result, "done": done})


def _ask(request: AccountRequest, template: str, form: PasswordForm) -> HttpResponse:
    context: dict[str, Any] = {"form": form}
    return render(request, template, context, status=422 if form.is_bound else 200)

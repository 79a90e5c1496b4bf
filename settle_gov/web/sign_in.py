"""Signing in, by the password and where it is turned on by a code besides, and out."""

from typing import Any, cast

from allauth.account.utils import perform_login
from allauth.core import context as current
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from settle_gov.web import door
from settle_gov.web.return_to import page_of_ours
from stakeholders.models import AccountEvent
from stakeholders.services.give_try_back import give_try_back
from stakeholders.services.refuse_sign_in import refuse_sign_in
from stakeholders.services.take_sign_in_try import take_sign_in_try
from stakeholders.services.use_code import use_code
from stakeholders.views.client_address import address_of


class SignInForm(AuthenticationForm):
    """Name and password, with messages that say what to do. Each try is counted before anybody looks at it."""

    request: HttpRequest
    error_messages = {
        "invalid_login": _("Account or password is wrong. Passwords tell capital letters from small ones."),
        "inactive": _("This account is closed. Your administrator can open it again."),
    }

    def clean(self) -> dict[str, Any]:
        """Refuse who has tried too often, whatever is typed now."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return self.cleaned_data
        tries = take_sign_in_try(name, address=address_of(self.request))
        try:
            cleaned = super().clean()
        except ValidationError:
            refuse_sign_in(tries, how=AccountEvent.How.PASSWORD)
            raise
        give_try_back(tries)
        return cleaned


class SignIn(LoginView):
    """The door. Who is in already goes on; who has turned the second step on is asked for it before."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> TemplateResponse:
        """What is said here to who was sent away in the middle of something is said again where they come back to."""
        response = cast(TemplateResponse, super().render_to_response(context, **response_kwargs))
        response.add_post_render_callback(lambda _response: setattr(get_messages(self.request), "used", False))
        return response

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Hand over to allauth, which knows who is to be asked for more."""
        response: HttpResponse = perform_login(self.request, form.get_user(), redirect_url=self.get_success_url())
        return response


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code of the second step, counted like passwords."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from the app on your phone, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        """Keep what the code was of; refuse a wrong one, and who has tried too often."""
        tries = take_sign_in_try(self.user.username, address=address_of(current.request))
        code: str = self.cleaned_data["code"]
        self.authenticator: Authenticator | None = use_code(self.user, code)
        if self.authenticator is None:
            refuse_sign_in(tries, how=AccountEvent.How.CODE)
            raise ValidationError(_("This code is wrong, or was used already. Wait for the next one."))
        return code


class SecondStep(AuthenticateView):  # type: ignore[misc]  # allauth has no types
    """The code after the password; within a quarter of an hour, or one begins again."""

    template_name = "second_step.html"
    form_class = CodeForm


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave by the door."""
    door.leave(request)
    return redirect("sign-in")


@login_not_required
def admin_door(request: HttpRequest) -> HttpResponse:
    """The administration has no door of its own; who is in already and comes here may not go there."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(page_of_ours(request, request.GET.get("next", "")) or "/admin/")

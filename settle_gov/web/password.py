"""My password."""

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from settle_gov.web.two_factor import AccountRequest
from stakeholders.service_form import ServiceForm
from stakeholders.services.change_password import change_password
from stakeholders.views.client_address import address_of


class ChangePasswordForm(ServiceForm):
    """The old one, and the new one twice."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The new one again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    use_required_attribute = False


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: AccountRequest) -> HttpResponse:
    """Change it, and stay signed in here alone."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if form.submit(change_password, request.user, address=address_of(request)):
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. Wherever else you were signed in, you are out now."))
        return redirect("me" if getattr(request, "membership", None) else "home")
    context = {"form": form, "rules": password_validators_help_texts()}
    return render(request, "password.html", context, status=422 if form.is_bound else 200)

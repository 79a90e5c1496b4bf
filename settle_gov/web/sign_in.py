"""Signing in."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password, with messages that say what to do."""

    error_messages = {
        "invalid_login": _("Account or password is wrong. Passwords tell capital letters from small ones."),
        "inactive": _("This account is closed. Your administrator can open it again."),
    }


class SignIn(LoginView):
    """The door. Who is in already goes on."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

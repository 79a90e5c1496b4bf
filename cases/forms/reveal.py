"""What is asked of who looks up a reporter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stakeholders.service_form import ServiceForm


class RevealForm(ServiceForm):
    """Nothing but the reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It stands in the history with your name, and everybody who sees the case can read it."),
        error_messages={"required": _("Say why you need to know.")},
    )

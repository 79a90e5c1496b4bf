"""What is asked of who says how to be told."""

from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.models import CaseEvent, NoticeSettings
from cases.services.set_notices import mutable
from stakeholders.models import Membership, User
from stakeholders.service_form import ServiceForm


class NoticesForm(ServiceForm):
    """Address, when to be mailed, and of what not to hear."""

    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=User._meta.get_field("email").max_length,
        help_text=_("Without one you are told on this site alone."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    mail = forms.ChoiceField(
        label=_("Mail"),
        choices=[(value, capfirst(label)) for value, label in NoticeSettings.Mail.choices],
        help_text=_("What concerns urgent cases comes at once in any case, but with “no mail”."),
    )
    quiet = forms.BooleanField(label=_("Only in business hours, but for urgent cases"), required=False)
    muted = forms.MultipleChoiceField(
        label=_("I do not want to hear that a case was"), required=False, widget=forms.CheckboxSelectMultiple
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, by: Membership) -> None:
        now = NoticeSettings.of(by)
        kept = {"email": by.user.email, "mail": now.mail, "quiet": now.quiet, "muted": now.muted}
        super().__init__(data, initial=kept)
        labels = [(kind, CaseEvent.Kind(kind).label) for kind in mutable()]
        cast(forms.MultipleChoiceField, self.fields["muted"]).choices = labels

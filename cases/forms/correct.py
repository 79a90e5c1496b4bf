"""What is asked of who puts right what was reported."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.actions import ActionForm, text
from cases.models import Case
from cases.models.case import DESCRIPTION_LIMIT
from stakeholders.models import Membership
from stakeholders.models.need import Urgency

SHOWN = ("title", "urgency", "description", "location_note", "external_id", "reporter_is_anonymous")
UNSEEN = ("reporter_name", "reporter_phone")
STAYS = _("Leave it empty if it stays as it is.")


class CorrectForm(ActionForm):
    """Shows what is there, but for the reporter, whom nobody sees without that being noted: left empty, it stays."""

    title = forms.CharField(
        label=_("In one sentence"),
        max_length=120,
        error_messages={"required": _("Say in one sentence what is wrong.")},
    )
    urgency = forms.ChoiceField(label=_("How urgent"), choices=Urgency.choices, widget=forms.RadioSelect)
    description = forms.CharField(
        label=_("More about it"), required=False, max_length=DESCRIPTION_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )
    location_note = forms.CharField(label=_("Where exactly"), required=False, max_length=200)
    external_id = forms.CharField(label=_("Number elsewhere"), required=False, max_length=64)
    reporter_name = forms.CharField(label=_("Reporter"), help_text=STAYS, required=False, max_length=40)
    reporter_phone = forms.CharField(
        label=_("Phone"),
        help_text=STAYS,
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    reporter_is_anonymous = forms.BooleanField(
        label=_("Does not want to be named; name and phone are not kept"), required=False
    )
    reason = text(_("Remark"))

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        self.initial.update({name: getattr(case, name) for name in SHOWN})

    def clean(self) -> dict[str, Any]:
        """Leave out what stays. A browser sends the ends of lines in its own way, which corrects nothing."""
        given = self.cleaned_data
        if given.get("description", "").splitlines() == self.initial["description"].splitlines():
            given.pop("description", None)
        return {name: value for name, value in given.items() if value or name not in UNSEEN}

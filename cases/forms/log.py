"""What is asked of who logs a case."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import ItemField, PlaceField, split_place
from cases.forms.moment import MomentField
from cases.models import Case
from cases.models.case import DESCRIPTION_LIMIT
from stakeholders.models import Membership
from stakeholders.models.need import Urgency
from stakeholders.service_form import ServiceForm

BY_ITEM = ("", _("By item"))


class LogForm(ServiceForm):
    """Where, what, how urgent; everything else can be left empty."""

    # Drawn for each rendering: the same form sent twice makes one case.
    token = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={each: _("This form has grown old") for each in ("required", "invalid")},
    )
    place = PlaceField(label=_("Where"), error_messages={"required": _("Choose where it is.")})
    need_item = ItemField(label=_("What it is about"), required=False, unsure=_("Not sure: the coordinator will say"))
    title = forms.CharField(
        label=_("In one sentence"),
        max_length=120,
        error_messages={"required": _("Say in one sentence what is wrong.")},
    )
    urgency = forms.ChoiceField(
        label=_("How urgent"),
        required=False,
        choices=[BY_ITEM, *((each, each.label) for each in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.GENERAL))],
        widget=forms.RadioSelect,
    )
    description = forms.CharField(
        label=_("More about it"), required=False, max_length=DESCRIPTION_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )
    location_note = forms.CharField(label=_("Where exactly"), required=False, max_length=200)
    reported_at = MomentField(label=_("Reported at"), hint=_("Leave it empty if it was just now."), required=False)
    channel = forms.ChoiceField(label=_("How it came in"), choices=Case.Channel.choices)
    reporter_name = forms.CharField(label=_("Reporter"), required=False, max_length=40)
    reporter_phone = forms.CharField(
        label=_("Phone"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    reporter_is_anonymous = forms.BooleanField(
        label=_("Does not want to be named; name and phone are not kept"), required=False
    )

    LESS_ASKED = (
        "description",
        "location_note",
        "reported_at",
        "channel",
        "reporter_name",
        "reporter_phone",
        "reporter_is_anonymous",
    )

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = cast(PlaceField, self.fields["place"])
        place.load(by)
        cast(ItemField, self.fields["need_item"]).load()
        self.initial.setdefault("channel", Case.Channel.GRID)
        self.initial.setdefault("place", place.only())

    @property
    def is_unfolded(self) -> bool:
        """Whether something is wrong, or typed, in what is folded away."""
        return self.is_bound and any(
            name in self.errors or self.data.get(name) not in ("", None, Case.Channel.GRID) for name in self.LESS_ASKED
        )

    def clean(self) -> dict[str, Any]:
        """Turn the place into the estate and the building that the service asks for."""
        return split_place(self.cleaned_data)

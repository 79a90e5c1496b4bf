"""What is asked of who rules on a cell."""

from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from settle_gov.web.duties.look import Look
from settle_gov.web.duties.record_forms import TEXT_LIMIT, TOO_LONG, DayField, end_of
from stakeholders.models import Building, Party, Ruling
from stakeholders.service_form import ServiceForm

ESTATE = "estate"


class RuleForm(ServiceForm):
    """A party, a place and a reason. `seen` says for which choice the page showed what would happen."""

    lead = forms.ChoiceField(
        label=gettext_lazy("Who is to lead"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a party.")},
    )
    place = forms.ChoiceField(
        label=gettext_lazy("How wide"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where it is to hold.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={**TOO_LONG, "required": gettext_lazy("Say why: all parties will read it.")},
    )
    document_no = forms.CharField(
        label=gettext_lazy("Document number"),
        required=False,
        max_length=Ruling._meta.get_field("document_no").max_length,
        error_messages=TOO_LONG,
    )
    valid_until = DayField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("Leave it empty if no end is foreseen."), required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, look: Look, parties: dict[str, Party], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self._look, self.parties = look, parties
        self._offer("lead", [(code, str(party)) for code, party in parties.items()])
        self._offer("place", [(code, name) for code, (_building, name) in self.places.items()])

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = options

    @cached_property
    def places(self) -> dict[str, tuple[Building | None, str]]:
        """The whole estate, and the building that is looked at if there is one."""
        building = self._look.spot.building
        whole = {ESTATE: (None, _("%(estate)s, common area and all buildings") % {"estate": self._look.estate})}
        narrow = {building.code: (building, _("%(building)s only") % {"building": building})} if building else {}
        return {**whole, **narrow}

    @property
    def chosen_lead(self) -> Party | None:
        """Whom the form names at the moment."""
        return self.parties.get(str(self["lead"].value() or ""))

    @property
    def chosen_building(self) -> Building | None:
        """The building that it is narrowed to at the moment."""
        return self.places[self.chosen_place][0]

    @property
    def scope(self) -> dict[str, Any]:
        """Where and for what the ruling holds, as services ask for it."""
        building = self.chosen_building
        place = {"building": building} if building else {"estate": self._look.estate}
        return {**place, "need_item": self._look.item}

    @property
    def chosen_place(self) -> str:
        """How wide it is at the moment."""
        place = str(self["place"].value() or "")
        return place if place in self.places else ESTATE

    @property
    def choice(self) -> str:
        """The party and the place in one word: that for which the page shows what will happen."""
        return f"{self.chosen_lead.code if self.chosen_lead else ''} {self.chosen_place}"

    @property
    def until(self) -> datetime | None:
        """When the ruling is to end, as far as that can be read."""
        try:
            day = DayField(required=False).clean(self["valid_until"].value())
        except ValidationError:
            return None
        return end_of(day) if day else None

    def clean_valid_until(self) -> datetime | None:
        """The midnight after the day, which must be to come."""
        day = self.cleaned_data["valid_until"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise ValidationError(_("Must not be before today."), code="too_early")
        return end_of(day)

    def clean(self) -> dict[str, Any]:
        """Turn codes into what the service asks for; what was not seen is shown first, and not done."""
        if not self.errors and self.cleaned_data["seen"] != self.choice:
            words = _("You chose otherwise: look at what happens then, and press again.")
            raise ValidationError(words, code="unseen")
        given = {name: self.cleaned_data.get(name) for name in ("reason", "document_no", "valid_until")}
        return {**given, **self.scope, "lead": self.chosen_lead}

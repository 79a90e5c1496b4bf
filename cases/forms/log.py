"""What is asked of who logs a case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import ItemField, PhotosField, PlaceField, place_key, split_place
from cases.forms.moment import MomentField
from cases.models import Case
from cases.models.case import DESCRIPTION_LIMIT
from stakeholders.everyday_words import find
from stakeholders.models import Membership, NeedItem
from stakeholders.models.need import Urgency
from stakeholders.service_form import ServiceForm

BY_ITEM = ("", _("By item"))
REMEMBERED = 30  # cases that somebody has logged lately
PICKS, HITS = 3, 4  # places and items of them that are offered


@dataclass(frozen=True)
class ItemChoice:
    """A need item to be chosen by one tap, and the word by which it was found: in parts, each said or not."""

    item: NeedItem
    parts: Sequence[tuple[str, bool]] = ()
    is_chosen: bool = False


class LogForm(ServiceForm):
    """Where, what, how urgent; everything else can be left empty."""

    # Drawn for each rendering: the same form sent twice makes one case.
    token = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={each: _("This form has grown old") for each in ("required", "invalid")},
    )
    recent_place = forms.ChoiceField(label=_("Where"), required=False, widget=forms.RadioSelect)
    place = PlaceField(label=_("Where"), required=False)
    title = forms.CharField(
        label=_("What is the matter"),
        max_length=120,
        error_messages={"required": _("Say in one sentence what is wrong.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "done"}),
    )
    hit = forms.CharField(required=False)
    guess = forms.CharField(required=False, widget=forms.HiddenInput)
    need_item = ItemField(label=_("What it is about"), required=False, unsure=_("Not sure: the coordinator will say"))
    photos = PhotosField(label=_("Photos"), required=False)
    main_case = forms.CharField(required=False)
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
        self._by = by
        self._place = cast(PlaceField, self.fields["place"])
        self._place.load(by)
        self._item = cast(ItemField, self.fields["need_item"])
        self._item.load()
        self._recent = list(Case.objects.lately_logged_by(by)[:REMEMBERED])
        self.initial.setdefault("channel", Case.Channel.GRID)
        self._offer_recent_places()

    @property
    def is_unfolded(self) -> bool:
        """Whether something is wrong, or typed, in what is folded away."""
        return self.is_bound and any(
            name in self.errors or self.data.get(name) not in ("", None, Case.Channel.GRID) for name in self.LESS_ASKED
        )

    @cached_property
    def hits(self) -> list[ItemChoice]:
        """Items to choose from by one tap: what the words may mean, or what was logged lately; one of them chosen.

        The best guess is chosen as long as nobody has chosen another: what was guessed before gives way.
        """
        found = find(self["title"].value() or "", self._item.words())
        choices = {hit.key: ItemChoice(self._item.by_code[hit.key], hit.parts) for hit in found}
        if not found:
            lately = dict.fromkeys(case.need_item.code for case in self._recent if case.need_item)
            choices = {code: ItemChoice(self._item.by_code[code]) for code in [*lately][:HITS]}
        chosen = self["hit"].value()
        if chosen == self["guess"].value():
            chosen = next(iter(choices)) if found and not self["need_item"].value() else ""
            self.guessed = chosen
        elif chosen and (item := self._item.by_code.get(chosen)):
            choices = {chosen: ItemChoice(item), **choices}
        return [replace(each, is_chosen=code == chosen) for code, each in choices.items()]

    guessed = ""

    @property
    def chosen_item(self) -> ItemChoice | None:
        """The one that is chosen, by hand or as the best guess."""
        return next((hit for hit in self.hits if hit.is_chosen), None)

    def unsent(self) -> "LogForm":
        """The same as it was typed, and not found wrong yet."""
        typed = {name: self[name].value() for name in self.fields if name != "photos"}
        return LogForm(initial=typed, by=self._by)

    def clean(self) -> dict[str, Any]:
        """Turn place and item into what the service asks for, from where each was chosen."""
        values = self.cleaned_data
        values["place"] = self._place.by_key.get(values.pop("recent_place", "")) or values.get("place")
        values["need_item"] = self._item.by_code.get(values.pop("hit", "")) or values.get("need_item")
        values.pop("guess", None)
        if not values["place"] and not {"place", "recent_place"} & self.errors.keys():
            self.add_error("place", _("Choose where it is."))
        return split_place(values)

    def clean_main_case(self) -> Case | None:
        """The case that this is about, too, if it was said to be one."""
        number = self.cleaned_data["main_case"]
        if not number:
            return None
        if found := Case.objects.visible_to(self._by).filter(number=number).first():
            return found
        raise forms.ValidationError(_("You see no such case."))

    def _offer_recent_places(self) -> None:
        """The last places of this person, each by one tap, and all the others behind one more."""
        keys = dict.fromkeys(place_key(case.building or case.estate) for case in self._recent if case.estate)
        known = [(key, self._place.names[key]) for key in keys if key in self._place.names][:PICKS]
        recent = cast(forms.ChoiceField, self.fields["recent_place"])
        recent.choices = [*known, ("", _("Elsewhere"))]
        self.has_recent_places = bool(known)
        self.initial.setdefault("place", self._place.only())
        self.initial.setdefault("recent_place", known[0][0] if known else "")

"""Selects whose options are grouped the way people look for them."""

from collections import defaultdict
from itertools import groupby
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases.policies import can_log_at
from stakeholders.models import Building, Estate, Membership, NeedItem, NeedWord

Place = Estate | Building
Options = list[tuple[str, list[tuple[str, str]]]]


class ItemField(forms.ChoiceField):
    """A need item to choose by class; `unsure` is the option of who does not know. Gives a NeedItem."""

    def __init__(self, *, unsure: str | Promise, **options: Any) -> None:
        super().__init__(**options)
        self._unsure = unsure

    def load(self) -> None:
        """Read the items, in one query."""
        groups = items_by_class()
        self.by_code = {item.code: item for _name, group in groups for item in group}
        self.choices = [("", [("", self._unsure)]), *item_options(groups)]

    def clean(self, value: str) -> NeedItem | None:
        """Return the item itself."""
        return self.by_code.get(super().clean(value))

    def words(self) -> list[tuple[str, str]]:
        """What people call the items, with their codes; their names are words, too. One query."""
        words = NeedWord.objects.values_list("need_item__code", "word")
        return [*words, *((code, str(item)) for code, item in self.by_code.items())]


class PhotosInput(forms.ClearableFileInput):
    """Where to choose them, or to take them: a phone opens its camera."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", "capture": "environment", **(attrs or {})})

    def use_required_attribute(self, initial: Any) -> bool:
        """A report needs no photo."""
        return False


class PlaceField(forms.ChoiceField):
    """A place to choose: under each estate its common area and its buildings. Gives an Estate or a Building."""

    def load(self, by: Membership) -> None:
        """Read the places where somebody may log a case, in two queries."""
        self.by_key: dict[str, Place] = {}
        self.names: dict[str, str] = {}
        groups: dict[int, list[tuple[str, str]]] = defaultdict(list)
        estates = list(Estate.objects.visible_to(by))
        places: list[tuple[Place, int, str]] = [
            (each, each.pk, _("%(estate)s, common area") % {"estate": each}) for each in estates
        ]
        buildings = Building.objects.visible_to(by).select_related("estate")
        places += [(each, each.estate_id, f"{each.estate} {each}") for each in buildings]
        for place, estate_id, label in places:
            if can_log_at(by, place):
                self.by_key[place_key(place)] = place
                self.names[place_key(place)] = label
                groups[estate_id].append((place_key(place), label))
        options = [(str(each), groups[each.pk]) for each in estates if groups[each.pk]]
        self.choices = [("", [("", _("Choose a place"))]), *options]

    def clean(self, value: str) -> Place | None:
        """Return the place itself."""
        return self.by_key.get(super().clean(value))

    def only(self) -> str:
        """The one place there is, if there is just one."""
        return next(iter(self.by_key)) if len(self.by_key) == 1 else ""


class PhotosField(forms.FileField):
    """Any number of photos; the service says what is wrong with one. Gives a list of files."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files, none where none was chosen."""
        return [super(PhotosField, self).clean(each, initial) for each in data or () if each]


def items_by_class() -> list[tuple[str, list[NeedItem]]]:
    """All need items under the names of their classes."""
    items = NeedItem.objects.select_related("need_class").order_by("need_class__position", "position")
    return [(name, list(group)) for name, group in groupby(items, key=lambda item: str(item.need_class))]


def item_options(groups: list[tuple[str, list[NeedItem]]]) -> Options:
    """The same as options of a select, by code."""
    return [(name, [(item.code, str(item)) for item in group]) for name, group in groups]


def place_key(place: Place) -> str:
    """How a place stands in a form or an address; the codes of estates and of buildings may be the same."""
    return f"{'building' if isinstance(place, Building) else 'estate'}:{place.code}"


def split_place(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Turn the place that was chosen into the estate and the building that services ask for."""
    place: Place | None = cleaned.pop("place", None)
    if isinstance(place, Building):
        return {**cleaned, "estate": place.estate, "building": place}
    return {**cleaned, "estate": place, "building": None}

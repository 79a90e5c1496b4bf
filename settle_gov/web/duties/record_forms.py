"""What is asked of who records a duty, or ends one."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.choices import Options, items_by_class
from stakeholders.models import Area, Building, Estate, Mandate, Membership, NeedClass, NeedItem, Party
from stakeholders.models.party import PartyQuerySet
from stakeholders.service_form import ServiceForm
from stakeholders.years import require_meant

TEXT_LIMIT = 2000
TOO_LONG = {"max_length": gettext_lazy("At most %(limit_value)d characters; these are %(show_value)d.")}
EVERYTHING = "all"


class DayField(forms.DateField):
    """A day of our time."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": gettext_lazy("Give a day as 2026-11-20.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[require_meant], **options)


class RecordForm(ServiceForm):
    """Who answers as what, where, for what, from when till when, and on which paper."""

    party = forms.ModelChoiceField(
        label=gettext_lazy("Party"),
        queryset=Party.objects.none(),
        to_field_name="code",
        empty_label=gettext_lazy("Choose a party"),
        error_messages={"required": gettext_lazy("Choose a party.")},
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    place = forms.ChoiceField(
        label=gettext_lazy("Where"), error_messages={"required": gettext_lazy("Choose where it holds.")}
    )
    matter = forms.ChoiceField(
        label=gettext_lazy("For what"), error_messages={"required": gettext_lazy("Choose for what it holds.")}
    )
    basis = forms.CharField(
        label=gettext_lazy("Basis"),
        help_text=gettext_lazy("Clause of a contract, item of a duty list, number of a document."),
        max_length=200,
        error_messages={**TOO_LONG, "required": gettext_lazy("Name the paper it stands on.")},
    )
    evidence = forms.CharField(
        label=gettext_lazy("What it says"),
        required=False,
        max_length=TEXT_LIMIT,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    valid_from = DayField(
        label=gettext_lazy("First day"), error_messages={"required": gettext_lazy("Give the day it begins.")}
    )
    valid_until = DayField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("Leave it empty if no end is foreseen."), required=False
    )

    def __init__(self, data: Any = None, *, by: Membership, estate: Estate | None, item: NeedItem | None) -> None:
        super().__init__(data)
        cast("forms.ModelChoiceField[Party]", self.fields["party"]).queryset = working_parties(by)
        self._offer("role", [(role.value, str(capfirst(role.label))) for role in Mandate.Role])
        self._places = _places(by, estate)
        self._offer("place", _grouped_places(self._places))
        self._offer("matter", _matters())
        self.initial["valid_from"] = timezone.localdate()
        if estate is not None:
            self.initial["place"] = f"estate:{estate.code}"
        if item is not None:
            self.initial["matter"] = f"item:{item.code}"

    def _offer(self, name: str, options: Any) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = options

    def clean(self) -> dict[str, Any]:
        """Turn days, place and matter into what the service asks for."""
        first, last = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_until")
        if first and last and last < first:
            words = _("Must not be before %(day)s. To end a duty at once, use “End the duty”.") % {"day": first}
            self.add_error("valid_until", ValidationError(words, code="too_early"))
        cleaned = {**self.cleaned_data, **self._scope()}
        cleaned["valid_from"] = beginning_of(first) if first else None
        cleaned["valid_until"] = end_of(last) if last else None
        return {name: value for name, value in cleaned.items() if name not in {"place", "matter"}}

    def _scope(self) -> dict[str, Any]:
        kind, _colon, _code = str(self.cleaned_data.get("place", "")).partition(":")
        scope: dict[str, Any] = {kind: self._places[self.cleaned_data["place"]]} if kind else {}
        about, _colon, code = str(self.cleaned_data.get("matter", "")).partition(":")
        if about == "class":
            scope["need_class"] = NeedClass.objects.get(code=code)
        elif about == "item":
            scope["need_item"] = NeedItem.objects.get(code=code)
        return scope


class EndForm(ServiceForm):
    """On which day a duty is to end."""

    until = DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("The duty holds until the end of this day."),
        error_messages={"required": gettext_lazy("Give the last day.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"until": timezone.localdate()})

    def clean_until(self) -> datetime:
        """The midnight after that day."""
        return end_of(self.cleaned_data["until"])


class WithdrawForm(ServiceForm):
    """Asks for nothing: the button says it all."""


def working_parties(by: Membership) -> PartyQuerySet:
    """Parties that somebody sees and that are not closed down."""
    return Party.objects.visible_to(by).filter(Q(closed_at__isnull=True) | Q(closed_at__gt=timezone.now()))


def beginning_of(day: date) -> datetime:
    """The first instant of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The first instant after a day."""
    return beginning_of(day + timedelta(days=1))


def _places(by: Membership, estate: Estate | None) -> dict[str, Area | Estate | Building]:
    """The divisions and estates of the actor's area, and the buildings of the estate that it is about."""
    buildings = Building.objects.filter(estate=estate).select_related("estate").order_by("code") if estate else []
    return {
        **{f"area:{each.code}": each for each in Area.objects.within(by.area)},
        **{f"estate:{each.code}": each for each in Estate.objects.visible_to(by)},
        **{f"building:{each.code}": each for each in buildings},
    }


def _grouped_places(places: dict[str, Area | Estate | Building]) -> Sequence[Any]:
    groups: Options = [
        (
            _("One building"),
            [(key, f"{each.estate} {each}") for key, each in places.items() if isinstance(each, Building)],
        ),
        (_("An estate"), [(key, str(each)) for key, each in places.items() if isinstance(each, Estate)]),
        (_("A whole area"), [(key, str(each)) for key, each in places.items() if isinstance(each, Area)]),
    ]
    return [("", _("Choose a place")), *(group for group in groups if group[1])]


def _matters() -> Sequence[Any]:
    groups = [
        (name, [(f"class:{items[0].need_class.code}", _("all of %(name)s") % {"name": name}), *_items(items)])
        for name, items in items_by_class()
    ]
    return [("", _("Choose an item")), (EVERYTHING, _("all matters")), *groups]


def _items(items: Sequence[NeedItem]) -> list[tuple[str, str]]:
    return [(f"item:{item.code}", f"{item.code} {item}") for item in items]

"""What was asked of a list by its address: what is wrong with it, and each filter in force in words."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import ChoiceField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_filters import FilterSet

from cases.wording import moment_words


@dataclass(frozen=True)
class Chip:
    """A filter in force, in words, and the address of the list without it."""

    name: str
    label: str
    value: str
    without: str


def errors_of(asked: QueryDict, filters: FilterSet, known: Collection[str]) -> list[str]:
    """What is wrong with the question, by filter; `known` are the parameters that may be given."""
    strangers = sorted(set(asked) - set(known))
    errors = [_("There is no filter “%(name)s”.") % {"name": name} for name in strangers]
    for name, messages in filters.errors.items():
        label = str(filters.form.fields[name].label)
        errors += [_("%(label)s: %(message)s") % {"label": label, "message": message} for message in messages]
    return errors


def chips_of(filters: FilterSet, without: Callable[[str], str]) -> list[Chip]:
    """The filters in force; `without` gives the address of the list without one of them."""
    cleaned = filters.form.cleaned_data
    return [
        Chip(name, str(field.label), _value_words(field, cleaned[name]), without(name))
        for name, field in filters.form.fields.items()
        if cleaned[name] not in (None, "", [])
    ]


def _value_words(field: Any, value: Any) -> str:
    """A value of a filter as people read it."""
    if isinstance(value, list):
        return pgettext("between names", ", ").join(_value_words(field, each) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, str) and isinstance(field, ChoiceField):
        choices: Any = field.choices
        return str({str(key): label for key, label in choices}[value])
    return str(value)

"""What bodies are made of: fields that take exactly what the contract names and guess nothing."""

import re
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.utils.html import is_html_input

from stakeholders.filters import MOST_CODES, MOST_ID
from stakeholders.years import OUTSIDE, is_meant

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def in_our_time(kept: Any) -> Any:
    """What was kept as JSON, with the moments in it in the time of the town, whatever zone they were written in."""
    match kept:
        case dict():
            return {name: in_our_time(each) for name, each in kept.items()}
        case list():
            return [in_our_time(each) for each in kept]
        case str() if _MOMENT.fullmatch(kept):
            try:
                return timezone.localtime(datetime.fromisoformat(kept)).isoformat()
            except (ValueError, OverflowError):  # somebody has typed what only looks like one
                return kept
    return kept


class Text(serializers.CharField):
    """A string; a number is not one."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what JSON does not call a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """`true` or `false`; not 1, "yes" or null. Forms have only texts for it, the same two."""

    TRUE_VALUES = {True}
    FALSE_VALUES = {False}
    NULL_VALUES = set()
    WORDS = {"true": True, "false": False}

    def get_value(self, dictionary: Any) -> Any:
        """Read the text of a form."""
        value = super().get_value(dictionary)
        return self.WORDS.get(value, value) if is_html_input(dictionary) and isinstance(value, str) else value

    def to_internal_value(self, data: Any) -> bool:
        """Refuse what JSON does not call a boolean; 1 and 0 would pass as equal to one."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Number(serializers.IntegerField):
    """A whole number; not a string, not 1.0, and none that no database has room for."""

    def __init__(self, *, max_value: int = MOST_ID, **options: Any) -> None:
        super().__init__(max_value=max_value, **options)

    def to_internal_value(self, data: Any) -> int:
        """Refuse what JSON does not call a number; true would pass as one."""
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Instant(serializers.DateTimeField):
    """A moment in ISO 8601 that names its offset."""

    default_error_messages = {
        "invalid": _("Give a moment with its offset, such as 2026-11-21T09:30:00+08:00."),
        "offset": _("Name the offset, such as +08:00."),
        "overflow": OUTSIDE,
    }

    def to_internal_value(self, data: Any) -> datetime:
        """Refuse numbers and the like, and years that nobody can mean."""
        if not isinstance(data, str):
            self.fail("invalid")
        value = super().to_internal_value(data)
        if not is_meant(value):
            self.fail("overflow")
        return value

    def enforce_timezone(self, value: datetime) -> datetime:
        """Never guess the zone of a client."""
        if value.tzinfo is None:
            self.fail("offset")
        return super().enforce_timezone(value)


class KeptText(serializers.CharField):
    """A text out of what was kept as JSON; a moment is in the time of the town."""

    def to_representation(self, value: Any) -> Any:
        """Show it."""
        return in_our_time(super().to_representation(value))


class KeptJSON(serializers.JSONField):
    """What was kept as JSON; moments in it are in the time of the town."""

    def to_representation(self, value: Any) -> Any:
        """Show it."""
        return in_our_time(super().to_representation(value))


@extend_schema_field(OpenApiTypes.BINARY)
class File(serializers.FileField):
    """A file, as a part of a form."""


@extend_schema_field({"type": "string", "minLength": 1})
class Reference(serializers.SlugRelatedField[Any]):
    """The public code of something; what the actor cannot see is as unknown as what does not exist."""

    default_error_messages = {
        "does_not_exist": _("There is no “{value}” here."),
        "invalid": _("Give a code as a string."),
    }

    is_public = False  # whether anybody may name it

    def __init__(self, queryset: QuerySet[Model], slug_field: str = "code", **kwargs: Any) -> None:
        super().__init__(slug_field, queryset=queryset, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """An empty code is not the same as none."""
        if data == "":
            self.fail("does_not_exist", value=data)
        return super().run_validation(data)

    def get_queryset(self) -> QuerySet[Any]:
        """What the code may stand for: only what the actor sees, where that makes a difference."""
        queryset: Any = super().get_queryset()
        is_for_all = self.is_public or not hasattr(queryset, "visible_to")
        seen: QuerySet[Any] = queryset if is_for_all else queryset.visible_to(self.context["actor"])
        return seen

    def to_internal_value(self, data: Any) -> Model:
        """Look the code up. No code holds a NUL, which PostgreSQL would not even look for."""
        if not isinstance(data, str) or "\0" in data:
            self.fail("invalid")
        found: Model = super().to_internal_value(data)
        return found


class Codes(Text):
    """Public codes separated by commas; each must stand for something that the actor sees."""

    default_error_messages = {
        "does_not_exist": _("There is no “{value}” here."),
        "too_many": _("Give at most {limit} codes."),
    }

    def __init__(self, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._known = queryset

    def seen(self) -> Any:
        """What a code may stand for."""
        known: Any = self._known
        return known.visible_to(self.context["actor"]) if hasattr(known, "visible_to") else known

    def to_internal_value(self, data: Any) -> Any:
        """Look all of them up at one stroke."""
        asked = dict.fromkeys(super().to_internal_value(data).split(","))
        if "\0" in data:  # PostgreSQL would not even look for it
            self.fail("does_not_exist", value=data)
        if len(asked) > MOST_CODES:
            self.fail("too_many", limit=MOST_CODES)
        found = {each.code: each for each in self.seen().filter(code__in=asked)}
        for code in asked:
            if code not in found:
                self.fail("does_not_exist", value=code)
        return [found[code] for code in asked]


class CodeList(serializers.ListField):
    """Public codes as a list; each must stand for something that the actor sees. Looked up at one stroke."""

    default_error_messages = {"does_not_exist": _("There is no “{value}” here.")}

    child = Text()

    def __init__(self, queryset: QuerySet[Any], *, most: int, **options: Any) -> None:
        super().__init__(max_length=most, **options)
        self._known, self._most = queryset, most

    def to_internal_value(self, data: Any) -> list[Any]:
        """Look at how many there are before looking at any of them."""
        if isinstance(data, list) and len(data) > self._most:
            self.run_validators(data)
        codes = super().to_internal_value(data)
        known: Any = self._known
        seen = known.visible_to(self.context["actor"]) if hasattr(known, "visible_to") else known
        found = {each.code: each for each in seen.filter(code__in=codes)}
        unknown = {
            str(index): [serializers.ErrorDetail(self._unknown(code), code="does_not_exist")]
            for index, code in enumerate(codes)
            if code not in found
        }
        if unknown:
            raise serializers.ValidationError(unknown)
        return [found[code] for code in codes]

    def _unknown(self, code: str) -> str:
        return str(self.error_messages["does_not_exist"]).format(value=code)


@extend_schema_field({"type": "string"})
class Code(serializers.SlugRelatedField[Any]):
    """The way something else is named in an answer: its public code, or null."""

    def __init__(self, slug_field: str = "code", **kwargs: Any) -> None:
        super().__init__(slug_field, read_only=True, **kwargs)

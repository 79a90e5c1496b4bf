"""Bodies and queries that are checked to the last name: what is not understood is refused, never ignored."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.utils.html import is_html_input


class StrictBody(serializers.Serializer[Any]):
    """A set of named values; a name that is not in it is an error like any other.

    One that `is_form` has files in it, and names what is inside another field `outer.inner`.
    """

    is_form = False

    def to_internal_value(self, data: Any) -> Any:
        """Check the values and the names, and report all that is wrong at once."""
        strangers = {name for name in data if not self._knows(name, data)} if isinstance(data, Mapping) else set()
        unknown = {name: [self.refusal_of(name)] for name in sorted(strangers)}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            refusal.detail.update(unknown)  # type: ignore[union-attr]  # the errors of a body have names
            raise
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def refusal_of(self, name: str) -> serializers.ErrorDetail:
        """Why a name is none of the fields."""
        return serializers.ErrorDetail(_("There is no such field."), code="unknown")

    def _knows(self, name: str, data: Mapping[str, Any]) -> bool:
        """Say whether there is such a field; in forms those inside another are `outer.inner`."""
        if not is_html_input(data):
            return name in self.fields
        outer, dot, _inner = name.partition(".")
        return outer in self.fields and bool(dot) == isinstance(self.fields[outer], serializers.BaseSerializer)


def values_of(body: type[StrictBody], data: Any, context: dict[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """Check a body, or with `partial` what is given of it, and return the keywords of its service.

    Raises ValidationError by field name.
    """
    checked = body(data=data, context=context, partial=partial)
    checked.is_valid(raise_exception=True)
    values: dict[str, Any] = checked.validated_data
    return values

"""What the framework does not see in bodies: they take no other names, and texts that must say something do."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from rest_framework.serializers import BaseSerializer


class Strict(OpenApiSerializerExtension):
    """A body that knows all its names."""

    target_class = "stakeholders.api.bodies.StrictBody"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Describe it as it is, and close it."""
        described = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if self.target.is_form:
            described["properties"] = self._flat(described["properties"], auto_schema, direction)
        return {**described, "additionalProperties": False}

    def _flat(self, properties: dict[str, Any], auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Name what is inside a field as forms do: `outer.inner`. Nothing in them is null."""
        flat = dict(properties)
        for outer, field in self.target.fields.items():
            if isinstance(field, BaseSerializer):
                del flat[outer]
                inside = auto_schema._map_serializer(field, direction, bypass_extensions=True)["properties"]
                flat |= {f"{outer}.{inner}": schema for inner, schema in inside.items()}
        return {name: _said(schema) for name, schema in flat.items()}


def _said(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = schema.get("type")
    return {**schema, "type": kinds[0]} if isinstance(kinds, list) else schema


class SaidText(OpenApiSerializerFieldExtension):
    """A text; where it may not be blank it has a character that is no space."""

    target_class = "stakeholders.api.fields.Text"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Describe it as it is, and ask for something in it."""
        described: dict[str, Any] = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        return described if self.target.allow_blank else {**described, "minLength": 1, "pattern": r"\S"}

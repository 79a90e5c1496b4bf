"""What the framework does not see in bodies: they take no other names, and texts that must say something do."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension


class Strict(OpenApiSerializerExtension):
    """A body that knows all its names."""

    target_class = "stakeholders.api.bodies.StrictBody"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Describe it as it is, and close it."""
        described = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**described, "additionalProperties": False}


class SaidText(OpenApiSerializerFieldExtension):
    """A text; where it may not be blank it has a character that is no space."""

    target_class = "stakeholders.api.fields.Text"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Describe it as it is, and ask for something in it."""
        described: dict[str, Any] = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        return described if self.target.allow_blank else {**described, "minLength": 1, "pattern": r"\S"}

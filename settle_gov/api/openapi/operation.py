"""What the document says of one operation, read off its view without a request."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.viewsets import GenericViewSet

from settle_gov.api.openapi import bodies, parameters, security
from stakeholders.api.expand import EXPAND
from stakeholders.api.exports import EXPORTS, ExportedList
from stakeholders.api.once import HEADER, KEY
from stakeholders.api.sparse import FIELDS

__all__ = ["Operation", "bodies", "parameters", "security"]  # what finds its use by itself must have been imported

WORDS = {"get": "get", "post": "create", "patch": "change", "delete": "remove"}


class Operation(AutoSchema):
    """An operation of a view; its docstring, body, filters and answers are what the document says."""

    def get_operation_id(self) -> str:
        """Name it by its address: `cases_list`, `cases_get`, `cases_comment`."""
        words = [word.replace("-", "_") for word in self._tokenize_path()]
        last = self.path.rstrip("/").rpartition("/")[2]
        if self.method == "GET":
            return "_".join([*words, "list" if self._is_list_view() else WORDS["get"]])
        is_deed = self.method == "POST" and not last.startswith("{") and "{" in self.path
        return "_".join(words if is_deed else [*words, WORDS[self.method.lower()]])

    def get_tags(self) -> list[str]:
        """Group by the first word of the address."""
        return self._tokenize_path()[:1]

    def get_override_parameters(self) -> list[Any]:
        """Lists and details can be had with only some of their fields, and what a member sends is done once."""
        if self.method == "POST" and getattr(self.view, "keeps_answers", False):
            words = _("The same key brings the first answer again.")
            return [OpenApiParameter(HEADER, {"type": "string", "pattern": KEY.pattern}, "header", description=words)]
        shown = getattr(self.view, "serializer_class", None)
        if self.method != "GET" or not shown or not isinstance(self.view, GenericViewSet):
            return []
        names = {FIELDS: list(shown().fields), EXPAND: list(getattr(self.view, "expands", ()))}
        return [
            OpenApiParameter(
                parameter,
                {"type": "array", "items": {"type": "string", "enum": values}, "minItems": 1},
                style="form",
                explode=False,
            )
            for parameter, values in names.items()
            if values
        ]

    def get_request_serializer(self) -> Any:
        """The body that the view takes."""
        return getattr(self.view, "body", None)

    def get_response_serializers(self) -> Any:
        """What the view shows, and for the lists that come as files the files, too."""
        shown = getattr(self.view, "serializer_class", None)
        if isinstance(self.view, ExportedList) and self._is_list_view(shown):
            files = {(200, each.media_type): OpenApiTypes.STR for each in EXPORTS}
            return {(200, "application/json"): shown, **files}
        return shown

"""Answers with only the fields that the client has asked for: `?fields=number,stage`."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

FIELDS = "fields"


def leave_only_wanted(serializer: Any, request: Request) -> None:
    """Drop the fields of a serializer that were not asked for. Raises ValidationError for one that it has not."""
    text = request.query_params.get(FIELDS)
    if text is None:
        return
    fields = getattr(serializer, "child", serializer).fields
    wanted = set(text.split(","))
    if unknown := sorted(wanted - set(fields)):
        reason = _("There is no field “%(name)s” here.") % {"name": unknown[0]}
        raise ValidationError({FIELDS: [ErrorDetail(reason, code="unknown")]})
    for name in set(fields) - wanted:
        del fields[name]

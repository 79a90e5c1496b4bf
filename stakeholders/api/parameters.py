"""Parameters of addresses, as strict as bodies."""

from collections.abc import Set
from urllib.parse import unquote_to_bytes

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ParseError, ValidationError
from rest_framework.request import Request


def refuse_strangers(request: Request, known: Set[str]) -> None:
    """Raise ValidationError for parameters that nobody knows, that come twice or say nothing; a comma makes a list."""
    errors = {}
    try:
        unquote_to_bytes(request.META.get("QUERY_STRING", "")).decode()
    except UnicodeDecodeError as error:
        raise ParseError(_("The address is not valid UTF-8."), code="encoding") from error
    for name, values in request.query_params.lists():
        if name not in known:
            errors[name] = [ErrorDetail(_("There is no such parameter."), code="unknown")]
        elif len(values) > 1:
            errors[name] = [ErrorDetail(_("Give this parameter once."), code="repeated")]
        elif not values[0]:
            errors[name] = [ErrorDetail(_("Give this parameter a value, or leave it out."), code="empty")]
    if errors:
        raise ValidationError(errors)

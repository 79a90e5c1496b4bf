"""Reading forms with files, as strictly as JSON: UTF-8 whatever the client names, of a bounded size, or a refusal."""

from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.utils.html import is_html_input

from stakeholders.api.bodies import StrictBody

JSON, FORM = "application/json", "multipart/form-data"
REPLACED = "\ufffd"  # what stands where bytes were none of UTF-8


class FormTooLarge(APIException):
    """More text than this server reads into memory."""

    status_code = 413
    default_code = "too_large"


class FormParser(MultiPartParser):
    """`multipart/form-data`: texts, and files; the files in it are checked by the services that keep them."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return texts and files. Raises ParseError, or FormTooLarge."""
        context = {**(parser_context or {}), "encoding": "utf-8"}
        try:
            form = super().parse(stream, media_type, context)
        except RequestDataTooBig as error:
            raise FormTooLarge(_("The form is too large.")) from error
        except SuspiciousOperation as error:
            raise ParseError(_("The form has too many fields or files.")) from error
        if any(REPLACED in text for name, texts in form.data.lists() for text in [name, *texts]):
            raise ParseError(_("The body is not valid UTF-8."), code="encoding")
        return form


def is_form(request: Request) -> bool:
    """Say whether the body came as a form."""
    return is_html_input(request.data)


def as_json_or_form(body: type[StrictBody], form: type[StrictBody]) -> dict[str, type[StrictBody]]:
    """What the document says of a body that may come as either."""
    return {JSON: body, FORM: form}

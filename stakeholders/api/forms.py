"""Reading forms, as strictly as JSON: UTF-8 whatever the client names, of a bounded size, or a refusal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
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
        with _refusing():
            form = super().parse(stream, media_type, context)
        _check_encoding(form.data)
        return form


class TextFormParser(BaseParser):
    """`application/x-www-form-urlencoded`: texts only."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> QueryDict:
        """Return the texts. Raises ParseError, or FormTooLarge before reading past the limit."""
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        with _refusing():
            body: bytes = stream.read(limit + 1)
            if len(body) > limit:
                raise RequestDataTooBig
            form = QueryDict(body.decode(errors="replace"), encoding="utf-8")
        _check_encoding(form)
        return form


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except RequestDataTooBig as error:
        raise FormTooLarge(_("The form is too large.")) from error
    except SuspiciousOperation as error:
        raise ParseError(_("The form has too many fields or files.")) from error


def _check_encoding(form: QueryDict) -> None:
    if any(REPLACED in text for name, texts in form.lists() for text in [name, *texts]):
        raise ParseError(_("The body is not valid UTF-8."), code="encoding")


def is_form(request: Request) -> bool:
    """Say whether the body came as a form."""
    return is_html_input(request.data)


def as_json_or_form(body: type[StrictBody], form: type[StrictBody]) -> dict[str, type[StrictBody]]:
    """What the document says of a body that may come as either."""
    return {JSON: body, FORM: form}

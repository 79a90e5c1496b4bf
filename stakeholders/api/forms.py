"""Reading forms, as strictly as JSON: UTF-8 whatever the client names, of a bounded size, or a refusal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ErrorDetail, ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.utils.html import is_html_input
from rest_framework.views import APIView

from stakeholders.api.bodies import StrictBody

JSON, FORM = "application/json", "multipart/form-data"
REPLACED = "\ufffd"  # what stands where bytes were none of UTF-8


class FormTooLarge(APIException):
    """More than this server reads."""

    status_code = 413
    default_code = "too_large"


@dataclass(frozen=True)
class Files:
    """The files that a form may bring: in which field, of how many bytes each, and how many of them."""

    field: str
    largest: int
    most: int = 1

    @property
    def largest_form(self) -> int:
        """Bytes of the files and of all texts beside them."""
        return self.largest * self.most + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class TakesFiles(APIView):
    """A view that takes a form with files. What is too large is refused unread, or else as soon as that shows.

    That must come before anybody looks for who asks: it may stand in the form, and to look there is to read it.
    """

    files: Files

    def perform_authentication(self, request: Request) -> None:
        """Look at the length that the client names, and have the files measured while they are read."""
        if request.content_type.lower().startswith(FORM):
            if _length_of(request) > self.files.largest_form:
                raise _too_large(self.files.field, _("The form is larger than %(limit)d MB."), self.files.largest_form)
            request.upload_handlers.insert(0, _Measure(self.files.largest, request))
        super().perform_authentication(request)


class _Measure(FileUploadHandler):
    """Lets files pass, and stops at one that is too large."""

    def __init__(self, largest: int, request: Request) -> None:
        super().__init__()
        self._largest, self._asked = largest, request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and hand it on."""
        if start + len(raw_data) > self._largest:
            self._let_go()
            raise _too_large(str(self.field_name), _("The file is larger than %(limit)d MB."), self._largest)
        return raw_data

    def _let_go(self) -> None:
        """Close, and so remove, what the other handlers have written of the file by now."""
        for handler in self._asked.upload_handlers:
            if file := getattr(handler, "file", None):
                file.close()

    def file_complete(self, file_size: int) -> None:
        """Leave the file to whoever keeps it."""


def _length_of(request: Request) -> int:
    """Bytes of the body; 0 where the client does not say, for then nothing is read."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _too_large(field: str, reason: str, limit: int) -> FormTooLarge:
    return FormTooLarge({field: [ErrorDetail(reason % {"limit": limit // 1024**2}, FormTooLarge.default_code)]})


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

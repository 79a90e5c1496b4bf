"""Reading bodies: UTF-8 JSON of a bounded size that can be stored and sent back, or a clear refusal."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class BodyTooLarge(APIException):
    """More than this server reads into memory."""

    status_code = 413
    default_code = "too_large"


DEEPEST = 100  # lists and objects inside each other; no body has a use for more


class StrictJSONParser(BaseParser):
    """`application/json` as RFC 8259 has it: always UTF-8, whatever charset the client names; NaN is not a number."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return what the body says. Raises ParseError, or BodyTooLarge before reading past the limit."""
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body: bytes = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge(_("The body is too large; at most %(limit)d bytes are read.") % {"limit": limit})
        try:
            values = json.loads(body.decode(), parse_constant=_refuse)
            # Half of a surrogate pair can be written as an escape, but neither be stored nor sent back.
            json.dumps(values, ensure_ascii=False).encode()
            if body.count(b"[") + body.count(b"{") > DEEPEST:
                _refuse_depths(values)
        except UnicodeError as error:
            raise ParseError(_("The body is not valid UTF-8."), code="encoding") from error
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not valid JSON: %(error)s") % {"error": error}) from error
        return values


def _refuse_depths(values: Any) -> None:
    """Go down level by level, so that nothing that is kept can be too deep to be written or read again."""
    level = [values]
    for _depth in range(DEEPEST):
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [each for several in inner for each in several]
        if not level:
            return
    raise ValueError(_("more than %(most)d levels") % {"most": DEEPEST})


def _refuse(constant: str) -> Any:
    raise ValueError(constant)

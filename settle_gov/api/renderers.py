"""Answers as JSON, written by a library that does nothing else."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import JSONRenderer


class FastJSONRenderer(JSONRenderer):
    """The same JSON as the framework's, several times sooner."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Write UTF-8; nothing is an empty answer."""
        return b"" if data is None else orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS)


def _plain(value: Any) -> Any:
    """What JSON has no word for: a text that waits for a language."""
    if isinstance(value, Promise):
        return str(value)
    raise TypeError

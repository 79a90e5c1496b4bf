"""XML, which GeoReport v2 demands, and JSON; which of them is said by the ending of the address, not by `Accept`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer

# What XML 1.0 has no way to write, not even escaped
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How an entry of a list is called inside it
ENTRIES = {"endpoints": "endpoint", "formats": "format", "attributes": "attribute"}
ERRORS = ("errors", "error")


class XMLRenderer(BaseRenderer):
    """A list as `root` of `entry` elements, or one object as `root`; the view says how both are called."""

    media_type = "text/xml"
    format = "xml"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Write UTF-8; null is an empty element."""
        context = renderer_context or {}
        root, entry = ERRORS if context["response"].status_code >= 400 else context["view"].roots
        element = ET.Element(root)
        _fill(element, {entry: data} if isinstance(data, list) and entry else data, entry)
        return bytes(ET.tostring(element, encoding="utf-8", xml_declaration=True))


class Open311JSONRenderer(JSONRenderer):
    """JSON, the same objects without a root."""

    charset = "utf-8"


class ByEnding(BaseContentNegotiation):
    """The ending of the address decides."""

    def select_parser(self, request: Any, parsers: Iterable[Any]) -> Any:
        """By what the body says it is."""
        return next((each for each in parsers if request.content_type.startswith(each.media_type)), None)

    def select_renderer(self, request: Any, renderers: Iterable[Any], format_suffix: str | None = None) -> Any:
        """The one of that ending."""
        chosen = next(each for each in renderers if each.format == format_suffix)
        return chosen, chosen.media_type


def _fill(element: ET.Element, value: Any, entry: str = "") -> None:
    match value:
        case None:
            return
        case bool():
            element.text = "true" if value else "false"
        case dict():
            for name, inner in value.items():
                for each in inner if name == entry and isinstance(inner, list) else [inner]:
                    _fill(ET.SubElement(element, name), each)
        case list():
            for each in value:
                _fill(ET.SubElement(element, ENTRIES[element.tag]), each)
        case _:
            element.text = UNWRITABLE.sub("", str(value))

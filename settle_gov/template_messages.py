"""Lets Babel find the texts of Django templates, so that translating needs no GNU gettext."""

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def extract(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[tuple[Any, ...]]:
    """Yield the messages of one template as Babel's own extractors do: line, function, texts, comments.

    Django turns a template into something close to Python, line by line. Its indentation means nothing, but would
    stop a Python tokenizer.
    """
    source = templatize(file.read().decode())
    python = "\n".join(line.lstrip() for line in source.split("\n"))
    yield from extract_python(BytesIO(python.encode()), keywords, comment_tags, options)

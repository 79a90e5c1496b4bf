"""Search text: one normal form for what is stored and what is typed. Pure."""

import re
import unicodedata
from collections.abc import Iterable

_PUNCTUATION = re.compile(r"[\W_]+")
_ENDING = re.compile(r"[0-9]{4}")


def searchable(*parts: str) -> str:
    """Join parts into text in which a plain substring match finds what people mean.

    Full-width letters and digits become half-width, case is folded, punctuation becomes a space.
    """
    text = unicodedata.normalize("NFKC", " ".join(parts)).casefold()
    return _PUNCTUATION.sub(" ", text).strip()


def phone_ending(said: str) -> str:
    """The four digits that somebody typed, and nothing else, as the end of a phone number; empty for anything else."""
    plain = searchable(said)
    return plain if _ENDING.fullmatch(plain) else ""


def full_name(said: str) -> str:
    """What somebody typed as the name of a person; empty for a surname alone, which is all that the mask shows."""
    plain = " ".join(unicodedata.normalize("NFKC", said).split())
    return plain if len(plain) > 1 else ""


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """A text in parts, each with whether it is one of the words that were searched for."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    if not pattern or len(plain) != len(text):  # a sign that becomes several would shift the parts
        return [(text, False)] if text else []
    parts, end = [], 0
    for found in re.finditer(pattern, plain):
        parts += [(text[end : found.start()], False), (text[found.start() : found.end()], True)]
        end = found.end()
    parts.append((text[end:], False))
    return [(part, is_said) for part, is_said in parts if part]

"""Search text: one normal form for what is stored and what is typed."""

import re
import unicodedata

_PUNCTUATION = re.compile(r"[\W_]+")


def searchable(*parts: str) -> str:
    """Join parts into text in which a plain substring match finds what people mean.

    Full-width letters and digits become half-width, case is folded, punctuation becomes a space.
    """
    text = unicodedata.normalize("NFKC", " ".join(parts)).casefold()
    return _PUNCTUATION.sub(" ", text).strip()

"""From what people say to what it is about: “三楼的灯都不亮” to roads and lighting. Pure."""

import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

SHARE = 2 / 3  # of a word, or of the text where that is shorter, that must be the same
STRAY = 3  # signs that may stand between the parts of a word: 灯都不亮 for 灯不亮


@dataclass(frozen=True)
class Hit(Generic[Key]):
    """What somebody may mean: the word that fits best, and which parts of it were said."""

    key: Key
    word: str
    said: tuple[tuple[int, int], ...]  # from, to in the word
    score: float

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The word in parts, each with whether it was said."""
        parts, end = [], 0
        for begins, ends in self.said:
            parts += [(self.word[end:begins], False), (self.word[begins:ends], True)]
            end = ends
        parts.append((self.word[end:], False))
        return [(text, is_said) for text, is_said in parts if text]


def find(text: str, words: Iterable[tuple[Key, str]], *, most: int = 5) -> list[Hit[Key]]:
    """What a text is about, best first and each key once; `words` are keys with what people call them.

    A word counts when it is in the text, the text in it, or most of one stands close together in the other. More of
    it counts more, and of two that were said in full the longer one.
    """
    said = _plain(text)
    if not said.strip():
        return []
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(said)
    best: dict[Key, Hit[Key]] = {}
    for key, word in words:
        hit = _hit(matcher, said, key, word)
        if hit is not None and (key not in best or hit.score > best[key].score):
            best[key] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)[:most]


def _hit(matcher: "SequenceMatcher[str]", said: str, key: Key, word: str) -> Hit[Key] | None:
    plain = _plain(word)
    if len(plain) != len(word):  # a sign that becomes several would shift the parts
        return None
    if (begins := plain.find(said)) >= 0:
        return Hit(key, word, ((begins, begins + len(said)),), len(said) + len(said) / len(plain))
    matcher.set_seq1(plain)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    matched = sum(block.size for block in blocks)
    if matched < max(2, SHARE * min(len(plain), len(said))) or _length(blocks) > matched + STRAY:
        return None
    spans = tuple((block.a, block.a + block.size) for block in blocks)
    return Hit(key, word, spans, matched + matched / len(plain))


def _length(blocks: Sequence[Match]) -> int:
    """How far apart the parts stand in the text."""
    return blocks[-1].b + blocks[-1].size - blocks[0].b


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()

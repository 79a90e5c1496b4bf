"""The evidence of each kind of fault in words."""

import pytest
from django.utils import translation

from cases.models import Finding
from cases.views.findings import evidence_words
from tests.factories.cases import MONDAY

Kind = Finding.Kind
NAMES = {"works": "Works", "anju": "Anju"}


@pytest.mark.parametrize(
    ("kind", "evidence", "words"),
    [
        (Kind.OVERDUE, {}, "since 16 Nov 09:14"),
        (Kind.DUE_SOON, {}, "since 16 Nov 09:14"),
        (Kind.UNCONTACTED, {}, "since 16 Nov 09:14"),
        (Kind.STATUTORY, {}, "since 16 Nov 09:14"),
        (Kind.UNSIGNED, {"party": "works"}, "Works, since 16 Nov 09:14"),
        (Kind.STALLED, {"party": "works"}, "Works, since 16 Nov 09:14"),
        (Kind.UNATTENDED, {"party": "gone"}, "gone, since 16 Nov 09:14"),
        (Kind.VACUUM, {}, "the duty list names nobody"),
        (Kind.VACUUM, {"returned_by": "works"}, "Works returned it"),
        (
            Kind.VACUUM,
            {"disclaimed_by": ["works", "anju"]},
            "all who were asked say that it is not theirs: Works, Anju",
        ),
        (Kind.MULTI_HEAD, {"parties": ["works", "anju"]}, "the duty list names Works, Anju"),
        (Kind.MULTI_HEAD, {"parties": ["works", "anju"], "claimed": True}, "each says that it is theirs: Works, Anju"),
        (Kind.BACKSTOP, {"parties": ["works"]}, "nobody leads, behind stands: Works"),
        (Kind.DISPUTED, {"parties": ["works", "anju"]}, "between Works, Anju, since 16 Nov 09:14"),
        (Kind.PING_PONG, {"returns": 2, "handoffs": 1}, "returned 2×, handed on 1×"),
        (Kind.UNLOCATED, {}, "place or matter is not known yet"),
    ],
)
def test_evidence_is_told_in_few_words(kind: Finding.Kind, evidence: dict[str, object], words: str) -> None:
    with translation.override("en"):
        assert evidence_words(kind, Finding(kind=kind, since=MONDAY, evidence=evidence), NAMES) == words

"""What parties come to by what each of them says: every combination of three parties."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.stances import Verdict, judge

OURS, NOT_OURS, SILENT = "ours", "not_ours", None
PARTIES = ("A", "B", "C")

says = st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from([OURS, NOT_OURS]))
some = st.sets(st.sampled_from("ABCDE"))


def said(words: tuple[str | None, ...]) -> dict[str, str]:
    return {party: word for party, word in zip(PARTIES, words, strict=True) if word is not None}


@pytest.mark.parametrize("words", list(product((OURS, NOT_OURS, SILENT), repeat=3)))
def test_three_who_are_asked_and_nobody_has_it(words: tuple[str | None, ...]) -> None:
    verdict, claiming = judge(said(words), asked=PARTIES, holder=None, is_disputed=False)

    assert claiming == [party for party, word in zip(PARTIES, words, strict=True) if word == OURS]
    if words.count(OURS) > 1:
        assert verdict is Verdict.SEVERAL
    elif SILENT in words:
        assert verdict is Verdict.UNHEARD
    else:
        assert verdict is (Verdict.AGREED if OURS in words else Verdict.NOBODY)


@pytest.mark.parametrize(
    ("words", "is_disputed", "verdict"),
    [
        # A has it
        ((SILENT, SILENT, SILENT), False, Verdict.HELD),
        ((SILENT, NOT_OURS, NOT_OURS), False, Verdict.HELD),
        ((SILENT, OURS, SILENT), False, Verdict.SEVERAL),
        ((OURS, OURS, SILENT), False, Verdict.SEVERAL),
        ((NOT_OURS, OURS, SILENT), False, Verdict.AGREED),
        ((NOT_OURS, NOT_OURS, SILENT), False, Verdict.NOBODY),
        # and meanwhile only, for the parties dispute
        ((SILENT, NOT_OURS, SILENT), True, Verdict.NOBODY),
        ((SILENT, OURS, NOT_OURS), True, Verdict.AGREED),
        ((NOT_OURS, OURS, SILENT), True, Verdict.AGREED),
        ((OURS, NOT_OURS, SILENT), True, Verdict.AGREED),
        ((OURS, OURS, SILENT), True, Verdict.SEVERAL),
    ],
)
def test_somebody_has_it_and_nobody_is_asked(
    words: tuple[str | None, ...], is_disputed: bool, verdict: Verdict
) -> None:
    assert judge(said(words), asked=(), holder="A", is_disputed=is_disputed)[0] is verdict


@given(said=says, asked=some, holder=st.sampled_from(["A", None]), is_disputed=st.booleans())
def test_a_party_gets_it_only_where_it_alone_says_so_and_all_were_heard(
    said: dict[str, str], asked: set[str], holder: str | None, is_disputed: bool
) -> None:
    verdict, claiming = judge(said, asked=asked, holder=holder, is_disputed=is_disputed)

    assert {party for party in claiming if party in said} == {party for party, word in said.items() if word == OURS}
    if verdict is Verdict.AGREED:
        assert len(claiming) == 1
        assert said[claiming[0]] == OURS
        assert asked <= set(said)
    if verdict is Verdict.NOBODY:
        assert OURS not in said.values()
    assert (verdict is Verdict.SEVERAL) == (len(claiming) > 1)


@given(said=says, asked=some)
def test_the_order_in_which_they_speak_does_not_matter(said: dict[str, str], asked: set[str]) -> None:
    turned = dict(reversed(said.items()))

    one, other = (judge(each, asked=asked, holder=None, is_disputed=False) for each in (said, turned))

    assert (one[0], set(one[1])) == (other[0], set(other[1]))

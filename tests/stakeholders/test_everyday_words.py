"""From what people say to what it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakeholders.everyday_words import find
from stakeholders.seed import need_words

SEEDED = [(code, word) for code, words in need_words().items() for word in words]
WORDS = [("light", "灯不亮"), ("light", "路灯不亮"), ("water", "停水"), ("lift", "电梯坏了"), ("pipe", "Street Light")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("灯不亮", "2.1"),
        ("灯没亮", "2.1"),
        ("三楼的灯都不亮了", "2.1"),
        ("路灯坏了没人管", "2.1"),
        ("5栋电梯又困人了！", "1.3"),
        ("垃圾没有人清", "3.1"),
        ("楼道里堆满杂物", "3.3"),
        ("家里停水两天了", "2.2"),
        ("消防通道被堵了", "4.1"),
        ("下水道堵了", "2.2"),
        ("车乱停堵了大门", "5.1"),
        ("STREET LIGHT is out", "2.1"),
    ],
)
def test_what_people_say_leads_to_the_item(text: str, code: str) -> None:
    assert code in [hit.key for hit in find(text, SEEDED)[:2]]


def test_first_signs_find_what_they_may_become() -> None:
    assert [hit.key for hit in find("灯", WORDS)] == ["light"]
    assert [hit.key for hit in find("停", WORDS)] == ["water"]


def test_the_best_word_stands_for_its_key_with_what_was_said_of_it() -> None:
    [hit] = find("门口路灯都不亮", WORDS)

    assert (hit.key, hit.word) == ("light", "路灯不亮")
    assert hit.parts == [("路灯", True), ("不亮", True)]
    assert find("灯不亮", [("light", "路灯不亮")])[0].parts == [("路", False), ("灯不亮", True)]


@pytest.mark.parametrize("text", ["", "  ", "停在水边的车不见了没人理", "x"])
def test_signs_that_only_happen_to_occur_mean_nothing(text: str) -> None:
    assert find(text, [("water", "停水停电")]) == []


def test_no_more_than_asked_for() -> None:
    assert len(find("坏", SEEDED, most=3)) == 3


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 5), st.text(min_size=1, max_size=12)), max_size=12))
def test_any_text_is_answered_by_keys_once_each_and_parts_that_are_the_word(text: str, words: list) -> None:
    hits = find(text, words)

    assert len({hit.key for hit in hits}) == len(hits) <= 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert "".join(part for part, _is_said in hit.parts) == hit.word


@given(st.sampled_from(SEEDED))
def test_nothing_comes_before_a_word_said_in_full(said: tuple[str, str]) -> None:
    assert said[1] in find(said[1], SEEDED)[0].word

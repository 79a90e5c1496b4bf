"""What is typed, in its normal form, and where it stands in what is shown."""

import pytest

from stakeholders.search import full_name, marked, phone_ending, searchable


def wide(text: str) -> str:
    """The same in full-width signs, as a Chinese keyboard writes them."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@pytest.mark.parametrize(
    ("said", "plain"),
    [(wide("AZ-2026"), "az 2026"), ("  东湖·新居，3 栋 ", "东湖 新居 3 栋"), ("。！？", ""), ("", "")],
)
def test_text_is_searched_in_one_form(said: str, plain: str) -> None:
    assert searchable(said) == plain


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        ("2607", "2607"),
        (wide("2607"), "2607"),
        ("607", ""),
        ("12607", ""),
        ("26 07", ""),
        ("路灯 2607", ""),
        ("٢٦٠٧", ""),
    ],
)
def test_only_four_digits_are_the_end_of_a_phone_number(said: str, ending: str) -> None:
    assert phone_ending(said) == ending


@pytest.mark.parametrize(
    ("said", "name"), [("刘桂兰", "刘桂兰"), (" 刘桂兰 ", "刘桂兰"), ("Anna  Li", "Anna Li"), ("刘", ""), (" ", "")]
)
def test_a_surname_alone_is_no_name(said: str, name: str) -> None:
    assert full_name(said) == name


@pytest.mark.parametrize(
    ("text", "words", "parts"),
    [
        ("3 栋路灯不亮", ["路灯"], [("3 栋", False), ("路灯", True), ("不亮", False)]),
        (f"{wide('Lamp')} lamp", ["lamp"], [(wide("Lamp"), True), (" ", False), ("lamp", True)]),
        ("路灯路灯", ["路", "路灯"], [("路灯", True), ("路灯", True)]),
        ("a.b", ["."], [("a", False), (".", True), ("b", False)]),
        ("½ 路灯", ["路灯"], [("½ 路灯", False)]),  # becomes three signs, and so would the place of what is behind it
        ("路灯", [], [("路灯", False)]),
        ("", ["路灯"], []),
    ],
)
def test_words_are_marked_where_they_stand(text: str, words: list[str], parts: list[tuple[str, bool]]) -> None:
    assert marked(text, words) == parts

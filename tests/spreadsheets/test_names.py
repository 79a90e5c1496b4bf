"""Names are found however their blanks and widths are typed, and never guessed."""

import pytest
from django.core.exceptions import ValidationError

from spreadsheets.names import NameIndex
from stakeholders.models import Party
from tests.spreadsheets.files import WIDE


@pytest.mark.parametrize("word", ["aj-01", "AJ-01", "aj-01".translate(WIDE), "安居物业", "安居 物业", " 安居物业\n"])
def test_find_goes_by_code_and_name(word: str) -> None:
    party = Party(code="aj-01", name="安居物业")

    assert NameIndex([party, Party(code="aj-02", name="安居物业二部")]).find(word) is party


def test_find_of_nothing_is_nothing() -> None:
    assert NameIndex([Party(code="a", name="甲")]).find(" ") is None


@pytest.mark.parametrize("word", ["安居", "安居物业公司", "长" * 1000])
def test_find_refuses_what_is_not_known(word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NameIndex([Party(code="a", name="安居物业")]).find(word)

    assert len(refused.value.messages[0]) < 100


def test_find_refuses_the_name_of_several_but_takes_their_codes() -> None:
    first, second = Party(code="a", name="安居物业"), Party(code="b", name="安居物业")
    index = NameIndex([first, second])

    with pytest.raises(ValidationError):
        index.find("安居物业")
    assert index.find("b") is second


def test_find_takes_the_english_name_and_counts_one_that_is_the_same_once() -> None:
    party, same = Party(code="a", name="安居物业", name_en="Anju Property"), Party(code="b", name="BRT", name_en="BRT")
    index = NameIndex([party, same, Party(code="c", name="无英文名")])

    assert [index.find(word) for word in ("anju property", "brt")] == [party, same]

"""What a cell says."""

import pytest

from spreadsheets.table import is_blank, text


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (None, ""),
        ("　路灯 \n", "路灯"),
        (2549, "2549"),
        (2549.0, "2549"),
        (10.1, "10.1"),
        (13800002607.0, "13800002607"),
    ],
)
def test_text_is_what_a_reader_sees(cell: object, says: str) -> None:
    assert text(cell) == says


def test_a_row_of_blanks_is_blank() -> None:
    assert is_blank([None, " ", "　"])
    assert not is_blank([None, 0])

"""Names of files that are kept."""

import pytest

from spreadsheets.file_names import kept_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.csv", "a.csv"),
        ("123456.csv", "123456.csv"),
        ("1234567.csv", "123456.csv"),
        ("12345678901", "1234567890"),
        (".12345678901", ".123456789"),
        ("1.2345678901234", ".234567890"),
    ],
)
def test_long_name_keeps_its_ending(name: str, kept: str) -> None:
    assert kept_name(name, 10) == kept

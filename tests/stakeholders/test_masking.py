"""Names and numbers that may be shown."""

import pytest

from stakeholders import masking


@pytest.mark.parametrize(("name", "masked"), [("刘桂兰", "刘**"), ("欧阳", "欧**"), ("", "")])
def test_names_are_masked(name: str, masked: str) -> None:
    assert masking.masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"), [("13800002607", "138****2607"), ("12345678", "123****5678"), ("1234567", "****"), ("", "")]
)
def test_phone_numbers_are_masked(phone: str, masked: str) -> None:
    assert masking.masked_phone(phone) == masked

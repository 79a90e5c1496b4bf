"""Which years can be meant."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError

from stakeholders.years import EARLIEST, LATEST, OUTSIDE, is_meant, require_meant

DAY = timedelta(days=1)
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1, 1, 1), False),
        (EARLIEST - DAY, False),
        (EARLIEST, True),
        (LATEST, True),
        (LATEST + DAY, False),
        (date(9999, 12, 31), False),
        (datetime(1, 1, 1, tzinfo=EAST), False),
        (datetime(1900, 1, 1, tzinfo=EAST), True),
        (datetime(1899, 12, 31, 9, 59, tzinfo=UTC), False),
        (datetime(2200, 12, 31, 23, 59, 59, tzinfo=WEST), True),
        (datetime(2201, 1, 1, 12, tzinfo=UTC), False),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=WEST), False),
    ],
)
def test_day_or_moment_can_be_meant_wherever_on_earth(day: date | datetime, expected: bool) -> None:
    assert is_meant(day) is expected


def test_refusal_names_the_years() -> None:
    assert str(OUTSIDE) == f"Give a date from {EARLIEST.year} to {LATEST.year}."
    with pytest.raises(ValidationError, match=f"from {EARLIEST.year} to {LATEST.year}"):
        require_meant(LATEST + DAY)
    assert require_meant(LATEST) is None

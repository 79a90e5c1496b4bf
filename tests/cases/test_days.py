"""Days of the office, and the months in them."""

from datetime import date

import pytest

from cases.days import Days, month_of


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-11-01", "2026-12-01", ["2026-11-01:2026-12-01"]),
        ("2026-11-30", "2026-12-02", ["2026-11-30:2026-12-01", "2026-12-01:2026-12-02"]),
        ("2025-12-31", "2026-01-01", ["2025-12-31:2026-01-01"]),
        ("2026-10-10", "2026-12-05", ["2026-10-10:2026-11-01", "2026-11-01:2026-12-01", "2026-12-01:2026-12-05"]),
        ("9998-11-01", "9998-12-31", ["9998-11-01:9998-12-01", "9998-12-01:9998-12-31"]),
    ],
)
def test_months_are_those_that_days_touch_as_far_as_they_do(since: str, until: str, expected: list[str]) -> None:
    assert [month.key for month in Days.read(since, until).months()] == expected


@pytest.mark.parametrize(
    ("day", "month"),
    [(date(2026, 2, 28), "2026-02-01:2026-03-01"), (date(2026, 12, 31), "2026-12-01:2027-01-01")],
)
def test_month_of_a_day(day: date, month: str) -> None:
    assert month_of(day).key == month

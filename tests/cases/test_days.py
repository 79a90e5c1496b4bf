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
        ("2200-11-01", "2200-12-31", ["2200-11-01:2200-12-01", "2200-12-01:2200-12-31"]),
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


@pytest.mark.parametrize(("since", "until"), [("1899-12-31", "1900-02-01"), ("2200-12-01", "2201-01-01")])
def test_days_outside_of_the_years_that_can_be_meant_are_refused(since: str, until: str) -> None:
    [words] = Days(date.fromisoformat(since), date.fromisoformat(until)).complaints().values()

    assert words == "Give a date from 1900 to 2200."

"""Gaps by month, and where they stand on the slider."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from settle_gov.web.duties.months import Axis, Month, axis, months
from stakeholders.models import Episode
from tests.factories.cases import item
from tests.factories.stakeholders import BuildingFactory, EstateFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 20)


def midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)


def episode(estate, state: str, since: str | None, until: str | None, *, code: str = "3.1", building=None) -> None:
    Episode.objects.create(
        estate=estate,
        building=building,
        need_item=item(code),
        state=state,
        since=midnight(since) if since else None,
        until=midnight(until) if until else None,
    )


def told(estates) -> dict[str, tuple[int, int]]:
    """Vacuum and multi-head by month, where there is any."""
    return {
        f"{month.first_day:%Y-%m}": (month.vacuum, month.multi_head) for month in months(estates, TODAY) if month.gaps
    }


@pytest.mark.django_db
def test_months_count_what_is_open_at_their_last_instant():
    estate = EstateFactory()
    episode(estate, "vacuum", "2026-08-31", "2026-10-01")  # to the end of September
    episode(estate, "multi_head", "2026-10-31", "2026-11-30", code="3.2")
    episode(estate, "vacuum", "2026-06-05", "2026-06-25", code="3.3")  # begins and ends within a month

    assert told([estate]) == {"2026-08": (1, 0), "2026-09": (1, 0), "2026-10": (0, 1)}


@pytest.mark.django_db
def test_months_reach_from_two_years_back_to_half_a_year_ahead_of_what_is_open_on_both_ends():
    estate = EstateFactory()
    episode(estate, "vacuum", None, None)

    found = told([estate])

    assert (len(found), min(found), max(found), set(found.values())) == (31, "2024-11", "2027-05", {(1, 0)})


@pytest.mark.django_db
def test_months_count_a_cell_once_for_the_worse_of_its_states():
    estate = EstateFactory()
    first, second = BuildingFactory(estate=estate), BuildingFactory(estate=estate)
    episode(estate, "multi_head", "2026-09-01", "2026-12-01")
    episode(estate, "multi_head", "2026-09-01", "2026-12-01", building=first)
    episode(estate, "vacuum", "2026-10-01", "2026-11-01", building=second)

    assert told([estate]) == {"2026-09": (0, 1), "2026-10": (1, 0), "2026-11": (0, 1)}


@pytest.mark.django_db
def test_months_leave_out_backstops_and_other_estates():
    estate, other = EstateFactory(), EstateFactory()
    episode(estate, "backstop", None, None)
    episode(other, "vacuum", None, None)

    assert told([estate]) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_months_cost_one_query_for_any_number_of_estates(django_assert_num_queries, count):
    estates = [EstateFactory() for _ in range(count)]
    for estate in estates:
        episode(estate, "vacuum", None, None)

    with django_assert_num_queries(1):
        months(estates, TODAY)


@pytest.mark.django_db
@time_machine.travel("2026-11-20T08:00:00+00:00", tick=False)
def test_axis_puts_thumb_and_bars_on_one_scale_of_days():
    drawn = axis([EstateFactory()], date(2026, 11, 20))

    assert (drawn.first_day, drawn.last_day, drawn.length, drawn.value) == (
        date(2024, 11, 1),
        date(2027, 5, 31),
        941,
        749,
    )
    assert [f"{label.month:%Y-%m}" for label in drawn.labels] == ["2025-01", "2025-07", "2026-01"]
    assert (drawn.today_x, drawn.bars[0].x, drawn.bars[24].x) == ("79.60%", "0.00%", "77.58%")


@pytest.mark.parametrize(("day", "value"), [(date(2020, 1, 1), 0), (date(2040, 1, 1), 30)])
def test_axis_keeps_a_day_beyond_it_at_its_end(day, value):
    assert Axis([Month(date(2026, 10, 1), date(2026, 10, 31), 0, 0)], TODAY, day).value == value


def test_axis_draws_the_worst_month_highest_and_vacuum_below():
    many = Month(date(2026, 10, 1), date(2026, 10, 31), 6, 2)
    few = Month(date(2026, 11, 1), date(2026, 11, 30), 1, 1)

    tall, short = Axis([many, few], TODAY, TODAY).bars

    assert (tall.y, tall.multi_head_height, tall.vacuum_y, tall.vacuum_height) == (4, 8, 12, 24)
    assert (short.y, short.multi_head_height, short.vacuum_y, short.vacuum_height) == (28, 4, 32, 4)

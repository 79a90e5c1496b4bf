"""Case numbers run on within a day, however many are drawn at once."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import NumberSeries

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def test_draw_goes_on_where_the_last_one_stopped() -> None:
    assert NumberSeries.objects.draw(MONDAY) == ["AZ-20261116-0001"]
    assert NumberSeries.objects.draw(MONDAY, 2) == ["AZ-20261116-0002", "AZ-20261116-0003"]
    assert NumberSeries.objects.draw(TUESDAY) == ["AZ-20261117-0001"]


def test_draw_many_serves_all_days_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    NumberSeries.objects.draw(TUESDAY)

    with django_assert_num_queries(1):
        drawn = NumberSeries.objects.draw_many({TUESDAY: 1, MONDAY: 2})

    assert drawn == {MONDAY: ["AZ-20261116-0001", "AZ-20261116-0002"], TUESDAY: ["AZ-20261117-0002"]}


def test_draw_of_more_than_9999_a_day_makes_longer_numbers() -> None:
    NumberSeries.objects.create(day=MONDAY, last=9_999)

    assert NumberSeries.objects.draw(MONDAY) == ["AZ-20261116-10000"]

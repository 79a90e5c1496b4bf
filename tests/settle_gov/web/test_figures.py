"""The page of figures: numbers open the lists behind them, and only those who see an area read it."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of() -> Any:
    def signed_in(**given: Any) -> Client:
        client = Client()
        client.force_login(MembershipFactory(**given).user)
        return client

    return signed_in


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_cases(
    client_of: Any, count: int, django_assert_num_queries: Any
) -> None:
    MandateFactory(item="3.1")
    building = BuildingFactory()
    by = MembershipFactory(coordinator=True)
    for _ in range(count):
        logged_case(building=building, by=by)
    client = client_of(coordinator=True)

    with django_assert_num_queries(13):
        page = client.get("/figures/?since=2026-11-01&until=2026-12-01")

    assert f'numerator%3A2026-11-01%3A2026-12-01">{count}<' in page.content.decode()


def test_number_opens_just_the_cases_it_counts(client_of: Any) -> None:
    building = BuildingFactory()
    by = MembershipFactory(coordinator=True)
    case = logged_case(building=building, by=by, title="十一月")
    logged_case(building=building, by=by, title="十月", at=MONDAY.replace(month=10))
    client = client_of(coordinator=True)

    page = client.get("/cases/?measured=valid:denominator:2026-11-01:2026-12-01")

    assert [row.case for row in page.context["rows"]] == [case]


@pytest.mark.parametrize(
    "asked",
    [
        "valid",
        "valid:numerator:2026-11-01",
        "other:numerator:2026-11-01:2026-12-01",
        "valid:part:2026-11-01:2026-12-01",
        "valid:numerator:2026-12-01:2026-11-01",
        "valid:numerator:2026-11-31:2026-12-01",
        "valid:numerator:1:2:3",
    ],
)
def test_list_behind_no_figure_is_an_error(client_of: Any, asked: str) -> None:
    page = client_of(coordinator=True).get("/cases/", {"measured": asked})

    assert page.status_code == 422
    assert "on_time:numerator" in page.content.decode()


@time_machine.travel(MONDAY, tick=False)
def test_period_is_this_month_unless_it_is_named(client_of: Any) -> None:
    page = client_of(coordinator=True).get("/figures/")

    assert (page.context["since"].isoformat(), page.context["until"].isoformat()) == ("2026-11-01", "2026-11-17")


@pytest.mark.parametrize("asked", ["since=2026-12-01&until=2026-11-01", "since=x", "until=2026-13-01"])
def test_period_that_makes_no_sense_is_named(client_of: Any, asked: str) -> None:
    page = client_of(coordinator=True).get(f"/figures/?{asked}")

    assert page.status_code == 422
    assert page.context["form"].errors


def test_handlers_and_grid_workers_do_not_read_figures(client_of: Any) -> None:
    assert client_of().get("/figures/").status_code == 403
    assert client_of(auditor=True).get("/figures/").status_code == 200

"""The dry run of a step by REST."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.services.escalate import escalate
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
DRY_RUN = "escalation-rules/dry-run/"
AT_ONCE = {"trigger": "vacuum", "amount": 0, "unit": "hour", "action": "raise"}


@pytest.fixture
def reader() -> ApiClient:
    return ApiClient(MembershipFactory(auditor=True))


@pytest.mark.parametrize("rows", [1, 3])
def test_dry_run_names_the_cases_newest_first_in_a_constant_number_of_queries(
    reader: ApiClient, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    numbers = [logged_case(at=timezone.now() - timedelta(days=9 - nth)).number for nth in range(rows)]
    escalate()
    reader.read(DRY_RUN, **AT_ONCE)

    with django_assert_num_queries(5):  # the token; the edition of the calendar, faults, what fired, the cases
        answer = reader.read(DRY_RUN, **AT_ONCE)
    assert [each["case"] for each in answer["newest"]] == numbers[::-1]
    assert [answer[name] for name in ("firings", "cases", "fired")] == [rows, rows, 0]
    assert answer["since"] < answer["newest"][-1]["at"] < answer["until"]


def test_dry_run_counts_only_cases_that_the_reader_sees() -> None:
    mine, _other = (logged_case(at=timezone.now() - timedelta(days=2)) for _ in range(2))
    escalate()

    answer = ApiClient(MembershipFactory(auditor=True, area=mine.area)).read(DRY_RUN, **AT_ONCE)
    assert (answer["firings"], [each["case"] for each in answer["newest"]]) == (1, [mine.number])


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"unit": "week"}, ["unit"]),
        ({"amount": -1, "trigger": "x\0"}, ["amount", "trigger"]),
        ({"amount": 10**30}, ["amount"]),
        ({"amount": ""}, ["amount"]),
        ({"page_size": 2}, ["page_size"]),
    ],
)
def test_dry_run_names_what_is_wrong(reader: ApiClient, asked: dict[str, object], names: list[str]) -> None:
    refused(reader.get(ROOT + DRY_RUN, {**AT_ONCE, **asked}), 400, *names)


def test_dry_run_is_for_who_sees_an_area() -> None:
    refused(ApiClient(MembershipFactory()).get(ROOT + DRY_RUN, AT_ONCE), 403)

"""GET /api/v1/statistics/: each figure with its numbers, what they mean, and the lists of the very cases."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine

from cases.measures import MEASURES
from cases.models import Case, Rating
from cases.services.sign_for_case import sign_for_case
from stakeholders.roles import Role
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import BuildingFactory, GridFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
STATISTICS = "statistics/"
AUTUMN = {"from": "2026-10-15", "until": "2026-12-15"}


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


@pytest.fixture
def town() -> list[Case]:
    """Three cases: signed for and rated, with nobody, and not classified."""
    mandate = MandateFactory(item="3.1")
    by, building = MembershipFactory(coordinator=True), BuildingFactory()
    cases = [
        logged_case(building=building, by=by),
        logged_case(building=building, by=by, need_item=item("4.1"), at=MONDAY.replace(month=10, day=20)),
        logged_case(building=building, by=by, need_item=None),
    ]
    sign_for_case(cases[0], by=MembershipFactory(party=mandate.party), at=MONDAY)
    for cycle, month in enumerate((11, 12)):
        Rating.objects.create(case=cases[0], cycle=cycle, solved=month == 12, at=MONDAY.replace(month=month, day=10))
    return cases


def behind(client: ApiClient, address: str) -> int:
    """The length of the list that an address opens."""
    asked = urlsplit(address)
    assert asked.path == f"{ROOT}cases/"
    return int(client.read("cases/", **dict(parse_qsl(asked.query)), count="true")["count"])


def test_figure_says_what_it_counts(client: ApiClient, town: list[Case]) -> None:
    answer = client.read(STATISTICS, **AUTUMN, measure="valid")

    assert (answer["from"], answer["until"], answer["by"]) == ("2026-10-15", "2026-12-15", None)
    [group] = answer["results"]
    [figure] = group.pop("figures")
    assert group == {"group": None, "name": None}
    cases, among = figure.pop("cases_url"), figure.pop("among_url")
    assert figure == {
        "measure": "valid",
        "name": "Valid-report rate",
        "unit": "share",
        "numerator": 3,
        "denominator": 3,
        "value": 1.0,
        "definition": str(MEASURES["valid"].definition),
    }
    assert cases == f"http://testserver{ROOT}cases/?measured=valid%3Anumerator%3A2026-10-15%3A2026-12-15"
    assert among == f"http://testserver{ROOT}cases/?measured=valid%3Adenominator%3A2026-10-15%3A2026-12-15"


@pytest.mark.parametrize("asked", [{}, {"by": "party"}, {"by": "need_item"}, {"by": "estate"}, {"by": "month"}])
@pytest.mark.parametrize("narrowed", [{}, {"need_item": "3.1,4.1"}])
def test_every_number_opens_the_list_behind_it(
    client: ApiClient, town: list[Case], asked: dict[str, str], narrowed: dict[str, str]
) -> None:
    answer = client.read(STATISTICS, **AUTUMN, **asked, **narrowed)

    counted = 0
    for group in answer["results"]:
        assert [each["measure"] for each in group["figures"]] == list(MEASURES)
        for figure in group["figures"]:
            assert figure["denominator"] == behind(client, figure["among_url"])
            if figure["unit"] == "share":
                assert figure["numerator"] == behind(client, figure["cases_url"])
            counted += figure["denominator"]
    assert counted > 10


def test_groups_are_named_and_nobody_comes_last(client: ApiClient, town: list[Case]) -> None:
    parties = client.read(STATISTICS, **AUTUMN, by="party", measure="valid")["results"]

    lead = town[0].lead
    assert lead is not None
    assert [(each["group"], each["name"], each["figures"][0]["denominator"]) for each in parties] == [
        (lead.code, str(lead), 1),
        (None, None, 2),
    ]


def test_value_of_nothing_is_null(client: ApiClient) -> None:
    [group] = client.read(STATISTICS, **AUTUMN)["results"]

    assert {each["value"] for each in group["figures"]} == {None}


def test_mean_is_in_seconds(client: ApiClient, town: list[Case]) -> None:
    Case.objects.filter(pk=town[0].pk).update(resolved_at=MONDAY.replace(hour=11))

    [group] = client.read(STATISTICS, **AUTUMN, measure="handling_time")["results"]

    assert [(each["unit"], each["numerator"], each["value"]) for each in group["figures"]] == [("seconds", 7200, 7200)]


def test_cases_that_the_actor_does_not_see_are_not_counted(town: list[Case]) -> None:
    far = ApiClient(MembershipFactory(coordinator=True, area__code="330106000000"))

    [group] = far.read(STATISTICS, **AUTUMN, measure="valid")["results"]

    assert group["figures"][0]["denominator"] == 0


@time_machine.travel(MONDAY, tick=False)
def test_period_is_this_month_so_far_unless_it_is_named(client: ApiClient) -> None:
    answer = client.read(STATISTICS)

    assert (answer["from"], answer["until"]) == ("2026-11-01", "2026-11-17")


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"from": "2026-12-01", "until": "2026-11-01"}, "until"),
        ({"from": "2026-11-31"}, "from"),
        ({"until": "9999-12-31"}, "until"),
        ({"from": "0001-01-01"}, "from"),
        ({"by": "weather"}, "by"),
        ({"measure": "valid,other"}, "measure"),
        ({"measure": "valid\0"}, "measure"),
        ({"need_item": "99.9"}, "need_item"),
        ({"estate": "nowhere"}, "estate"),
        ({"area": "1"}, "area"),
        ({"stage": "closed"}, "stage"),
        ({"measured": "valid:numerator:2026-11-01:2026-12-01"}, "measured"),
        ({"by": ""}, "by"),
        ({"from": "1900-01-01", "until": "2200-01-01", "by": "month"}, "by"),
    ],
)
def test_what_makes_no_sense_is_named(client: ApiClient, asked: dict[str, str], name: str) -> None:
    refused(client.get(ROOT + STATISTICS, asked), 400, name)


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.HANDLER])
def test_figures_are_for_those_who_see_an_area(role: Role) -> None:
    refused(
        ApiClient(MembershipFactory(role=role, grid=GridFactory() if role == Role.GRID_WORKER else None)).get(
            ROOT + STATISTICS
        ),
        403,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_the_same_for_any_number_of_cases(
    client: ApiClient, count: int, django_assert_num_queries: Any
) -> None:
    MandateFactory(item="3.1")
    for _each in range(count):
        logged_case()

    with django_assert_num_queries(11):
        answer = client.read(STATISTICS, **AUTUMN, by="estate")

    assert len(answer["results"]) == count

"""GET /api/v1/handoffs/: who hands cases to whom, how often, and how long they had them."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from cases.models import Case
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from stakeholders.models import Membership
from stakeholders.roles import Role
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import BuildingFactory, GridFactory, MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
HANDOFFS = "handoffs/"
NOVEMBER = {"from": "2026-11-01", "until": "2026-12-01"}
HOUR = timedelta(hours=1)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(coordinator: Membership) -> ApiClient:
    return ApiClient(coordinator)


@pytest.fixture
def town(coordinator: Membership) -> dict[str, Any]:
    """Two cases that a party hands to another: one back and forth, one returned first; and one that stays."""
    mandate, other = MandateFactory(item="3.1"), PartyFactory(code="sq-donghu")
    building = BuildingFactory()
    forth, returned, _stays = (logged_case(building=building, by=coordinator) for _ in range(3))
    _to(forth, other, coordinator, 2)
    _to(forth, mandate.party, coordinator, 5)
    _to(forth, other, coordinator, 6)
    return_case(returned, ground="不归我们", by=MembershipFactory(party=mandate.party), at=MONDAY + HOUR)
    _to(returned, other, coordinator, 4)
    return {"one": mandate.party.code, "two": other.code, "forth": forth, "returned": returned}


def _to(case: Case, party: Any, by: Membership, hours: int) -> None:
    reassign_case(case, lead=party, reason="另有职责", by=by, at=MONDAY + hours * HOUR)


def test_pairs_are_counted_the_most_frequent_first(client: ApiClient, town: dict[str, Any]) -> None:
    answer = client.read(HANDOFFS, **NOVEMBER)

    assert (answer["from"], answer["until"]) == ("2026-11-01", "2026-12-01")
    for row in answer["results"]:
        row.pop("cases_url")
    assert answer["results"] == [
        {
            "from_party": town["one"],
            "to_party": town["two"],
            "count": 3,
            "returned": 1,
            "cases": 2,
            "hours_held": 4.0,
            "hours_between": 3.0,
        },
        {
            "from_party": town["two"],
            "to_party": town["one"],
            "count": 1,
            "returned": 0,
            "cases": 1,
            "hours_held": 3.0,
            "hours_between": 0.0,
        },
    ]


def test_number_opens_the_cases(client: ApiClient, town: dict[str, Any]) -> None:
    there, back = client.read(HANDOFFS, **NOVEMBER)["results"]

    opened = [set(client.numbers(**dict(parse_qsl(urlsplit(row["cases_url"]).query)))) for row in (there, back)]

    assert opened == [{town["forth"].number, town["returned"].number}, {town["forth"].number}]


@pytest.mark.parametrize(("name", "expected"), [("from_party", 3), ("to_party", 1)])
def test_one_side_can_be_asked_for(client: ApiClient, town: dict[str, Any], name: str, expected: int) -> None:
    rows = client.read(HANDOFFS, **NOVEMBER, **{name: town["one"]})["results"]

    assert [row["count"] for row in rows] == [expected]


def test_cases_that_the_actor_does_not_see_are_not_counted(town: dict[str, Any]) -> None:
    far = ApiClient(MembershipFactory(coordinator=True, area__code="330106000000"))

    assert far.read(HANDOFFS, **NOVEMBER)["results"] == []


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"from": "2026-12-01", "until": "2026-11-01"}, "until"),
        ({"from": "yesterday"}, "from"),
        ({"from_party": "nobody"}, "from_party"),
        ({"to_party": "a\0"}, "to_party"),
        ({"party": "nobody"}, "party"),
    ],
)
def test_what_makes_no_sense_is_named(client: ApiClient, asked: dict[str, str], name: str) -> None:
    refused(client.get(ROOT + HANDOFFS, asked), 400, name)


@pytest.mark.parametrize(
    "asked", ["a:b", "nobody:sq-donghu:2026-11-01:2026-12-01", "sq-donghu:sq-donghu:2026-12-01:2026-11-01", "a:b:c:d"]
)
def test_list_behind_no_handoffs_is_an_error(client: ApiClient, asked: str) -> None:
    PartyFactory(code="sq-donghu")

    refused(client.get(f"{ROOT}cases/", {"handed": asked}), 400, "handed")


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.HANDLER])
def test_handoffs_are_for_those_who_see_an_area(role: Role) -> None:
    refused(
        ApiClient(MembershipFactory(role=role, grid=GridFactory() if role == Role.GRID_WORKER else None)).get(
            ROOT + HANDOFFS
        ),
        403,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_handoffs_cost_the_same_for_any_number_of_pairs(
    client: ApiClient, coordinator: Membership, count: int, django_assert_num_queries: Any
) -> None:
    MandateFactory(item="3.1")
    for _each in range(count):
        _to(logged_case(by=coordinator), PartyFactory(), coordinator, 2)

    with django_assert_num_queries(4):
        answer = client.read(HANDOFFS, **NOVEMBER)

    assert len(answer["results"]) == count

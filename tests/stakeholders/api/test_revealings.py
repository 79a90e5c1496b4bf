"""GET revealings/: who looked whom up."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import AreaFactory, MembershipFactory, ResidentFactory, RevealingFactory

pytestmark = pytest.mark.django_db
ELSEWHERE = "440106001000"


@pytest.fixture
def keeper() -> ApiClient:
    return ApiClient(MembershipFactory(administrator=True))


def ids(client: ApiClient, **parameters: str) -> list[int]:
    return [each["id"] for each in client.read("revealings/", **parameters)["results"]]


def test_revealing_tells_who_when_and_why_and_no_name(keeper: ApiClient) -> None:
    line = RevealingFactory(at=datetime(2026, 11, 20, tzinfo=UTC))

    response = keeper.get(f"{ROOT}revealings/")

    assert response.json()["results"] == [
        {
            "id": line.pk,
            "resident": line.resident_id,
            "user": line.by.user.username,
            "party": line.by.party.code,
            "reason": "上门核实",
            "at": "2026-11-20T08:00:00+08:00",
        }
    ]
    assert line.resident.name not in response.content.decode()


@pytest.mark.parametrize("role", ["coordinator", "auditor", "api_client", "grid_worker"])
def test_revealings_are_for_administrators(role: str) -> None:
    RevealingFactory()

    refused(ApiClient(MembershipFactory(**{role: True})).get(f"{ROOT}revealings/"), 403)


def test_revealings_end_at_the_area_of_the_actor(keeper: ApiClient) -> None:
    far = AreaFactory(code=ELSEWHERE)
    RevealingFactory(
        resident__household__building__estate__grid__area=far, by=MembershipFactory(coordinator=True, area=far)
    )
    province = MembershipFactory(coordinator=True, area=AreaFactory(code="370000000000"))
    from_above = RevealingFactory(by=province)

    assert ids(keeper) == [from_above.pk]


def test_resident_who_was_removed_stays_in_the_list(keeper: ApiClient) -> None:
    line = RevealingFactory()
    number = line.resident_id
    line.resident.delete()

    assert [each["resident"] for each in keeper.read("revealings/")["results"]] == [number]
    assert ids(keeper, resident=str(number)) == [line.pk]


def test_revealings_can_be_asked(keeper: ApiClient) -> None:
    old = RevealingFactory(at=datetime(2026, 1, 1, tzinfo=UTC))
    new = RevealingFactory(at=datetime(2026, 2, 1, tzinfo=UTC), resident=ResidentFactory())

    assert ids(keeper) == [new.pk, old.pk]
    assert ids(keeper, resident=str(old.resident_id)) == [old.pk]
    assert ids(keeper, user=new.by.user.username) == [new.pk]
    assert ids(keeper, at__gte="2026-01-15T00:00:00Z") == [new.pk]
    assert ids(keeper, at__lt="2026-01-15T00:00:00Z") == [old.pk]
    assert keeper.read("revealings/", page_size="1")["next"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("resident", "x"), ("resident", "0"), ("resident", "9" * 30), ("at__gte", "2026-01-01"), ("reason", "x")],
)
def test_revealings_refuse_what_makes_no_sense(keeper: ApiClient, name: str, value: str) -> None:
    refused(keeper.get(f"{ROOT}revealings/", {name: value}), 400, name)


@pytest.mark.parametrize("row_count", [1, 3])
def test_revealings_cost_two_queries(
    keeper: ApiClient, row_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(row_count):
        RevealingFactory()
    keeper.read("me/")

    with django_assert_num_queries(2):
        assert len(ids(keeper)) == row_count

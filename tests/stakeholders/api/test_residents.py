"""GET of households and residents, and POST of residents/{id}/reveal/."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import KeptAnswer, Revealing
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import HouseholdFactory, MembershipFactory, ResidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def test_household_has_its_shape(client: ApiClient) -> None:
    home = HouseholdFactory()

    assert client.read(f"households/{home.code}/") == {
        "code": home.code,
        "building": home.building.code,
        "unit": "1",
        "room": "302",
        "kind": "villager",
    }


def test_resident_is_masked(client: ApiClient) -> None:
    resident = ResidentFactory()

    shown = client.read(f"residents/{resident.pk}/")

    assert (shown["name"], shown["phone"]) == ("刘**", "138****2607")
    assert client.read("residents/")["results"] == [shown]


def test_reveal_shows_all_and_leaves_a_line(client: ApiClient) -> None:
    resident = ResidentFactory()

    response = client.send(f"residents/{resident.pk}/reveal/", {"reason": "上门核实"})

    assert (response.json()["name"], response.json()["phone"]) == ("刘桂兰", "13800002607")
    assert response["Cache-Control"] == "no-store"
    assert Revealing.objects.get().resident == resident


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": 1}, {"reason": "a\0b"}])
def test_reveal_wants_a_reason(client: ApiClient, body: dict[str, object]) -> None:
    refused(client.send(f"residents/{ResidentFactory().pk}/reveal/", body), 400, "reason")

    assert not Revealing.objects.exists()


@pytest.mark.parametrize(
    ("role", "sees", "reveals"),
    [("api_client", 200, 403), ("administrator", 200, 403), ("auditor", 403, 403), ("coordinator", 200, 200)],
)
def test_roles(role: str, sees: int, reveals: int) -> None:
    resident, client = ResidentFactory(), ApiClient(MembershipFactory(**{role: True}))

    assert client.get(f"{ROOT}residents/").status_code == sees
    assert client.get(f"{ROOT}households/").status_code == sees
    assert client.send(f"residents/{resident.pk}/reveal/", {"reason": "x"}).status_code == reveals


def test_residents_end_at_the_area_of_the_actor(client: ApiClient) -> None:
    other = ResidentFactory(household__building__estate__grid__area__code="440106001000")

    assert client.read("residents/")["results"] == []
    refused(client.get(f"{ROOT}residents/{other.pk}/"), 404)
    refused(client.send(f"residents/{other.pk}/reveal/", {"reason": "x"}), 404)
    refused(client.get(f"{ROOT}residents/", {"household": other.household.code}), 400, "household")
    refused(client.get(f"{ROOT}residents/", {"phone": other.phone}), 400, "phone")


@pytest.mark.parametrize("path", ["households", "residents"])
@pytest.mark.parametrize("row_count", [1, 3])
def test_list_costs_two_queries(
    client: ApiClient, path: str, row_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(row_count):
        ResidentFactory()
    client.read("me/")

    with django_assert_num_queries(2):
        assert len(client.read(f"{path}/")["results"]) == row_count


def test_reveal_takes_no_key_for_its_answer_is_not_kept() -> None:
    resident, client = ResidentFactory(), ApiClient(MembershipFactory(coordinator=True))

    response = client.send(f"residents/{resident.pk}/reveal/", {"reason": "回访"}, headers={"idempotency-key": "k"})

    refused(response, 400, "Idempotency-Key")
    assert (Revealing.objects.count(), KeptAnswer.objects.count()) == (0, 0)

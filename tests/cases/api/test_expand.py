"""`?expand=`: what a case names by its code stands as a whole, for those who may see it."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.services.link_duplicate import link_duplicate
from stakeholders.models import Mandate, Membership
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
NAMES = ("lead", "supports", "estate", "building", "need_item", "main_case")


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(coordinator: Membership) -> ApiClient:
    return ApiClient(coordinator)


@pytest.fixture
def case() -> Case:
    """One that has a lead and somebody who helps."""
    MandateFactory(item="3.1")
    MandateFactory(item="3.1", role=Mandate.Role.SUPPORT)
    return logged_case()


@time_machine.travel(MONDAY, tick=False)
def test_objects_stand_as_at_their_own_address(client: ApiClient, case: Case) -> None:
    plain = client.read(f"cases/{case.number}/")

    told = client.read(f"cases/{case.number}/", expand=",".join(NAMES))

    assert told == plain | {
        "lead": client.read(f"parties/{plain['lead']}/"),
        "supports": [client.read(f"parties/{code}/") for code in plain["supports"]],
        "estate": client.read(f"estates/{plain['estate']}/"),
        "building": client.read(f"buildings/{plain['building']}/"),
        "need_item": client.read("need-items/3.1/"),
        "main_case": None,
    }
    assert len(told["supports"]) == 1


def test_list_has_the_same(client: ApiClient, case: Case) -> None:
    with time_machine.travel(MONDAY, tick=False):
        [listed] = client.read("cases/", expand="lead,estate")["results"]

        assert listed == client.read(f"cases/{case.number}/", expand="estate,lead")


def test_pages_go_on_with_it(client: ApiClient) -> None:
    for _each in range(3):
        logged_case()

    page = client.read("cases/", expand="building", fields="building", page_size=2)

    [last] = client.get(page["next"]).json()["results"]
    assert list(last) == ["building"]
    assert set(last["building"]) == {"code", "name", "estate", "grid"}


@time_machine.travel(MONDAY, tick=False)
def test_main_case_stands_as_a_whole(client: ApiClient, coordinator: Membership) -> None:
    main, other = logged_case(), logged_case()
    link_duplicate(other, main_case=main, by=coordinator, reason="同一件事")

    told = client.read(f"cases/{other.number}/", expand="main_case")["main_case"]

    assert told == client.read(f"cases/{main.number}/")


def test_what_the_actor_does_not_see_stays_a_code(case: Case) -> None:
    elsewhere = PartyFactory(area=EstateFactory().area)
    Case.objects.filter(pk=case.pk).update(lead=elsewhere)
    client = ApiClient(MembershipFactory(coordinator=True, area=case.area))
    refused(client.get(f"{ROOT}parties/{elsewhere.code}/"), 404)

    told = client.read(f"cases/{case.number}/", expand="lead,estate")

    assert told["lead"] == elsewhere.code
    assert told["estate"]["code"] == case.estate.code


def test_main_case_out_of_sight_stays_a_number(case: Case) -> None:
    out_of_sight = logged_case(building=BuildingFactory(estate=EstateFactory()))
    Case.objects.filter(pk=case.pk).update(main_case=out_of_sight)
    client = ApiClient(MembershipFactory(coordinator=True, area=case.area))
    refused(client.get(f"{ROOT}cases/{out_of_sight.number}/"), 404)

    assert client.read(f"cases/{case.number}/", expand="main_case")["main_case"] == out_of_sight.number


@pytest.mark.parametrize("text", ["", "x", "lead,", "lead.supervisor", "household", "title", "lead estate"])
def test_what_cannot_be_expanded_is_refused(client: ApiClient, case: Case, text: str) -> None:
    refused(client.get(f"{ROOT}cases/", {"expand": text}), 400, "expand")
    refused(client.get(f"{ROOT}cases/{case.number}/", {"expand": text}), 400, "expand")


def test_what_is_left_out_is_not_expanded(client: ApiClient, case: Case) -> None:
    refused(client.get(f"{ROOT}cases/{case.number}/", {"expand": "lead", "fields": "number"}), 400, "expand")
    assert set(client.read(f"cases/{case.number}/", expand="lead", fields="lead")["lead"]) >= {"code", "name"}


@pytest.mark.parametrize("accept", ["text/csv", "application/x-ndjson"])
def test_files_have_codes_only(client: ApiClient, accept: str) -> None:
    refused(client.get(f"{ROOT}cases/", {"expand": "lead"}, headers={"accept": accept}), 400, "expand")


@pytest.mark.parametrize("path", ["findings/", "estates/", "cases/{number}/events/"])
def test_other_lists_have_nothing_to_expand(client: ApiClient, case: Case, path: str) -> None:
    refused(client.get(ROOT + path.format(number=case.number), {"expand": "case"}), 400, "expand")


def test_where_something_is_written_nothing_is_expanded(client: ApiClient, case: Case) -> None:
    refused(client.send(f"cases/{case.number}/comment/?expand=lead", {"reason": "问过"}), 400, "expand")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "more"), [("lead", 1), ("supports", 1), ("estate", 1), ("building", 1), ("need_item", 1), ("main_case", 4)]
)
def test_each_name_costs_the_same_for_any_number(
    client: ApiClient, coordinator: Membership, case: Case, name: str, more: int, count: int
) -> None:
    for _each in range(count):
        main = logged_case()
        link_duplicate(logged_case(), main_case=main, by=coordinator, reason="同一件事")

    client.read("me/")  # the first request notes that the token is in use

    assert queries(client, expand=name) - queries(client) == more


def queries(client: ApiClient, **parameters: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        client.read("cases/", **parameters)
    return len(found)

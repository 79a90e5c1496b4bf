"""`?fields=`: an answer with only what the client has asked for."""

import json

import pytest

from stakeholders.models import Membership
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(coordinator: Membership) -> ApiClient:
    return ApiClient(coordinator)


def test_list_has_only_the_fields_that_were_asked_for(client: ApiClient) -> None:
    numbers = [logged_case().number for _ in range(3)]

    page = client.read("cases/", fields="stage,number", page_size=2)

    assert page["results"] == [{"number": number, "stage": "opened"} for number in numbers[:0:-1]]
    assert client.get(page["next"]).json()["results"] == [{"number": numbers[0], "stage": "opened"}]


def test_detail_has_only_the_fields_that_were_asked_for(client: ApiClient) -> None:
    case = logged_case()

    answer = client.get(f"{ROOT}cases/{case.number}/", {"fields": "number"})

    assert answer.json() == {"number": case.number}
    assert answer["ETag"] == f'"{case.version}"'


def test_other_lists_and_files_know_it_too(client: ApiClient) -> None:
    case = logged_case()

    assert client.read("findings/", fields="kind")["results"] == [{"kind": "vacuum"}]
    assert client.read(f"cases/{case.number}/events/", fields="seq", page_size=1)["results"] == [{"seq": 3}]
    assert set(client.read("estates/", fields="code,kind")["results"][0]) == {"code", "kind"}
    lines = client.get(f"{ROOT}cases/", {"fields": "number"}, headers={"accept": "application/x-ndjson"})
    assert json.loads(b"".join(lines)) == {"number": case.number}
    table = client.get(f"{ROOT}cases/", {"fields": "title,number"}, headers={"accept": "text/csv"})
    assert b"".join(table).decode().splitlines() == ["number,title", f"{case.number},{case.title}"]


@pytest.mark.parametrize("text", ["", "x", "number,", "number,search_text", "number stage"])
@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_a_field_that_is_not_there_is_refused(client: ApiClient, text: str, accept: str) -> None:
    logged_case()

    refused(client.get(f"{ROOT}cases/", {"fields": text}, headers={"accept": accept}), 400, "fields")


def test_a_field_that_is_not_there_is_refused_for_one(client: ApiClient) -> None:
    refused(client.get(f"{ROOT}cases/{logged_case().number}/", {"fields": "reporter"}), 400, "fields")


def test_what_is_written_shows_all(client: ApiClient) -> None:
    case = logged_case()

    refused(client.send(f"cases/{case.number}/comment/?fields=number", {"reason": "问过"}), 400, "fields")

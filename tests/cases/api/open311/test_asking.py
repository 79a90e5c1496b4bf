"""Open311 GeoReport v2: services and requests, as the clients that there are ask for them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from cases.services.void_case import void_case
from stakeholders.models import NeedItem
from stakeholders.services.issue_token import issue_token
from tests.cases.api.open311.speaking import ROOT, as_json, as_xml, numbers, refused
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import AreaFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def test_discovery_names_the_endpoint(anybody: Client) -> None:
    root = as_xml(anybody, "discovery")

    assert root.tag == "discovery"
    assert root.findtext("endpoints/endpoint/url") == "http://testserver/open311/v2"
    assert [each.text for each in root.iterfind("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]
    assert as_json(anybody, "discovery")["endpoints"][0]["type"] == "production"


def test_services_are_the_items_of_need(anybody: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        services = as_json(anybody, "services")

    assert [each["service_code"] for each in services] == list(NeedItem.objects.values_list("code", flat=True))
    first = services[0]
    assert (first["metadata"], first["type"], first["group"]) == (False, "realtime", str(item("1.1").need_class))
    root = as_xml(anybody, "services")
    assert (root.tag, root[0].tag, root.findtext("service/metadata")) == ("services", "service", "false")


def test_service_has_a_definition_or_is_not_there(anybody: Client) -> None:
    assert as_json(anybody, "services/3.1") == {"service_code": "3.1", "attributes": []}
    assert as_xml(anybody, "services/3.1").tag == "service_definition"
    refused(anybody.get(f"{ROOT}services/99.9.xml"), 404)


def test_request_is_a_case_in_the_words_of_the_standard(anybody: Client, key: str) -> None:
    party = MandateFactory(item="3.1").party
    case = logged_case(description="刘桂兰说三天了")

    [told] = as_json(anybody, f"requests/{case.number}", api_key=key)

    assert told["service_request_id"] == case.number
    assert (told["status"], told["service_code"], told["agency_responsible"]) == ("open", "3.1", str(party))
    assert (told["address_id"], told["description"]) == (case.building.code, "刘桂兰说三天了")
    assert told["requested_datetime"] == "2026-11-16T09:14:00+08:00"
    assert told["expected_datetime"] is not None
    assert "extended_attributes" not in told
    root = as_xml(anybody, f"requests/{case.number}")
    assert (root.tag, root[0].tag) == ("service_requests", "request")
    assert root.findtext("request/service_request_id") == case.number


def test_nobody_in_particular_does_not_see_what_people_wrote(anybody: Client, key: str) -> None:
    logged_case(title="刘桂兰家漏水", description="电话 13800002607")

    assert "13800002607" not in anybody.get(f"{ROOT}requests.json").content.decode()
    assert "刘桂兰" not in anybody.get(f"{ROOT}requests.xml").content.decode()
    assert as_json(anybody, "requests", api_key=key)[0]["description"] == "电话 13800002607"


def test_member_sees_only_what_it_sees_elsewhere(anybody: Client) -> None:
    far = MembershipFactory(api_client=True, area=AreaFactory(code="110105001001"))
    case = logged_case()
    _token, key = issue_token(far, name="311")

    assert numbers(anybody, api_key=key) == []
    refused(anybody.get(f"{ROOT}requests/{case.number}.json", {"api_key": key}), 404)
    assert numbers(anybody) == [case.number]


def test_gaps_ride_along_only_when_asked_for(anybody: Client) -> None:
    logged_case()

    [told] = as_json(anybody, "requests", extensions="true")

    assert told["extended_attributes"] == {"responsibility": "vacuum", "vacuum": True, "multi_head": False}


def test_status_has_two_words(anybody: Client) -> None:
    coordinator = MembershipFactory(coordinator=True)
    open_one, ended = logged_case(by=coordinator), logged_case(by=coordinator)
    void_case(ended, by=coordinator, reason="误报")

    assert numbers(anybody, status="open") == [open_one.number]
    assert numbers(anybody, status="closed") == [ended.number]
    assert sorted(numbers(anybody, status="open,closed")) == sorted([open_one.number, ended.number])
    refused(anybody.get(f"{ROOT}requests.json", {"status": "done"}), 400)


def test_requests_can_be_asked_for_by_code_and_number(anybody: Client) -> None:
    waste, light = logged_case(), logged_case(need_item=item("1.1"))

    assert numbers(anybody, service_code="3.1") == [waste.number]
    assert sorted(numbers(anybody, service_code="3.1,1.1")) == sorted([waste.number, light.number])
    assert numbers(anybody, service_request_id=f"{light.number},AZ-1") == [light.number]


def test_time_is_ninety_days_unless_it_is_named(anybody: Client) -> None:
    now = timezone.now()
    new = logged_case(at=now - timedelta(days=89))
    old = logged_case(at=now - timedelta(days=91))
    long_ago = (now - timedelta(days=100)).isoformat()

    assert numbers(anybody) == [new.number]
    assert numbers(anybody, start_date=long_ago) == [new.number, old.number]
    assert numbers(anybody, end_date=(now - timedelta(days=90)).isoformat()) == [old.number]
    assert numbers(anybody, updated_after=long_ago) == [new.number, old.number]
    assert numbers(anybody, updated_before=long_ago) == []
    assert numbers(anybody, service_request_id=old.number) == [old.number]


def test_pages_follow_one_another(anybody: Client) -> None:
    made = [logged_case(at=timezone.now() - timedelta(days=day)).number for day in range(3)]

    assert numbers(anybody, page_size=2) == made[:2]
    assert numbers(anybody, page_size=2, page=2) == made[2:]
    assert numbers(anybody, page_size=2, page=3) == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_one_query_for_anybody(
    anybody: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(count):
        logged_case()

    with django_assert_num_queries(1):
        assert len(numbers(anybody)) == count


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "9" * 30),
        ("page_size", "201"),
        ("page_size", "x"),
        ("start_date", "yesterday"),
        ("start_date", "2026-01-01T00:00:00"),
        ("end_date", "9999-12-31T23:59:59-12:00"),
        ("extensions", "yes"),
        ("nonsense", "1"),
        ("service_request_id", "AZ\0"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(anybody: Client, name: str, value: str) -> None:
    for ending in ("xml", "json"):
        assert name in refused(anybody.get(f"{ROOT}requests.{ending}", {name: value}), 400)


def test_token_is_the_number(anybody: Client) -> None:
    case = logged_case()

    assert as_json(anybody, f"tokens/{case.number}") == [{"service_request_id": case.number, "token": case.number}]
    refused(anybody.get(f"{ROOT}tokens/AZ-1.json"), 404)
    refused(anybody.get(f"{ROOT}requests/AZ-1.xml"), 404)


def test_xml_has_no_sign_that_xml_cannot_hold(anybody: Client, key: str) -> None:
    case = logged_case(description="a\x0bb<&>")

    assert as_xml(anybody, f"requests/{case.number}", api_key=key).findtext("request/description") == "ab<&>"


def test_town_may_keep_it_to_members(anybody: Client, key: str, settings: Settings) -> None:
    settings.PUBLIC_REPORTS = False

    refused(anybody.get(f"{ROOT}requests.json"), 403)
    assert numbers(anybody, api_key=key) == []


@pytest.mark.parametrize("path", ["requests", "requests.csv", "requests/AZ-1"])
def test_other_addresses_lead_nowhere(anybody: Client, path: str) -> None:
    assert anybody.get(ROOT + path).status_code == 404


@pytest.mark.parametrize("path", ["more", "requests/no-number", "tokens/1/2", "services/3.1/more"])
def test_client_that_reads_every_answer_can_read_that_there_is_nothing(anybody: Client, path: str) -> None:
    for ending in ("xml", "json"):
        assert refused(anybody.get(f"{ROOT}{path}.{ending}"), 404)
        assert refused(anybody.post(f"{ROOT}{path}.{ending}", {}), 404)


def test_other_methods_are_refused(anybody: Client) -> None:
    refused(anybody.delete(f"{ROOT}requests.json"), 405)


@pytest.mark.parametrize("path", ["services/%00.xml", "services/3%001.json", "requests/A%00.json", "tokens/%00.json"])
def test_no_address_holds_a_nul(anybody: Client, path: str) -> None:
    assert anybody.get(f"/open311/v2/{path}").status_code == 404

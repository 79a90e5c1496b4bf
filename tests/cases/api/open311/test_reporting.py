"""Open311 GeoReport v2: reports, as the clients that there are send them."""

import json
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Attachment, Case
from stakeholders.models import Membership
from stakeholders.services.issue_token import issue_token
from tests.cases.api.open311.speaking import ROOT, refused
from tests.factories.cases import item
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MandateFactory, MembershipFactory
from tests.photos import photo

pytestmark = pytest.mark.django_db


def test_report_is_logged_for_the_member(anybody: Client, key: str, member: Membership) -> None:
    building, party = BuildingFactory(), MandateFactory(item="3.1").party
    form = {
        "api_key": key,
        "service_code": "3.1",
        "address_id": building.code,
        "address_string": "东门",
        "description": "垃圾满溢\n三天了",
        "last_name": "刘",
        "first_name": "桂兰",
        "phone": "13800002607",
        "deviceid": "x",
        "media_url": "http://example.org/1.jpg",
        "attribute[WHERE]": "x",
    }

    response = anybody.post(f"{ROOT}requests.json?jurisdiction_id=town", form)

    assert response.status_code == 201, response.content.decode()
    case = Case.objects.get()
    assert json.loads(response.content) == [
        {"service_request_id": case.number, "service_notice": None, "account_id": None}
    ]
    assert (case.title, case.channel, case.logged_by, case.lead) == ("垃圾满溢", "open311", member, party)
    assert (case.building, case.location_note, case.reporter_name) == (building, "东门", "刘桂兰")
    assert case.description == "垃圾满溢\n三天了\nhttp://example.org/1.jpg"


def test_report_takes_form_encoded_text_and_an_estate(anybody: Client, key: str) -> None:
    estate = EstateFactory()

    response = anybody.post(
        f"{ROOT}requests.xml",
        f"api_key={key}&service_code=3.1&address_id={estate.code}",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 201, response.content.decode()
    case = Case.objects.get()
    assert ET.fromstring(response.content).findtext("request/service_request_id") == case.number  # noqa: S314
    assert (case.estate, case.title) == (estate, str(item()))


def test_photos_come_with_the_report(anybody: Client, key: str) -> None:
    form = {"api_key": key, "service_code": "3.1", "address_id": BuildingFactory().code}

    response = anybody.post(f"{ROOT}requests.json", form | {"media": photo()})

    assert response.status_code == 201, response.content.decode()
    assert Attachment.objects.get().case == Case.objects.get()


def test_file_that_is_no_photo_makes_no_case(anybody: Client, key: str) -> None:
    form = {"api_key": key, "service_code": "3.1", "address_id": BuildingFactory().code}

    response = anybody.post(f"{ROOT}requests.json", form | {"media": SimpleUploadedFile("1.png", b"no photo")})

    assert refused(response, 400).startswith("media")
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"api_key": ""}, 403, ""),
        ({"api_key": "guess"}, 403, ""),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "99.9"}, 400, "service_code"),
        ({"address_id": "nowhere"}, 400, "address_id"),
        ({"address_id": ""}, 400, "address_id"),
        ({"description": "x\0"}, 400, "description"),
        ({"nonsense": "1"}, 400, "nonsense"),
        ({"media": "text"}, 400, "media"),
    ],
)
def test_report_that_makes_no_sense_is_refused(
    anybody: Client, key: str, change: dict[str, str], status: int, name: str
) -> None:
    form = {"api_key": key, "service_code": "3.1", "address_id": BuildingFactory().code}

    assert name in refused(anybody.post(f"{ROOT}requests.json", form | change), status)
    assert Case.objects.count() == 0


def test_who_may_not_log_is_refused(anybody: Client) -> None:
    _token, key = issue_token(MembershipFactory(auditor=True), name="311")
    form = {"api_key": key, "service_code": "3.1", "address_id": BuildingFactory().code}

    refused(anybody.post(f"{ROOT}requests.xml", form), 403)


def test_every_photo_that_lies_elsewhere_is_named(anybody: Client, key: str) -> None:
    urls = ["http://example.org/1.jpg", "http://example.org/2.jpg"]
    form = {"api_key": key, "service_code": "3.1", "address_id": BuildingFactory().code, "description": "路灯不亮"}

    assert anybody.post(f"{ROOT}requests.xml", form | {"media_url": urls}).status_code == 201

    assert Case.objects.get().description == "\n".join(["路灯不亮", *urls])


@pytest.mark.parametrize(
    ("more", "charset", "status"),
    [("", "zlib", 201), ("&description=%ff", "utf-8", 400), ("&description=" + "x" * 2_700_000, "utf-8", 413)],
    ids=["charset", "not UTF-8", "too large"],
)
def test_form_is_read_as_utf_8_or_refused(anybody: Client, key: str, more: str, charset: str, status: int) -> None:
    body = f"api_key={key}&service_code=3.1&address_id={BuildingFactory().code}{more}"
    headers = {"authorization": f"Bearer {key}"}

    content_type = f"application/x-www-form-urlencoded; charset={charset}"

    response = anybody.generic("POST", f"{ROOT}requests.xml", body, content_type, headers=headers)

    assert response.status_code == status
    assert Case.objects.count() == (status == 201)


@pytest.mark.parametrize("name", ["api_key", "media_url"])
def test_a_file_where_words_belong_is_refused(anybody: Client, key: str, name: str) -> None:
    form = {"api_key": key, "service_code": "3.1", "address_id": BuildingFactory().code, "description": "灯不亮"}

    answer = anybody.post("/open311/v2/requests.json", form | {name: SimpleUploadedFile("a.txt", b"x")})

    assert answer.status_code in {201, 403}
    assert answer.status_code == (403 if name == "api_key" else 201)

"""Photos that come with a report: all of it becomes a case, or nothing does."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cases.models import Attachment, Case, CaseEvent
from stakeholders.models import Membership
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(member: Membership) -> ApiClient:
    return ApiClient(member)


@pytest.fixture(autouse=True)
def _kept_apart(uploads: Path) -> None:
    """Nothing is written outside."""


def form(**given: Any) -> dict[str, Any]:
    return {"title": "3 栋路灯不亮", "building": BuildingFactory().code, "need_item": "3.1", **given}


def send(client: ApiClient, body: dict[str, Any], **extra: Any) -> Any:
    return client.post(f"{ROOT}cases/", body, **extra)


def nothing_is_kept(uploads: Path) -> None:
    assert (Case.objects.count(), Attachment.objects.count()) == (0, 0)
    assert [path for path in uploads.rglob("*") if path.is_file()] == []


def test_photos_come_with_the_case(client: ApiClient, member: Membership) -> None:
    MandateFactory(item="3.1")

    response = send(client, form(photos=[photo("blue"), photo("red", "门口.png")]))

    assert response.status_code == 201, response.content.decode()
    case = Case.objects.get()
    assert response["ETag"] == f'"{case.version}"'
    kept = client.read(f"cases/{case.number}/attachments/")["results"]
    assert [(each["kind"], each["name"], each["media_type"]) for each in reversed(kept)] == [
        ("before", "现场.png", "image/jpeg"),
        ("before", "门口.png", "image/jpeg"),
    ]
    assert [(event.kind, event.by) for event in case.events.order_by("seq")] == [
        (CaseEvent.Kind.REPORTED, member),
        (CaseEvent.Kind.OPENED, None),
        (CaseEvent.Kind.ASSIGNED, None),
        (CaseEvent.Kind.ATTACHED, member),
        (CaseEvent.Kind.ATTACHED, member),
    ]


def test_form_says_all_that_json_says(client: ApiClient) -> None:
    body = form(urgency="U", channel="hotline", reported_at="2026-01-05T01:30:00Z", need_item="")

    response = send(client, body | {"reporter.name": "刘桂兰", "reporter.phone": "138", "reporter.anonymous": "false"})

    assert response.status_code == 201, response.content.decode()
    case = Case.objects.get()
    assert (case.urgency, case.channel, case.need_item) == ("U", "hotline", None)
    assert (case.reporter_name, case.reporter_phone, case.reporter_is_anonymous) == ("刘桂兰", "138", False)


def test_form_keeps_nothing_of_who_wants_to_be_anonymous(client: ApiClient) -> None:
    send(client, form() | {"reporter.name": "刘桂兰", "reporter.anonymous": "true"})

    case = Case.objects.get()
    assert (case.reporter_name, case.reporter_is_anonymous) == ("", True)


@pytest.mark.parametrize(
    "photos",
    [
        [photo(), SimpleUploadedFile("x.jpg", b"<script>")],
        [photo(), SimpleUploadedFile("x.jpg", b"")],
        [photo(), SimpleUploadedFile("x.pdf", b"%PDF-1.7")],
        [photo("red"), photo("red", "other.png")],
        [photo(color) for color in ("red", "blue", "green", "white", "black", "grey")],
    ],
    ids=["no photo", "empty", "document", "twice", "six"],
)
def test_photo_that_cannot_be_kept_makes_no_case(client: ApiClient, uploads: Path, photos: list[Any]) -> None:
    for each in photos:
        each.seek(0)

    refused(send(client, form(photos=photos)), 400, "photos")

    nothing_is_kept(uploads)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"photos": "text"}, "photos.0"),
        ({"photos[0]": "text"}, "photos[0]"),
        ({"title": ""}, "title"),
        ({"title": "路\0灯"}, "title"),
        ({"title.zh": "路灯"}, "title.zh"),
        ({"stage": "closed"}, "stage"),
        ({"reporter": "刘桂兰"}, "reporter"),
        ({"reporter.age": "70"}, "reporter.age"),
        ({"reporter.anonymous": "yes"}, "reporter.anonymous"),
        ({"building": ""}, "estate"),
        ({"reported_at": "yesterday"}, "reported_at"),
    ],
    ids=str,
)
def test_form_that_makes_no_sense_is_refused_by_field(
    client: ApiClient, uploads: Path, given: dict[str, str], name: str
) -> None:
    refused(send(client, {**form(), "photos": [photo()], **given}), 400, name)

    nothing_is_kept(uploads)


@pytest.mark.parametrize("photos", [[], "x", None])
def test_photos_are_no_part_of_json(client: ApiClient, photos: Any) -> None:
    refused(client.send("cases/", form(photos=photos)), 400, "photos")

    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n", 400),
        (f"{MULTIPART_CONTENT}; charset=zlib", None, 201),
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"title": "x"}).replace(b"\r\nx\r\n", b"\r\n\xff\r\n"), 400),
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"title": "x" * 2_700_000}), 413),
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {f"f{index}": "x" for index in range(1100)}), 400),
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"photos": [photo() for _each in range(110)]}), 400),
    ],
    ids=["no boundary", "broken", "charset", "not UTF-8", "too large", "too many fields", "too many files"],
)
def test_form_that_cannot_be_read_is_refused(
    client: ApiClient, content_type: str, body: bytes | None, status: int
) -> None:
    sent = encode_multipart(BOUNDARY, form()) if body is None else body

    response = client.generic("POST", f"{ROOT}cases/", sent, content_type)

    assert response.status_code == status, response.content.decode()
    if status != 201:
        refused(response, status)
        assert not Case.objects.exists()


def test_photos_may_be_sent_twice_with_a_key(client: ApiClient) -> None:
    body = form()

    def again(color: str) -> Any:
        return send(client, body | {"photos": [photo(color)]}, headers={"Idempotency-Key": "k-1"})

    first = again("blue")
    assert (first.status_code, again("blue").json()) == (201, first.json())
    assert refused(again("red"), 409)["code"] == "key_used"
    assert (Case.objects.count(), Attachment.objects.count()) == (1, 1)


def test_photos_of_who_may_not_log_are_not_kept(uploads: Path) -> None:
    refused(send(ApiClient(MembershipFactory(auditor=True)), form(photos=[photo()])), 403)

    nothing_is_kept(uploads)


@pytest.mark.usefixtures("known_rules")
def test_each_photo_costs_one_query(client: ApiClient) -> None:
    MandateFactory(item="3.1")
    client.read("me/")
    counts = []
    for colors in (["red"], ["red", "blue", "green"]):
        with CaptureQueriesContext(connection) as queries:
            assert send(client, form(photos=[photo(color) for color in colors])).status_code == 201
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))

    assert counts[1] - counts[0] == 2


def test_photos_come_with_the_report_of_a_resident(settings: Settings) -> None:
    settings.RATES = dict.fromkeys(settings.RATES, 0)

    response = ApiClient().post(f"{ROOT}public/cases/", form(photos=[photo()]) | {"reporter.name": "刘桂兰"})

    assert response.status_code == 201, response.content.decode()
    case = Case.objects.get()
    assert (case.reporter_name, case.attachments.get().by) == ("刘桂兰", None)
    handler = ApiClient(MembershipFactory(coordinator=True))
    [kept] = handler.read(f"cases/{case.number}/attachments/")["results"]
    assert (kept["by"], kept["kind"]) == (None, "before")
    assert len(b"".join(handler.get(kept["url"]))) == kept["size"]


def test_bad_photo_of_a_resident_makes_no_case(settings: Settings, uploads: Path) -> None:
    settings.RATES = dict.fromkeys(settings.RATES, 0)
    photos = [photo(), SimpleUploadedFile("x.jpg", b"<script>")]

    refused(ApiClient().post(f"{ROOT}public/cases/", form(photos=photos)), 400, "photos")

    nothing_is_kept(uploads)

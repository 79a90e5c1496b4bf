"""`Idempotency-Key`: what a client asks for twice is done once."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from cases.models import Attachment, Case, CaseEvent
from stakeholders.models import KeptAnswer, Mandate, Membership
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import logged_case
from tests.factories.stakeholders import AreaFactory, EstateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


def photo(color: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (8, 8), color).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(coordinator: Membership) -> ApiClient:
    return ApiClient(coordinator)


def send(client: ApiClient, body: Any, *, key: str = "k-1", path: str = "cases/") -> Any:
    return client.send(path, body, headers={"Idempotency-Key": key})


def report(**given: Any) -> dict[str, Any]:
    return {"title": "3 栋路灯不亮", "estate": EstateFactory().code, "need_item": "3.1", **given}


def test_the_same_request_is_answered_as_before_and_does_nothing(client: ApiClient) -> None:
    body = report()
    first = send(client, body)

    again = send(client, dict(reversed(body.items())))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Case.objects.count() == 1


def test_another_key_does_it_again(client: ApiClient) -> None:
    body = report()
    send(client, body)

    assert send(client, body, key="k-2").status_code == 201
    assert Case.objects.count() == 2


def test_a_key_is_for_one_request_only(client: ApiClient) -> None:
    body = report()
    number = send(client, body).json()["number"]

    assert refused(send(client, body | {"title": "别的"}), 409)["code"] == "key_used"
    assert refused(send(client, {"reason": "问过"}, path=f"cases/{number}/comment/"), 409)["code"] == "key_used"
    assert Case.objects.count() == 1
    assert not CaseEvent.objects.filter(kind="commented").exists()


def test_others_have_keys_of_their_own(client: ApiClient) -> None:
    body = report()
    send(client, body)

    other = send(ApiClient(MembershipFactory(coordinator=True)), body)

    assert other.status_code == 201
    assert "Idempotency-Replayed" not in other
    assert Case.objects.count() == 2


def test_what_was_refused_may_come_again_with_its_key(client: ApiClient) -> None:
    body = report()
    refused(send(client, body | {"urgency": "X"}), 400, "urgency")
    refused(send(client, {"reason": "问过"}, path="cases/AZ-20260101-0001/comment/"), 404)

    assert send(client, body).status_code == 201


def test_an_action_with_a_key_is_done_once(client: ApiClient, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    path = f"cases/{case.number}/comment/"

    answers = [send(client, {"reason": "问过"}, path=path).json()["version"] for _ in range(2)]

    assert answers[0] == answers[1]
    assert case.events.filter(kind="commented").count() == 1


def test_the_ledger_takes_keys_too(client: ApiClient) -> None:
    body = {
        "party": PartyFactory().code,
        "role": "lead",
        "area": AreaFactory().code,
        "basis": "职责清单第 12 项",
        "valid_from": "2026-01-01T00:00:00+08:00",
    }

    answers = [send(client, body, path="mandates/") for _ in range(2)]

    assert [each.status_code for each in answers] == [201, 201]  # without the key the second is refused
    assert Mandate.objects.count() == 1


@pytest.mark.usefixtures("uploads")
def test_a_file_belongs_to_what_was_asked(client: ApiClient, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)

    def attach(content: bytes) -> Any:
        body = {"file": SimpleUploadedFile("现场.png", content), "kind": "before"}
        return client.post(f"{ROOT}cases/{case.number}/attach/", body, headers={"Idempotency-Key": "k-1"})

    assert attach(photo("blue")).status_code == 200
    assert attach(photo("blue"))["Idempotency-Replayed"] == "true"
    assert refused(attach(photo("red")), 409)["code"] == "key_used"
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "键", "k\t"])
def test_a_key_must_be_one(client: ApiClient, key: str) -> None:
    refused(send(client, report(), key=key), 400, "Idempotency-Key")

    assert not Case.objects.exists()


def test_nothing_is_done_whose_answer_cannot_be_kept(client: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_values: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(KeptAnswer.objects, "create", fail)
    client.raise_request_exception = False

    assert send(client, report()).status_code == 500
    assert not Case.objects.exists()


def test_where_nothing_can_be_sent_a_key_changes_nothing(client: ApiClient) -> None:
    refused(send(client, {}, path="changes/"), 405)


def test_a_replay_asks_only_for_what_was_kept(
    client: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    body = report()
    send(client, body)

    # The token, the savepoint, the answer; on PostgreSQL the lock of the key, too
    with django_assert_num_queries(5 if connection.vendor == "postgresql" else 4):
        send(client, body)


def test_two_fields_of_a_form_never_read_like_one(client: ApiClient) -> None:
    form = {"title": "灯", "estate": EstateFactory().code, "description": "A", "location_note": "B"}
    key = {"Idempotency-Key": "k-1"}
    assert client.post(f"{ROOT}cases/", form, headers=key).status_code == 201

    alike = {name: value for name, value in form.items() if name != "location_note"}
    alike["description"] = "Alocation_note\nB"

    assert refused(client.post(f"{ROOT}cases/", alike, headers=key), 409)["code"] == "key_used"


def test_another_file_is_another_request(client: ApiClient) -> None:
    form = {"title": "灯", "estate": EstateFactory().code}

    def sent(color: str) -> Any:
        file = SimpleUploadedFile("a.png", photo(color), "image/png")
        return client.post(f"{ROOT}cases/", form | {"photos": [file]}, headers={"Idempotency-Key": "k-1"})

    assert (sent("red").status_code, sent("red").status_code) == (201, 201)
    assert refused(sent("blue"), 409)["code"] == "key_used"

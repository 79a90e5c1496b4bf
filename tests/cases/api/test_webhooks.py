"""/api/v1/webhooks/, its deliveries, and sending one again."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.models import Delivery, Webhook
from stakeholders.models import KeptAnswer, Membership
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import GridFactory, MembershipFactory
from tests.factories.webhooks import delivery_of, webhook_of

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/settle"


@pytest.fixture
def member() -> Membership:
    return MembershipFactory(api_client=True)


@pytest.fixture
def client(member: Membership) -> ApiClient:
    return ApiClient(member)


def change(client: ApiClient, webhook: Webhook, **body: Any) -> Any:
    return client.patch(f"{ROOT}webhooks/{webhook.pk}/", body, content_type="application/json")


def test_create_shows_the_secret_once(client: ApiClient, member: Membership) -> None:
    response = client.send("webhooks/", {"url": URL, "events": ["closed", "opened", "opened"]})

    webhook, answer = Webhook.objects.get(), response.json()
    assert response.status_code == 201
    assert response["Location"].endswith(f"/api/v1/webhooks/{webhook.pk}/")
    secret = answer.pop("secret")
    assert (len(secret), secret) == (43, webhook.secret)
    assert answer == client.read(f"webhooks/{webhook.pk}/")
    assert answer == {
        "id": webhook.pk,
        "url": URL,
        "events": ["opened", "closed"],
        "owner": {"name": member.user.name, "party": member.party.code, "role": "api_client"},
        "is_active": True,
        "failures": 0,
        "failing_since": None,
        "created_at": answer["created_at"],
        "switched_off_at": None,
        "needs_new_secret": False,
    }


def test_create_with_a_key_keeps_no_secret_and_still_answers_it_again(client: ApiClient) -> None:
    first = client.send("webhooks/", {"url": URL}, headers={"idempotency-key": "k"})
    again = client.send("webhooks/", {"url": URL}, headers={"idempotency-key": "k"})

    assert Webhook.objects.count() == 1
    assert again.json() == first.json()
    assert "secret" not in KeptAnswer.objects.get().body


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, ["url"]),
        ({"url": None}, ["url"]),
        ({"url": 1}, ["url"]),
        ({"url": "x" * 501}, ["url"]),
        ({"url": "https://hooks.example/\0"}, ["url"]),
        ({"url": "http://hooks.example/"}, ["url"]),
        ({"url": "https://u:p@hooks.example/"}, ["url"]),
        ({"url": URL, "events": "closed"}, ["events"]),
        ({"url": URL, "events": ["gone"]}, ["events.0"]),
        ({"url": URL, "events": [["closed"]]}, ["events.0"]),
        ({"url": URL, "events": ["closed"] * 999}, ["events"]),
        ({"url": URL, "events": None}, ["events"]),
        ({"url": URL, "secret": "mine"}, ["secret"]),
        ({"url": URL, "is_active": False}, ["is_active"]),
    ],
)
def test_create_refuses_what_makes_no_sense(client: ApiClient, body: dict[str, Any], names: list[str]) -> None:
    refused(client.send("webhooks/", body), 400, *names)

    assert not Webhook.objects.exists()


@pytest.mark.parametrize("body", ['["a"]', '"a"', "1", "null"])
def test_create_refuses_what_is_no_object(client: ApiClient, body: str) -> None:
    refused(client.post(f"{ROOT}webhooks/", body, content_type="application/json"), 400)


def test_create_is_for_those_who_follow_an_area() -> None:
    handler = ApiClient(MembershipFactory())

    refused(handler.send("webhooks/", {"url": URL}), 403)
    assert handler.read("webhooks/")["results"] == []
    refused(ApiClient().get(f"{ROOT}webhooks/"), 401)


def test_create_stops_at_ten_of_a_membership(client: ApiClient, member: Membership) -> None:
    for _each in range(Webhook.MOST - 1):
        webhook_of(member)
    webhook_of()

    assert client.send("webhooks/", {"url": URL}).status_code == 201
    assert refused(client.send("webhooks/", {"url": URL}), 400)["errors"][0]["code"] == "too_many"


@pytest.mark.parametrize("count", [1, 3])
def test_webhooks_cost_the_same_for_any_number(
    client: ApiClient, member: Membership, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    webhooks = [webhook_of(member) for _each in range(count)]

    with django_assert_num_queries(3):
        page = client.read("webhooks/")

    assert [each["id"] for each in page["results"]] == [each.pk for each in reversed(webhooks)]


def test_webhooks_of_others_are_out_of_sight_but_for_the_administrator(client: ApiClient) -> None:
    other = webhook_of()
    elsewhere = webhook_of(MembershipFactory(api_client=True, area=GridFactory(area__code="379926102001").area))
    administrator = ApiClient(MembershipFactory(administrator=True))

    assert client.read("webhooks/")["results"] == []
    for webhook, reader in ((other, client), (elsewhere, administrator)):
        address = f"{ROOT}webhooks/{webhook.pk}/"
        refused(reader.get(address), 404)
        refused(change(reader, webhook, is_active=False), 404)
        refused(reader.delete(address), 404)
        refused(reader.get(f"{address}deliveries/"), 404)
        refused(reader.post(f"{address}deliveries/{uuid.uuid4()}/redeliver/"), 404)
    assert [each["id"] for each in administrator.read("webhooks/")["results"]] == [other.pk]


def test_administrator_stops_the_webhook_of_somebody_else_and_does_no_more() -> None:
    webhook = webhook_of()
    delivery = delivery_of(webhook, logged_case())
    administrator = ApiClient(MembershipFactory(administrator=True))

    refused(change(administrator, webhook, url=URL), 403)
    refused(change(administrator, webhook, is_active=False, new_secret=True), 403)
    refused(administrator.send(f"webhooks/{webhook.pk}/deliveries/{delivery.uuid}/redeliver/"), 403)
    assert change(administrator, webhook, is_active=False).json()["is_active"] is False
    refused(change(administrator, webhook, is_active=True), 403)
    assert administrator.delete(f"{ROOT}webhooks/{webhook.pk}/").status_code == 204
    assert not Webhook.objects.exists()


def test_change_leads_elsewhere_and_hears_something_else(client: ApiClient, member: Membership) -> None:
    webhook = webhook_of(member)

    answer = change(client, webhook, url=URL, events=["closed"]).json()

    assert (answer["url"], answer["events"]) == (URL, ["closed"])
    assert "secret" not in answer
    assert answer == client.read(f"webhooks/{webhook.pk}/")


def test_change_switches_on_again_without_failures(client: ApiClient, member: Membership) -> None:
    later = timezone.now() + timedelta(hours=1)
    webhook = webhook_of(member, failures=10, failing_since=MONDAY, next_try_at=later)

    assert client.read(f"webhooks/{webhook.pk}/")["failing_since"] == MONDAY.isoformat()
    assert change(client, webhook, is_active=False).json()["switched_off_at"]
    answer = change(client, webhook, is_active=True).json()

    assert (answer["is_active"], answer["failures"], answer["switched_off_at"]) == (True, 0, None)
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.next_try_at < later) == (None, True)


@pytest.mark.parametrize(("url", "begins_anew"), [(URL, True), ("https://hooks.example/", False)])
def test_change_begins_anew_only_where_it_leads_elsewhere(
    client: ApiClient, member: Membership, url: str, begins_anew: bool
) -> None:
    later = timezone.now() + timedelta(hours=1)
    webhook = webhook_of(member, failures=10, failing_since=MONDAY, next_try_at=later)

    assert change(client, webhook, url=url).json()["failures"] == (0 if begins_anew else 10)

    webhook.refresh_from_db()
    assert (webhook.next_try_at < later) == begins_anew


def test_change_draws_a_new_secret(client: ApiClient, member: Membership) -> None:
    webhook = webhook_of(member)
    former = webhook.secret

    answer = change(client, webhook, new_secret=True).json()

    webhook.refresh_from_db()
    assert answer["secret"] == webhook.secret != former


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"url": "http://hooks.example/"}, "url"),
        ({"url": None}, "url"),
        ({"is_active": 1}, "is_active"),
        ({"is_active": None}, "is_active"),
        ({"new_secret": "yes"}, "new_secret"),
        ({"events": {}}, "events"),
        ({"failures": 0}, "failures"),
    ],
)
def test_change_refuses_what_makes_no_sense(
    client: ApiClient, member: Membership, body: dict[str, Any], name: str
) -> None:
    webhook = webhook_of(member)

    refused(change(client, webhook, **body), 400, name)

    assert client.read(f"webhooks/{webhook.pk}/")["url"] == webhook.url


def test_removed_webhook_takes_its_log_along(client: ApiClient, member: Membership) -> None:
    webhook, kept = webhook_of(member), webhook_of(member)
    case = logged_case()
    delivery_of(webhook, case)
    stays = delivery_of(kept, case)

    assert client.delete(f"{ROOT}webhooks/{webhook.pk}/").status_code == 204

    assert list(Delivery.objects.all()) == [stays]
    refused(client.delete(f"{ROOT}webhooks/{webhook.pk}/"), 404)


@pytest.mark.parametrize("count", [1, 3])
def test_deliveries_cost_the_same_for_any_number(
    client: ApiClient, member: Membership, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    webhook = webhook_of(member)
    deliveries = [delivery_of(webhook, logged_case()) for _each in range(count)]
    delivery_of(webhook_of(member), logged_case())

    with django_assert_num_queries(4):
        page = client.read(f"webhooks/{webhook.pk}/deliveries/")

    assert [each["delivery"] for each in page["results"]] == [str(each.uuid) for each in reversed(deliveries)]


def test_delivery_tells_what_became_of_it(client: ApiClient, member: Membership) -> None:
    webhook, case = webhook_of(member), logged_case()
    attempt = {"at": "2026-11-16T09:14:00+08:00", "status": 500, "error": "answered 500", "seconds": 0.2}
    delivery = delivery_of(webhook, case, tries=1, attempts=[attempt])

    (row,) = client.read(f"webhooks/{webhook.pk}/deliveries/")["results"]

    assert row == {
        "delivery": str(delivery.uuid),
        "case": case.number,
        "seq": 1,
        "kind": "reported",
        "state": "waiting",
        "created_at": row["created_at"],
        "due_at": row["created_at"],
        "delivered_at": None,
        "attempts": [attempt],
    }


def test_attempts_are_told_in_the_time_of_the_town(client: ApiClient, member: Membership) -> None:
    webhook = webhook_of(member)
    attempt = {"at": "2026-11-16T01:14:00.123456+00:00", "status": 500, "error": "answered 500", "seconds": 0.2}
    delivery_of(webhook, logged_case(), tries=1, attempts=[attempt])

    (row,) = client.read(f"webhooks/{webhook.pk}/deliveries/")["results"]

    assert row["attempts"] == [{**attempt, "at": "2026-11-16T09:14:00.123456+08:00"}]


@pytest.mark.parametrize("done", ["delivered_at", "given_up_at"])
def test_redeliver_sends_it_again_under_its_id(client: ApiClient, member: Membership, done: str) -> None:
    webhook = webhook_of(member)
    delivery = delivery_of(webhook, logged_case(), tries=10)
    Delivery.objects.update(**{done: delivery.created_at})

    answer = client.send(f"webhooks/{webhook.pk}/deliveries/{delivery.uuid}/redeliver/")

    assert answer.status_code == 200, answer.content
    assert (answer.json()["delivery"], answer.json()["state"]) == (str(delivery.uuid), "waiting")
    delivery.refresh_from_db()
    assert (delivery.tries, delivery.delivered_at, delivery.given_up_at) == (0, None, None)


def test_delivery_waits_for_its_webhook_and_redeliver_does_not(client: ApiClient, member: Membership) -> None:
    later = timezone.now() + timedelta(hours=1)
    webhook = webhook_of(member, failures=1, failing_since=MONDAY, next_try_at=later)
    delivery = delivery_of(webhook, logged_case())
    (row,) = client.read(f"webhooks/{webhook.pk}/deliveries/")["results"]
    assert row["due_at"] == timezone.localtime(later).isoformat()
    Delivery.objects.update(given_up_at=delivery.created_at)
    assert client.read(f"webhooks/{webhook.pk}/deliveries/")["results"][0]["due_at"] is None

    answer = client.send(f"webhooks/{webhook.pk}/deliveries/{delivery.uuid}/redeliver/").json()

    webhook.refresh_from_db()
    assert webhook.next_try_at < later
    assert answer["due_at"] < row["due_at"]


@pytest.mark.parametrize(("given", "code"), [({}, "waiting"), ({"is_active": False}, "off")])
def test_redeliver_refuses_what_is_on_its_way_or_switched_off(
    client: ApiClient, member: Membership, given: dict[str, Any], code: str
) -> None:
    webhook = webhook_of(member, **given)
    delivery = delivery_of(webhook, logged_case())

    problem = refused(client.send(f"webhooks/{webhook.pk}/deliveries/{delivery.uuid}/redeliver/"), 400)

    assert [error["code"] for error in problem["errors"]] == [code]


def test_redeliver_takes_no_body_and_only_what_the_webhook_was_told(client: ApiClient, member: Membership) -> None:
    webhook = webhook_of(member)
    delivery = delivery_of(webhook_of(member), logged_case())

    refused(client.send(f"webhooks/{webhook.pk}/deliveries/{delivery.uuid}/redeliver/"), 404)
    address = f"webhooks/{delivery.webhook_id}/deliveries/{delivery.uuid}/redeliver/"
    refused(client.send(address, {"at": "now"}), 400, "at")


@pytest.mark.parametrize("pk", ["0", "9" * 30, "x", "-1"])
def test_no_webhook_has_such_a_number(client: ApiClient, pk: str) -> None:
    refused(client.get(f"{ROOT}webhooks/{pk}/"), 404)

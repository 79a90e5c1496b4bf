"""Webhooks hear what their member sees, signed, once, and as long as there is hope."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from cases import targets
from cases.models import CaseEvent, Delivery, Notification, Webhook
from cases.services import deliver_webhooks as module
from cases.services.deliver_webhooks import deliver_webhooks
from cases.services.publish_events import publish_events
from cases.signatures import signature
from cases.subscriptions import lay_out_deliveries
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import GridFactory, MembershipFactory
from tests.factories.webhooks import LOOPBACK, Receiver, delivery_of, receiving, webhook_of

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Waits are as long as they are on average, and the loopback may be called."""
    monkeypatch.setattr(module.random, "uniform", lambda least, most: (least + most) / 2)
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    settings.SITE_URL = "https://settle.example"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as each:
        yield each


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nobody can be reached; holds where it was tried."""
    tried: list[str] = []

    def refuse(url: str, *_args: Any) -> int:
        tried.append(url)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(targets, "post", refuse)
    return tried


def published() -> None:
    publish_events(list(CaseEvent.objects.filter(published_at=None).values_list("pk", flat=True)))


def heard(webhook: Webhook) -> list[str]:
    return list(webhook.deliveries.order_by("event__seq").values_list("event__kind", flat=True))


def test_webhook_hears_each_event_once() -> None:
    webhook = webhook_of()
    logged_case()

    published()
    lay_out_deliveries(CaseEvent.objects.select_related("case"))

    assert heard(webhook) == ["reported", "opened", "found"]


def test_webhook_hears_only_the_kinds_that_it_asks_for() -> None:
    webhook = webhook_of(events=["opened", "closed"])
    logged_case()

    published()

    assert heard(webhook) == ["opened"]


def test_webhook_never_hears_of_a_case_that_its_member_does_not_see() -> None:
    elsewhere = webhook_of(MembershipFactory(api_client=True, area=GridFactory().area))
    handler = webhook_of(MembershipFactory())
    here = webhook_of()
    logged_case()

    published()

    assert (heard(elsewhere), heard(handler), len(heard(here))) == ([], [], 3)


@pytest.mark.parametrize("given", [{"is_active": False}, {"created_at": timezone.now() + HOUR}])
def test_webhook_hears_nothing_while_it_is_off_nor_from_before_it_was_there(given: dict[str, Any]) -> None:
    webhook = webhook_of(**given)
    logged_case()

    published()

    assert heard(webhook) == []


def test_webhook_of_a_member_who_has_left_hears_nothing() -> None:
    webhook = webhook_of(MembershipFactory(api_client=True, since=MONDAY - HOUR, until=MONDAY))
    logged_case()

    with time_machine.travel(MONDAY + HOUR):
        published()

    assert heard(webhook) == []


@pytest.mark.parametrize("count", [1, 3])
def test_laying_out_costs_the_same_for_any_number_of_webhooks_and_events(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member = MembershipFactory(api_client=True)
    for _each in range(count):
        webhook_of(member, events=["reported"])
    for _each in range(count):
        logged_case()
    ids = list(CaseEvent.objects.filter(kind="reported").values_list("pk", flat=True))

    with django_assert_num_queries(7):
        publish_events(ids)

    assert Delivery.objects.count() == count**2


def test_delivery_is_signed_and_says_where_to_read_more(receiver: Receiver) -> None:
    webhook, case = webhook_of(url=receiver.url), logged_case()
    delivery = delivery_of(webhook, case)

    assert deliver_webhooks() == 1

    ((headers, body),) = receiver.got
    timestamp = int(headers["Settle-Timestamp"])
    assert json.loads(body) == {
        "case": case.number,
        "seq": 1,
        "kind": "reported",
        "at": "2026-11-16T09:14:00+08:00",
        "url": f"https://settle.example/api/v1/cases/{case.number}/",
    }
    assert headers["Settle-Delivery"] == str(delivery.uuid)
    assert headers["Settle-Event"] == "reported"
    assert abs(timestamp - timezone.now().timestamp()) < 60
    assert headers["Settle-Signature"] == signature(webhook.secret or "", timestamp, body)
    delivery.refresh_from_db()
    (attempt,) = delivery.attempts
    assert (delivery.state, delivery.tries, attempt["status"], attempt["error"]) == ("delivered", 1, 204, "")
    assert deliver_webhooks() == 0


@pytest.mark.parametrize("status", [302, 400, 410, 500])
def test_any_other_answer_is_a_failure(receiver: Receiver, status: int) -> None:
    delivery = delivery_of(webhook_of(url=receiver.url), logged_case())
    receiver.status = status

    assert deliver_webhooks() == 0

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts[0]["status"]) == ("waiting", status)
    assert delivery.attempts[0]["error"] == f"answered {status}"


def test_delivery_is_tried_less_and_less_often_until_its_webhook_is_switched_off(deaf: list[str]) -> None:
    webhook, case = webhook_of(), logged_case()
    delivery, at, waits = delivery_of(webhook, case, due_at=MONDAY), MONDAY, []

    for _try in range(11):
        deliver_webhooks(at=at)
        delivery.refresh_from_db()
        waits.append((delivery.due_at - at).total_seconds())
        at = delivery.due_at

    webhook.refresh_from_db()
    assert waits == [30, 90, 270, 810, 2430, 7290, 21600, 21600, 21600, 21600, 21600]
    assert [each["error"] for each in delivery.attempts] == [
        "ConnectionRefusedError: [Errno 111] Connection refused"
    ] * 11
    assert (webhook.is_active, webhook.switched_off_at, webhook.failures) == (False, at - timedelta(hours=6), 11)
    notice = Notification.objects.get()
    assert (notice.recipient_id, notice.event_id, notice.webhook) == (webhook.membership_id, delivery.event_id, webhook)
    assert Notification.objects.told_to(webhook.membership).unread().count() == 1


def test_delivery_that_is_refused_again_and_again_is_given_up(receiver: Receiver) -> None:
    refused = delivery_of(webhook_of(url=receiver.url), logged_case(), tries=Delivery.MOST_TRIES - 1, due_at=MONDAY)
    receiver.status = 400

    deliver_webhooks(at=MONDAY)

    refused.refresh_from_db()
    assert (refused.state, refused.given_up_at) == ("failed", MONDAY)


@pytest.mark.parametrize(
    ("failures", "lasted", "is_active"),
    [(9, DAY, False), (8, DAY, True), (9, DAY - timedelta(seconds=1), True)],
)
def test_webhook_is_switched_off_after_many_failures_in_a_long_time(
    deaf: list[str], failures: int, lasted: timedelta, is_active: bool
) -> None:
    webhook = webhook_of(failures=failures, failing_since=MONDAY - lasted)
    delivery_of(webhook, logged_case(), due_at=MONDAY)

    deliver_webhooks(at=MONDAY)

    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.failures) == (is_active, failures + 1)
    assert Notification.objects.count() == (not is_active)


def test_webhook_that_its_member_has_switched_off_meanwhile_is_told_of_once(
    deaf: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = webhook_of(failures=20, failing_since=MONDAY - DAY)
    delivery_of(webhook, logged_case(), due_at=MONDAY)

    def refuse(*_args: Any) -> int:
        Webhook.objects.update(is_active=False, switched_off_at=MONDAY)
        return 500

    monkeypatch.setattr(targets, "post", refuse)
    deliver_webhooks(at=MONDAY + HOUR)

    webhook.refresh_from_db()
    assert (webhook.switched_off_at, Notification.objects.exists()) == (MONDAY, False)


def test_webhook_waits_longer_the_more_often_it_fails_and_not_at_all_once_something_got_through(
    receiver: Receiver,
) -> None:
    webhook, at, waits = webhook_of(url=receiver.url), MONDAY, []
    for _each in range(8):
        delivery_of(webhook, logged_case(), due_at=MONDAY)
    receiver.status = 500

    for _try in range(7):
        deliver_webhooks(at=at)
        webhook.refresh_from_db()
        waits.append((webhook.next_try_at - at).total_seconds())
        assert deliver_webhooks(at=webhook.next_try_at - timedelta(seconds=1)) == 0
        at = webhook.next_try_at

    assert (waits, len(receiver.got)) == ([30, 90, 270, 810, 2430, 3600, 3600], 7)
    assert (webhook.failures, webhook.failing_since) == (7, MONDAY)
    receiver.status = 204
    assert deliver_webhooks(at=at) > 1
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since, webhook.next_try_at) == (0, None, at)


def test_waits_are_stretched_by_chance(deaf: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float, float]] = []
    monkeypatch.setattr(module.random, "uniform", lambda *span: asked.append(span) or 1.5)
    delivery = delivery_of(webhook_of(), logged_case(), due_at=MONDAY)

    deliver_webhooks(at=MONDAY)

    delivery.refresh_from_db()
    assert (asked, delivery.due_at - MONDAY) == ([(0.5, 1.5)] * 2, timedelta(seconds=45))
    assert delivery.webhook.next_try_at - MONDAY == timedelta(seconds=45)


def test_one_event_that_is_refused_does_not_switch_off_a_webhook_that_gets_others(receiver: Receiver) -> None:
    webhook = webhook_of(url=receiver.url, failures=20, failing_since=MONDAY - DAY)
    delivery_of(webhook, logged_case(), due_at=MONDAY)
    deliver_webhooks(at=MONDAY)
    delivery_of(webhook, logged_case(), due_at=MONDAY)
    receiver.status = 400

    deliver_webhooks(at=MONDAY)

    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.failures, webhook.failing_since) == (True, 1, MONDAY)
    assert not Notification.objects.exists()


def test_a_webhook_that_fails_is_left_alone_until_the_next_run(deaf: list[str]) -> None:
    first, second = webhook_of(url="https://one.example/"), webhook_of(url="https://two.example/")
    for case in (logged_case(), logged_case()):
        delivery_of(first, case)
        delivery_of(second, case)

    deliver_webhooks()

    assert deaf == ["https://one.example/", "https://two.example/"]


def test_delivery_that_is_claimed_is_left_to_its_worker_until_the_claim_is_old(deaf: list[str]) -> None:
    delivery_of(webhook_of(), logged_case(), due_at=MONDAY, claimed_at=MONDAY)

    deliver_webhooks(at=MONDAY + Delivery.CLAIM - timedelta(seconds=1))
    assert deaf == []
    deliver_webhooks(at=MONDAY + Delivery.CLAIM)
    assert len(deaf) == 1


def test_delivery_whose_worker_always_dies_is_given_up(deaf: list[str]) -> None:
    delivery = delivery_of(webhook_of(), logged_case(), due_at=MONDAY, claimed_at=MONDAY, tries=Delivery.MOST_TRIES)

    deliver_webhooks(at=MONDAY + Delivery.CLAIM)

    delivery.refresh_from_db()
    assert (deaf, delivery.state, delivery.attempts[0]["error"]) == ([], "failed", module.NEVER_CAME_BACK)


def test_worker_whose_claim_was_taken_over_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = delivery_of(webhook_of(), logged_case())

    def somebody_else_takes_it(*_args: Any) -> int:
        Delivery.objects.update(claimed_at=MONDAY)
        return 500

    monkeypatch.setattr(targets, "post", somebody_else_takes_it)
    deliver_webhooks()

    delivery.refresh_from_db()
    assert (delivery.claimed_at, delivery.attempts) == (MONDAY, [])


def test_sending_happens_outside_of_any_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    delivery_of(webhook_of(), logged_case())
    claimed: list[Any] = []
    monkeypatch.setattr(
        targets, "post", lambda *_args: claimed.extend(Delivery.objects.values_list("claimed_at", "tries")) or 200
    )

    with time_machine.travel(MONDAY + timedelta(days=99), tick=False):
        deliver_webhooks()

    assert claimed == [(MONDAY + timedelta(days=99), 1)]


@pytest.mark.parametrize("loss", ["moved", "left"])
def test_delivery_about_what_is_out_of_sight_by_now_is_given_up(deaf: list[str], loss: str) -> None:
    webhook = webhook_of()
    delivery = delivery_of(webhook, logged_case())
    if loss == "moved":
        Membership.objects.filter(pk=webhook.membership_id).update(area=GridFactory().area)
    else:
        Membership.objects.filter(pk=webhook.membership_id).update(since=MONDAY - HOUR, until=MONDAY)

    deliver_webhooks()

    delivery.refresh_from_db()
    assert (deaf, delivery.state, delivery.attempts[0]["error"]) == ([], "failed", module.OUT_OF_SIGHT)


def test_name_that_leads_inside_by_now_is_not_called(settings: Settings, receiver: Receiver) -> None:
    delivery = delivery_of(webhook_of(url=f"https://localhost:{receiver.port}/"), logged_case())
    settings.WEBHOOK_ALLOWED_NETWORKS = []

    deliver_webhooks()

    delivery.refresh_from_db()
    assert delivery.attempts[0]["error"].startswith("TargetRefusedError: ")
    assert receiver.got == []


def test_secret_survives_a_new_key_as_long_as_the_former_one_is_named(deaf: list[str], settings: Settings) -> None:
    webhook = webhook_of()
    secret, former = webhook.secret, settings.SECRET_KEY

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [former]
    assert (webhook.secret, webhook.needs_new_secret) == (secret, True)
    settings.SECRET_KEY_FALLBACKS = []
    assert webhook.secret is None
    delivery = delivery_of(webhook, logged_case())
    deliver_webhooks()

    delivery.refresh_from_db()
    assert (deaf, delivery.attempts[0]["error"]) == ([], module.LOST_SECRET)


@pytest.mark.parametrize(("count", "queries"), [(1, 16), (3, 38)])
def test_delivering_costs_eleven_queries_each(
    count: int, queries: int, receiver: Receiver, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    webhook = webhook_of(url=receiver.url)
    for _each in range(count):
        delivery_of(webhook, logged_case())

    with django_assert_num_queries(queries):
        assert deliver_webhooks() == count

"""Nobody's receiver keeps those of others waiting, however slow it is. The clock is simulated: no test waits."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from cases import targets
from cases.models import CaseEvent, Delivery, Notification, Webhook
from cases.services import deliver_webhooks as module
from cases.services.deliver_webhooks import deliver_webhooks
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MembershipFactory
from tests.factories.webhooks import webhook_of

pytestmark = pytest.mark.django_db
SWEEP = timedelta(seconds=30)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SECONDS = {"tarpit": 15.0, "snail": 14.0, "quick": 0.05}  # that receivers take, by their names


class Town:
    """Receivers, events for all of them, and a clock that moves on by what calls take."""

    def __init__(self, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
        self._clock = clock
        self.called: list[str] = []
        self.now = timezone.now()
        self._events = iter(CaseEvent.objects.filter(pk__in=self._written()).order_by("pk"))
        monkeypatch.setattr(targets, "post", self._post)

    def _written(self) -> list[int]:
        cases = [logged_case() for _each in range(20)]
        return list(CaseEvent.objects.filter(case__in=cases).values_list("pk", flat=True))

    def _post(self, url: str, *_args: Any) -> int:
        name = url.removeprefix("https://").partition(".")[0]
        self.called.append(name)
        self.pass_by(SECONDS[name.partition("-")[0]])
        if name.startswith("tarpit"):
            raise TimeoutError("took too long")
        return 204

    def pass_by(self, seconds: float) -> None:
        """Let time go on."""
        self._clock.shift(seconds)
        self.now = timezone.now()

    def webhooks(self, *names: str, by: Membership | None = None) -> list[Webhook]:
        """Webhooks of one member that lead to these receivers."""
        by = by or MembershipFactory(api_client=True)
        return [webhook_of(by, url=f"https://{name}.example/") for name in names]

    def happens(self, webhooks: list[Webhook], count: int = 1) -> None:
        """Let all of them be told of so many events."""
        for event in [next(self._events) for _each in range(count)]:
            Delivery.objects.bulk_create(
                Delivery(webhook=each, event=event, created_at=self.now, due_at=self.now) for each in webhooks
            )

    def run(self) -> None:
        """Run the job; it is run again at the next beat after its end."""
        began = self.now
        deliver_webhooks()
        beats = (self.now - began) // SWEEP + 1
        self.pass_by((began + beats * SWEEP - self.now).total_seconds())


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(module.random, "uniform", lambda least, most: (least + most) / 2)
    with time_machine.travel(MONDAY, tick=False) as clock:
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=time.time))  # which the simulated clock moves
        yield Town(clock, monkeypatch)


def oldest_waiting(webhook: Webhook, town: Town) -> timedelta:
    waiting = webhook.deliveries.filter(delivered_at=None).order_by("created_at").first()
    return town.now - waiting.created_at if waiting else timedelta(0)


def test_ten_tarpits_of_one_member_keep_nobody_waiting(town: Town) -> None:
    tarpits = town.webhooks(*(f"tarpit-{n}" for n in range(10)))
    [healthy] = town.webhooks("quick")
    behind = []

    for _run in range(20):
        town.happens([*tarpits, healthy], 2)
        town.run()
        behind.append(oldest_waiting(healthy, town))

    assert behind == [timedelta(0)] * 20
    assert Counter(town.called)["quick"] == 40


def test_seven_members_with_a_tarpit_each_keep_others_waiting_for_two_runs_at_most(town: Town) -> None:
    tarpits = [webhook for n in range(7) for webhook in town.webhooks(f"tarpit-{n}")]
    [healthy] = town.webhooks("quick")
    behind = []

    for _run in range(12):
        town.happens([*tarpits, healthy], 2)
        town.run()
        behind.append(oldest_waiting(healthy, town))

    assert max(behind) <= 5 * MINUTE
    assert behind[2:] == [timedelta(0)] * 10


def test_receivers_that_get_it_slowly_keep_nobody_waiting(town: Town) -> None:
    snails = [webhook for n in range(10) for webhook in town.webhooks(f"snail-{n}")]
    [healthy] = town.webhooks("quick")
    town.happens([*snails, healthy], 4)
    for _run in range(3):
        town.run()

    town.happens([*snails, healthy], 4)
    town.run()

    assert oldest_waiting(healthy, town) == timedelta(0)
    assert {each for each in town.called if each != "quick"} == {f"snail-{n}" for n in range(10)}


def test_quick_receivers_that_hear_much_leave_time_for_slow_ones(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUDGET", 0.2)
    [quick], [snail] = town.webhooks("quick"), town.webhooks("snail")
    Webhook.objects.filter(pk=snail.pk).update(is_slow=True)
    town.happens([quick, snail], 10)

    town.run()

    assert Counter(town.called) == {"quick": 4, "snail": 1}


def test_webhooks_get_one_delivery_each_in_turn_whoever_has_waited_longest_first(town: Town) -> None:
    first, second, third = (town.webhooks(f"quick-{n}")[0] for n in range(3))
    town.happens([second], 2)
    town.happens([first, third])
    Webhook.objects.filter(pk=third.pk).update(next_try_at=MONDAY - DAY)
    Webhook.objects.filter(pk__in=[first.pk, second.pk]).update(next_try_at=MONDAY - MINUTE)

    town.run()

    assert town.called == ["quick-2", "quick-0", "quick-1", "quick-1"]


def test_slow_receiver_that_becomes_quick_is_among_the_others_again(town: Town) -> None:
    [webhook] = town.webhooks("quick")
    Webhook.objects.update(is_slow=True)
    town.happens([webhook], 2)

    town.run()

    webhook.refresh_from_db()
    assert (webhook.is_slow, town.called) == (False, ["quick", "quick"])


def test_a_run_ends_long_before_its_time_limit(town: Town) -> None:
    for name in ("tarpit", "snail"):
        webhooks = [webhook for n in range(10) for webhook in town.webhooks(f"{name}-{n}")]
        town.happens(webhooks)
        Webhook.objects.filter(url__contains="snail").update(is_slow=True)
    began = town.now

    deliver_webhooks()

    assert town.now - began == timedelta(seconds=7 * 15 + 3 * 14)


def test_tarpits_are_switched_off_after_a_day_and_their_member_is_told(town: Town) -> None:
    tarpits = town.webhooks("tarpit-0", "tarpit-1", "tarpit-2")
    began = town.now
    town.happens(tarpits, 40)

    while Webhook.objects.filter(is_active=True).exists() and town.now < began + 2 * DAY:
        town.run()
        waits = Webhook.objects.filter(is_active=True).values_list("next_try_at", flat=True)
        town.pass_by(max(0.0, (min(waits, default=town.now) - town.now).total_seconds()))

    lasted = [each.switched_off_at - began for each in Webhook.objects.all()]
    assert DAY <= min(lasted) <= max(lasted) <= DAY + 75 * MINUTE
    assert Notification.objects.filter(recipient=tarpits[0].membership).count() == 3
    assert 60 < len(town.called) < 120

"""The outbox: those concerned are told once, whatever is lost or runs twice."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cases import events
from cases.models import CaseEvent, Notification
from cases.services.escalate import escalate
from cases.services.publish_events import publish_events, publish_forgotten_events
from cases.services.return_case import return_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Party
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


def ids() -> list[int]:
    return list(CaseEvent.objects.filter(published_at__isnull=True).values_list("pk", flat=True))


def told() -> list[tuple[int, str]]:
    return list(Notification.objects.order_by("pk").values_list("recipient_id", "event__kind"))


def test_publish_tells_the_new_lead() -> None:
    handler = MembershipFactory(party=MandateFactory(item="3.1").party)
    MembershipFactory()
    logged_case()

    assert publish_events(ids()) == 3
    assert told() == [(handler.pk, "assigned")]


def test_publish_tells_nobody_twice() -> None:
    MembershipFactory(party=MandateFactory(item="3.1").party)
    logged_case()
    everything = ids()

    publish_events(everything)

    assert publish_events(everything) == 0
    assert Notification.objects.count() == 1


def test_publish_does_not_tell_the_actor() -> None:
    party = MandateFactory(item="3.1").party
    actor = MembershipFactory(party=party)
    coordinator = MembershipFactory(coordinator=True)
    case = logged_case(by=coordinator)
    publish_events(ids())
    Notification.objects.all().delete()

    return_case(case, ground="不归我们", by=actor)
    publish_events(ids())

    assert told() == [(coordinator.pk, "returned")]


def test_publish_tells_the_coordinator_of_a_vacuum_and_the_office_above() -> None:
    office = PartyFactory(kind=Party.Kind.STREET)
    handler = MembershipFactory(party=office)
    coordinator = MembershipFactory(coordinator=True, party=office)
    MembershipFactory(coordinator=True, party=office, area__code="379926102000")
    logged_case(by=MembershipFactory(api_client=True, party=office))

    escalate(at=MONDAY + timedelta(days=9))
    publish_events(ids())

    assert sorted(told()) == sorted([(coordinator.pk, "escalated"), (handler.pk, "escalated")])


def test_publish_tells_coordinators_where_a_party_has_nobody() -> None:
    MandateFactory(item="3.1")
    coordinator = MembershipFactory(coordinator=True)
    logged_case(by=MembershipFactory(api_client=True))
    sweep_clocks(at=MONDAY + timedelta(days=2))
    escalate(at=MONDAY + timedelta(days=2))

    publish_events(ids())

    assert set(told()) == {(coordinator.pk, "escalated")}


def test_publish_ignores_a_kind_that_only_a_newer_version_knows() -> None:
    MembershipFactory(party=MandateFactory(item="3.1").party)
    case = logged_case()
    CaseEvent.objects.create(case=case, seq=99, kind="tomorrow", at=MONDAY, digest="x")

    assert publish_events(ids()) == 4
    assert Notification.objects.count() == 1


def test_publish_forgotten_events_passes_over_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    MembershipFactory(party=MandateFactory(item="3.1").party)
    logged_case()
    bad = ids()[1]
    dispatch = events.dispatch

    def fail_on_one(batch: list[CaseEvent]) -> None:
        if bad in [event.pk for event in batch]:
            raise RuntimeError
        dispatch(batch)

    monkeypatch.setattr(events, "dispatch", fail_on_one)
    monkeypatch.setattr("cases.services.publish_events.GRACE", timedelta(seconds=-1))

    assert publish_forgotten_events() == 2
    assert ids() == [bad]
    assert Notification.objects.count() == 1


def test_publish_leaves_nothing_half_done_when_a_handler_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    MembershipFactory(party=MandateFactory(item="3.1").party)
    logged_case()

    def fail(batch: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(events, "dispatch", fail)
    with pytest.raises(RuntimeError):
        publish_events(ids())

    assert len(ids()) == 3


def test_publish_forgotten_events_waits_for_the_broker_first() -> None:
    MembershipFactory(party=MandateFactory(item="3.1").party)
    logged_case()

    assert publish_forgotten_events() == 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cases.services.publish_events.GRACE", timedelta(seconds=-1))
        assert publish_forgotten_events() == 3

    assert Notification.objects.count() == 1


def test_publish_forgotten_events_finds_what_a_clock_ahead_recorded() -> None:
    MembershipFactory(party=MandateFactory(item="3.1").party)
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        logged_case()

    assert publish_forgotten_events() == 3

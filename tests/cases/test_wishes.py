"""When the mail about something is due, and of what somebody does not want to hear."""

from datetime import datetime

import pytest
import time_machine

from cases.models import CaseEvent, NoticeSettings, Notification
from cases.services.publish_events import publish_events
from cases.wishes import Wishes
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.notices import seen_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler() -> Membership:
    return MembershipFactory()


def moment(words: str) -> datetime:
    return datetime.fromisoformat(f"{words}+08:00")


def due(handler: Membership, at: str, *, urgency: str = "G", **settings: object) -> datetime | None:
    if settings:
        NoticeSettings.objects.create(membership=handler, **settings)
    event = CaseEvent.objects.get(case=seen_case(handler, urgency=urgency), kind="opened")
    return Wishes([handler.pk]).mail_due_at(handler.pk, event, moment(at))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-16 09:00:00", "2026-11-16 09:00:00"),
        ("2026-11-16 09:00:01", "2026-11-16 09:15:00"),
        ("2026-11-16 09:14:59.999", "2026-11-16 09:15:00"),
        ("2026-11-16 23:50:00", "2026-11-17 00:00:00"),
    ],
)
def test_mail_is_collected_to_the_end_of_the_quarter_unless_somebody_says_otherwise(handler, at, expected):
    assert due(handler, at) == moment(expected)


def test_mail_at_once_is_due_at_once(handler):
    assert due(handler, "2026-11-16 09:07:03", mail="at_once") == moment("2026-11-16 09:07:03")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-16 07:00:00", "2026-11-16 08:30:00"),
        ("2026-11-16 08:30:00", "2026-11-16 08:30:00"),
        ("2026-11-16 12:30:00", "2026-11-17 08:30:00"),  # the office opens again after lunch, but the day does not
        ("2026-11-20 18:00:00", "2026-11-23 08:30:00"),  # over a weekend
        ("2026-09-30 10:00:00", "2026-10-08 08:30:00"),  # over the national day
        ("2026-10-09 10:00:00", "2026-10-10 08:30:00"),  # a make-up Saturday
    ],
)
def test_daily_mail_is_due_when_the_next_working_day_opens(handler, at, expected):
    assert due(handler, at, mail="daily") == moment(expected)


def test_no_mail_is_never_due(handler):
    assert due(handler, "2026-11-16 09:00:00", mail="off", urgency="E") is None


@pytest.mark.parametrize("urgency", ["E", "U"])
@pytest.mark.parametrize("mail", ["collected", "daily"])
def test_mail_about_what_is_urgent_is_due_at_once(handler, mail, urgency):
    assert due(handler, "2026-11-15 23:07:00", mail=mail, urgency=urgency) == moment("2026-11-15 23:07:00")


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


def returned(coordinator: Membership) -> Notification:
    """A party gives a case back, which the coordinator hears."""
    case = logged_case(by=coordinator)
    event = CaseEvent.objects.create(case=case, seq=99, kind="returned", at=MONDAY, digest="x")
    publish_events([event.pk])
    return Notification.objects.get(recipient=coordinator, event=event)


@time_machine.travel(MONDAY, tick=False)
def test_what_is_told_says_when_it_is_to_be_mailed(coordinator):
    assert returned(coordinator).mail_due_at == moment("2026-11-16 09:15:00")


def test_what_is_muted_is_there_but_does_not_count_and_is_not_mailed(coordinator):
    NoticeSettings.objects.create(membership=coordinator, muted=["returned"])

    notification = returned(coordinator)

    assert notification.read_at is not None
    assert Notification.objects.unread().count() == 0
    assert not Notification.objects.to_mail(moment("2199-01-01 00:00:00")).exists()


def test_what_somebody_else_has_muted_counts(coordinator):
    NoticeSettings.objects.create(membership=MembershipFactory(), muted=["returned"])

    assert returned(coordinator).read_at is None


def test_being_handed_a_case_counts_whatever_the_row_says():
    handler = MembershipFactory(party=MandateFactory(item="3.1").party)
    NoticeSettings.objects.create(membership=handler, muted=["assigned"])
    case = logged_case()

    publish_events(list(case.events.values_list("pk", flat=True)))

    assert Notification.objects.get(recipient=handler).read_at is None

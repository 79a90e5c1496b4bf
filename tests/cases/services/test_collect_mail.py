"""One mail for each recipient, about all whose time has come."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from cases.models import Mail, NoticeSettings, Notification
from cases.services import collect_mail as module
from cases.services.collect_mail import collect_mail
from stakeholders.models import Membership
from tests.factories.cases import MONDAY
from tests.factories.notices import seen_case, told, told_often
from tests.factories.stakeholders import LONG_AGO, MembershipFactory

pytestmark = pytest.mark.django_db
NIGHT = datetime.fromisoformat("2026-11-16T23:30:00+08:00")
MORNING = datetime.fromisoformat("2026-11-17T08:30:00+08:00")
DAY_OFF = datetime.fromisoformat("2026-10-01T10:00:00+08:00")
AFTER_IT = datetime.fromisoformat("2026-10-08T08:30:00+08:00")
MAKE_UP_SATURDAY = datetime.fromisoformat("2026-10-10T10:00:00+08:00")


@pytest.fixture
def handler() -> Membership:
    return MembershipFactory(user__email="wang@example.com")


def mailed() -> list[tuple[int, int]]:
    """The recipient of each mail, and how many notices are in it."""
    return [(mail.recipient_id, mail.notifications.count()) for mail in Mail.objects.order_by("recipient", "pk")]


def test_collect_mail_puts_what_came_together_into_one_mail_for_each(handler):
    other = MembershipFactory(user__email="li@example.com")
    told(handler), told(other), told(handler), told(handler)

    assert collect_mail(at=MONDAY) == 2
    assert mailed() == [(handler.pk, 3), (other.pk, 1)]


def test_collect_mail_leaves_what_is_not_due(handler):
    told(handler, due=MONDAY + timedelta(seconds=1))

    assert collect_mail(at=MONDAY) == 0
    assert collect_mail(at=MONDAY + timedelta(seconds=1)) == 1


def test_collect_mail_puts_nothing_into_a_second_mail(handler):
    told(handler)
    collect_mail(at=MONDAY)
    told(handler)

    assert [collect_mail(at=MONDAY), collect_mail(at=MONDAY)] == [1, 0]
    assert mailed() == [(handler.pk, 1), (handler.pk, 1)]


def test_mail_cannot_be_collected_twice_from_the_same_notice(handler):
    first = told(handler)
    collect_mail(at=MONDAY)
    Notification.objects.update(mail=None)  # as two that do not see each other's work would find it

    with pytest.raises(IntegrityError):
        collect_mail(at=MONDAY)

    assert Mail.key_for(handler.pk, first.pk) == f"{handler.pk}-{first.pk}"


def test_collect_mail_leaves_out_what_has_been_read(handler):
    told(handler, read_at=MONDAY)

    assert collect_mail(at=MONDAY) == 0


@pytest.mark.parametrize("at", [NIGHT, DAY_OFF])
def test_collect_mail_waits_for_business_hours(handler, at):
    told(handler, due=at)
    opens = {NIGHT: MORNING, DAY_OFF: AFTER_IT}[at]

    assert collect_mail(at=at) == 0
    assert collect_mail(at=opens - timedelta(seconds=1)) == 0
    assert collect_mail(at=opens) == 1


def test_collect_mail_that_was_due_in_time_and_comes_at_midnight_waits_too(handler):
    told(handler, due=MONDAY)

    assert collect_mail(at=NIGHT) == 0
    assert Notification.objects.get().mail_due_at == MORNING


def test_collect_mail_works_on_a_make_up_saturday(handler):
    told(handler, due=MAKE_UP_SATURDAY)

    assert collect_mail(at=MAKE_UP_SATURDAY) == 1


@pytest.mark.parametrize("urgency", ["E", "U"])
def test_collect_mail_does_not_wait_with_what_is_urgent_and_takes_nothing_else_along(handler, urgency):
    urgent = told(handler, seen_case(handler, urgency=urgency), due=NIGHT)
    told(handler, due=NIGHT)

    assert collect_mail(at=NIGHT) == 1
    assert list(Mail.objects.get().notifications.all()) == [urgent]


def test_collect_mail_does_not_wait_for_who_wants_mail_at_any_hour(handler):
    NoticeSettings.objects.create(membership=handler, quiet=False)
    told(handler, due=NIGHT)

    assert collect_mail(at=NIGHT) == 1


def leave(member: Membership) -> None:
    member.until = LONG_AGO + timedelta(days=1)
    member.save()


def be_inactive(member: Membership) -> None:
    member.user.is_active = False
    member.user.save()


def have_no_address(member: Membership) -> None:
    member.user.email = ""
    member.user.save()


def want_no_mail(member: Membership) -> None:
    NoticeSettings.objects.create(membership=member, mail="off")


@pytest.mark.parametrize("change", [leave, be_inactive, have_no_address, want_no_mail])
def test_collect_mail_leaves_those_who_get_none_to_the_inbox(handler, change):
    notification = told(handler)
    change(handler)

    assert collect_mail(at=MONDAY) == 0
    notification.refresh_from_db()
    assert (notification.mail_due_at, notification.read_at) == (None, None)


@pytest.mark.slow
def test_collect_mail_makes_one_mail_of_a_flood(handler):
    told_often(handler, 5000)

    assert collect_mail(at=MONDAY) == 1
    assert mailed() == [(handler.pk, 5000)]


def test_collect_mail_goes_on_over_batches(monkeypatch):
    monkeypatch.setattr(module, "BATCH", 2)
    case = seen_case(MembershipFactory())
    members = [MembershipFactory(user__email="wang@example.com") for _ in range(5)]
    for each in members:
        told(each, case)

    assert collect_mail(at=MONDAY) == len(members)


@pytest.mark.parametrize("count", [1, 3])
def test_collect_mail_costs_the_same_for_any_number(handler, count, django_assert_num_queries: DjangoAssertNumQueries):
    for _ in range(count):
        told(handler)
        told(MembershipFactory(user__email="li@example.com"))

    with django_assert_num_queries(12):
        assert collect_mail(at=MONDAY) == count + 1


def test_collect_mail_with_nothing_to_do_is_one_look(handler, django_assert_num_queries: DjangoAssertNumQueries):
    told(handler, due=None)

    with django_assert_num_queries(3) as asked:  # with the two marks of the transaction
        collect_mail(at=MONDAY)
    if connection.vendor == "sqlite":  # without statistics the other takes an index only where no other will do
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[1]['sql']}")
            assert "notification_to_mail" in str(cursor.fetchall())

"""What a membership was told."""

import pytest
from django.utils import timezone

from cases.models import CaseEvent, Notification
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler():
    return MembershipFactory(party__name_en="Anju Property")


def told(recipient, kind=CaseEvent.Kind.OPENED, **read):
    """Tell somebody what happened to a case."""
    event = CaseEvent.objects.get(case=logged_case(), kind=kind)
    return Notification.objects.create(recipient=recipient, event=event, created_at=timezone.now(), **read)


def test_notices_tell_what_happened_and_lead_to_the_case(signed_in, handler):
    MandateFactory(party=handler.party)
    notification = told(handler, CaseEvent.Kind.ASSIGNED)

    page = signed_in(handler).get("/notices/").content.decode()

    assert "It went to <b>Anju Property</b>" in page
    assert f'href="{notification.event.case.get_absolute_url()}"' in page


def test_notices_show_what_is_unread_first_and_then_the_newest(signed_in, handler):
    oldest, read, newest = told(handler), told(handler, read_at=timezone.now()), told(handler)

    shown = signed_in(handler).get("/notices/").context["told"]

    assert [each.event for each in shown] == [newest.event, oldest.event, read.event]
    assert [each.is_unread for each in shown] == [True, True, False]


def test_notices_are_those_of_the_membership_that_acts(signed_in, handler):
    told(MembershipFactory())
    told(MembershipFactory(user=handler.user, coordinator=True))

    assert signed_in(handler).get("/notices/").context["told"] == []


def test_mark_read_marks_one_s_own_and_nobody_else_s(signed_in, handler):
    mine, theirs = told(handler), told(MembershipFactory())

    answer = signed_in(handler).post("/notices/read/")

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert answer.url == "/notices/"
    assert (mine.read_at is None, theirs.read_at is None) == (False, True)


def test_mark_read_wants_a_post(signed_in, handler):
    assert signed_in(handler).get("/notices/read/").status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_notices_cost_the_same_for_any_number(signed_in, handler, django_assert_num_queries, count):
    MandateFactory(party=handler.party)
    for _ in range(count):
        told(handler, CaseEvent.Kind.ASSIGNED)
    browser = signed_in(handler)

    with django_assert_num_queries(7):
        browser.get("/notices/")

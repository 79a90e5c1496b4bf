"""What a membership was told."""

import pytest
from django.db import connection
from django.utils import timezone

from cases.models import CaseEvent, Custody, Notification
from settle_gov.web import notices
from tests.factories.cases import logged_case
from tests.factories.notices import told_often
from tests.factories.stakeholders import GridFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler():
    return MembershipFactory(party__name_en="Anju Property")


def told(recipient, kind=CaseEvent.Kind.OPENED, **read):
    """Tell somebody what happened to a case."""
    case = logged_case()
    Custody.objects.create(case=case, party=recipient.party, role="support", since=timezone.now())  # so it is seen
    event = CaseEvent.objects.get(case=case, kind=kind)
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


def test_notices_tell_nothing_of_a_case_that_is_out_of_sight(signed_in):
    coordinator = MembershipFactory(coordinator=True)
    told(coordinator)
    coordinator.area = GridFactory().area
    coordinator.save()

    context = signed_in(coordinator).get("/notices/").context
    assert (context["told"], context["page"].unread) == ([], 0)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_notices_go_on_behind_the_last_one_of_the_page_before(signed_in, handler, monkeypatch, size):
    monkeypatch.setattr(notices, "PAGE_SIZE", size)
    read, unread, other_read, other_unread = (told(handler, read_at=at) for at in (timezone.now(), None) * 2)
    browser, address, shown = signed_in(handler), "/notices/", []

    while address:
        context = browser.get(address).context
        assert len(context["told"]) <= size
        shown += [each.event for each in context["told"]]
        address = context["next"]

    assert shown == [each.event for each in (other_unread, unread, other_read, read)]


@pytest.mark.parametrize("key", ["x", "2", "unread.", "unread.-1", "read.٣", "read." + "9" * 19, "a\0b"])
def test_notices_know_no_other_page(signed_in, handler, key):
    assert signed_in(handler).get("/notices/", {"after": key}).status_code == 400


@pytest.mark.parametrize("is_read", [True, False])
def test_notices_ask_an_index(handler, is_read):
    pile = Notification.objects.filter(recipient=handler, read_at__isnull=not is_read).order_by("-id")[:50]

    if connection.vendor == "sqlite":  # without statistics the other takes an index only where no other will do
        assert f"USING INDEX notification_{'read' if is_read else 'unread'} (recipient_id=?" in pile.explain()


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


def test_notices_of_one_case_in_a_row_fold_into_one(signed_in, handler):
    *earlier, newest = told_often(handler, 3)
    other = told(handler)
    read = told_often(handler, 2)
    Notification.objects.filter(pk__in=[each.pk for each in read]).update(read_at=timezone.now())

    answer = signed_in(handler).get("/notices/")

    assert [(each.event, [other.event for other in each.earlier]) for each in answer.context["told"]] == [
        (other.event, []),
        (newest.event, [each.event for each in earlier[::-1]]),
        (read[1].event, [read[0].event]),
    ]
    page = answer.content.decode()
    assert "2 earlier notices of this case" in page
    assert "1 earlier notice of this case" in page
    assert page.count('<details class="fold">') == 2


def test_notices_of_one_case_do_not_fold_over_what_lies_between(signed_in, handler):
    first, last = told_often(handler, 2)
    between = told(handler)
    Notification.objects.filter(pk=last.pk).delete()
    again = Notification.objects.create(recipient=handler, event=last.event, created_at=timezone.now())

    shown = signed_in(handler).get("/notices/").context["told"]

    assert [each.event for each in shown] == [again.event, between.event, first.event]


@pytest.mark.parametrize("count", [1, 3])
def test_folded_notices_cost_the_same_for_any_number(signed_in, handler, django_assert_num_queries, count):
    told_often(handler, count)
    browser = signed_in(handler)

    with django_assert_num_queries(6):
        browser.get("/notices/")


@pytest.mark.parametrize("count", [1, 3])
def test_notices_cost_the_same_for_any_number(signed_in, handler, django_assert_num_queries, count):
    MandateFactory(party=handler.party)
    for _ in range(count):
        told(handler, CaseEvent.Kind.ASSIGNED)
    browser = signed_in(handler)

    with django_assert_num_queries(7):
        browser.get("/notices/")

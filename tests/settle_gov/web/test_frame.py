"""What every page shows around its own content."""

import re

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import CaseEvent, Notification
from settle_gov.web.context import Page
from settle_gov.web.navigation import bottom_bar, top_bar
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db

PAGES = ["/inbox/", "/notices/", "/duties/", "/me/", "/me/tokens/", "/jobs/", "/nowhere/"]


@pytest.mark.parametrize(
    ("given", "top", "bottom"),
    [
        ({"coordinator": True}, "Inbox Cases Duties Figures", "Inbox Cases Log Duties Me"),
        ({}, "Desk Cases Duties", "Desk Cases Duties Me"),
        ({"grid_worker": True}, "Desk Cases Duties", "Desk Cases Log Duties Me"),
        ({"auditor": True}, "Cases Duties Figures", "Cases Duties Me"),
        ({"administrator": True}, "Cases Duties Figures Rules Jobs", "Cases Duties Me"),
        ({"administrator": True, "user__is_staff": True}, "Cases Duties Figures Rules Jobs Admin", "Cases Duties Me"),
        ({"auditor": True, "user__is_staff": True}, "Cases Duties Figures", "Cases Duties Me"),
    ],
)
def test_bars_name_only_places_the_role_may_go_to(given, top, bottom):
    membership = MembershipFactory(**given)
    short = {"Log a case": "Log"}

    names = [
        [short.get(str(entry.label), str(entry.label)) for entry in bar(membership)] for bar in (top_bar, bottom_bar)
    ]

    assert [" ".join(bar) for bar in names] == [top, bottom]


@pytest.mark.parametrize(
    "given", [{"coordinator": True}, {}, {"grid_worker": True}, {"auditor": True}, {"administrator": True}]
)
def test_bars_lead_nowhere_that_is_closed(signed_in, given):
    membership = MembershipFactory(**given)
    browser = signed_in(membership)

    assert {browser.get(entry.url).status_code for entry in (*top_bar(membership), *bottom_bar(membership))} == {200}


def test_bars_mark_the_place_the_page_belongs_to(signed_in):
    page = signed_in(MembershipFactory(coordinator=True)).get("/inbox/").content.decode()

    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == ["/inbox/", "/inbox/"]


def test_bars_mark_duties_on_the_pages_of_parties(signed_in):
    page = signed_in(MembershipFactory(coordinator=True)).get("/parties/").content.decode()

    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == ["/duties/", "/duties/"]


def test_bar_counts_what_is_to_be_decided_and_the_bell_what_is_unread(signed_in):
    coordinator = MembershipFactory(coordinator=True)
    case = logged_case(by=coordinator)
    event = CaseEvent.objects.filter(case=case).first()
    Notification.objects.create(recipient=coordinator, event=event, created_at=timezone.now())

    page = signed_in(coordinator).get("/me/").content.decode()

    assert 'Inbox<span class="count">1</span>' in page
    assert 'aria-label="Notices, 1 unread"' in page


def test_bar_does_not_count_what_a_party_already_has(signed_in):
    coordinator = MembershipFactory(coordinator=True)
    MandateFactory()
    logged_case(by=coordinator)

    assert 'class="count"' not in signed_in(coordinator).get("/me/").content.decode()


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_frame_costs_two_queries_beside_session_user_and_memberships(signed_in, role):
    browser = signed_in(MembershipFactory(**{role: True}))

    with CaptureQueriesContext(connection) as queries:
        browser.get("/me/")

    assert len(queries) == 5 + 3  # the page itself asks for the settings, the last mail and the sign-in log


def test_frame_costs_nothing_for_strangers(django_assert_num_queries):
    page = Page(RequestFactory().get("/"))

    with django_assert_num_queries(0):
        assert (page.town, page.home, page.top_bar, page.unread, page.waiting, page.late_jobs) == (
            "",
            None,
            [],
            0,
            0,
            0,
        )


@pytest.mark.parametrize("address", [*PAGES, "/sign-in/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_hold_no_script_and_no_style_of_their_own(signed_in, address, language):
    browser = signed_in(MembershipFactory(coordinator=True), language)
    answer = browser.get(address, follow=True)
    page = answer.content.decode()

    assert not re.search(r'<script(?! src="/)|<style|\sstyle=|\son\w+=|https?://', page)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}">' in page


@pytest.mark.parametrize("address", [*PAGES, "/sign-in/"])
def test_pages_name_every_control(signed_in, address):
    page = signed_in(MembershipFactory(coordinator=True)).get(address, follow=True).content.decode()
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    inputs = re.findall(r"<input ([^>]+)>", page)

    assert all(set(re.findall(r'id="([^"]+)"', each)) & labelled for each in inputs if 'type="hidden"' not in each)

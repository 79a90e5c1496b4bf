"""The page of the periodic jobs."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from cases.models import JobFault, JobRun
from tests.factories.jobs import all_jobs_ran
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db

JOBS = "/jobs/"
NOON = datetime.fromisoformat("2026-11-28T12:00:00+08:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def administrator():
    return MembershipFactory(administrator=True)


@pytest.fixture
def browser(signed_in, administrator):
    return signed_in(administrator)


def row(answer, name: str = "cases.escalate"):
    [found] = [each for each in answer.context["rows"] if each.heartbeat.job.name == name]
    return found


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"administrator": True}, 200),
        ({"coordinator": True}, 200),
        ({"auditor": True}, 403),
        ({"grid_worker": True}, 403),
        ({}, 403),
    ],
)
def test_administrators_and_coordinators_may_see_the_jobs(signed_in, given, status):
    assert signed_in(MembershipFactory(**given)).get(JOBS).status_code == status


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(JOBS).status_code == 302


def test_page_tells_of_every_job_in_words(browser):
    all_jobs_ran()
    JobRun.objects.filter(name="cases.escalate").update(
        seconds=2.5, did=1, runs=4, total_seconds=10, longest_seconds=125
    )

    answer = browser.get(JOBS)
    page = " ".join(answer.content.decode().split())

    assert [each.heartbeat.job.name for each in answer.context["rows"]] == sorted(settings.PERIODIC_JOBS)
    escalate = row(answer)
    assert (escalate.every, escalate.state, escalate.took) == ("every 30 s", "On time", "2.5 s")
    assert (escalate.mean, escalate.longest) == ("2.5 s", "2 min 5 s")
    assert row(answer, "stakeholders.check_episodes").every == "daily at 03:20"
    assert "Takes the steps of escalation that have come due." in page
    assert "mean 2.5 s, longest 2 min 5 s" in page
    assert "all on time" in page


def test_page_tells_of_failures_with_the_last_error(browser):
    all_jobs_ran(at=NOON - timedelta(seconds=9))
    JobRun.objects.filter(name="cases.escalate").update(
        failures=3, last_started_at=NOON, last_failed_at=NOON, last_error="KeyError: '<gone>'"
    )

    answer = browser.get(JOBS)

    assert row(answer).state == "Failed"
    assert "KeyError: &#x27;&lt;gone&gt;&#x27;" in answer.content.decode()
    assert "28 Nov 12:00" in answer.content.decode()


def test_page_tells_since_when_a_job_is_late_whoever_watches(browser):
    all_jobs_ran()
    JobRun.objects.filter(name="cases.escalate").update(last_finished_at=NOON - HOUR)

    answer = browser.get(JOBS)

    assert (row(answer).state, answer.context["late"]) == ("Late since 28 Nov 11:04", 1)
    assert answer.context["faults"] == []


def test_page_of_a_system_in_which_no_job_ever_ran(browser):
    page = browser.get(JOBS)

    assert {each.state for each in page.context["rows"]} == {"Late since 28 Nov 12:00"}
    assert "never" in page.content.decode()


def test_page_shows_open_faults_before_those_that_are_over(browser):
    all_jobs_ran()
    for name, hours, cleared in [("cases.escalate", 9, None), ("x.gone", 5, 4), ("cases.sweep_clocks", 3, 2)]:
        since = NOON - hours * HOUR
        over = NOON - cleared * HOUR if cleared else None
        JobFault.objects.create(name=name, since=since, found_at=since, cleared_at=over)

    answer = browser.get(JOBS)

    assert [(each.fault.name, each.what, each.period) for each in answer.context["faults"]] == [
        ("cases.escalate", "Takes the steps of escalation that have come due.", "28 Nov 03:00 – now"),
        ("cases.sweep_clocks", "Finds what time has brought, and ends holds.", "28 Nov 09:00 – 10:00"),
        ("x.gone", "", "28 Nov 07:00 – 08:00"),
    ]
    assert ["Stands still" in answer.content.decode(), "Runs again" in answer.content.decode()] == [True, True]


def test_page_goes_on_behind_the_last_fault(browser, monkeypatch):
    monkeypatch.setattr("settle_gov.web.jobs.PAGE_SIZE", 2)
    for number in range(3):
        JobFault.objects.create(name=f"x.{number}", since=NOON, found_at=NOON, cleared_at=NOON)
    JobFault.objects.create(name="x.open", since=NOON, found_at=NOON)

    first = browser.get(JOBS)
    second = browser.get(first.context["next"])

    assert [each.fault.name for each in first.context["faults"]] == ["x.open", "x.2", "x.1"]
    assert [each.fault.name for each in second.context["faults"]] == ["x.0"]
    assert (second.context["first"], second.context["next"]) == (JOBS, "")


@pytest.mark.parametrize("after", ["x", "-1", "9" * 19])
def test_page_that_is_none_is_refused(browser, after):
    assert browser.get(JOBS, {"after": after}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_rows(browser, django_assert_num_queries, count):
    all_jobs_ran()
    JobRun.objects.filter(pk__in=sorted(settings.PERIODIC_JOBS)[count:]).delete()
    for number in range(count):
        JobFault.objects.create(name=f"x.{number}", since=NOON, found_at=NOON, cleared_at=NOON)
        JobFault.objects.create(name=f"x.{number}", since=NOON, found_at=NOON)

    with django_assert_num_queries(8):  # session, user, memberships; unread, late; runs, open and past faults
        answer = browser.get(JOBS)

    assert len(answer.context["faults"]) == 2 * count


def test_administrators_see_on_every_page_how_many_stand_still(signed_in, browser):
    JobFault.objects.create(name="x.over", since=NOON, found_at=NOON, cleared_at=NOON)
    calm = browser.get("/me/").content.decode()
    for name in ("cases.escalate", "cases.sweep_clocks"):
        JobFault.objects.create(name=name, since=NOON, found_at=NOON)
    auditor = signed_in(MembershipFactory(auditor=True)).get("/me/").content.decode()

    badge = '<span class="count">2<span class="sr"> late</span></span>'
    page = browser.get("/me/").content.decode()

    assert [text.count(badge) for text in (calm, page, auditor)] == [0, 2, 0]  # in the bar, and on this page


@pytest.mark.parametrize(
    ("given", "is_linked"), [({"administrator": True}, True), ({"coordinator": True}, True), ({"auditor": True}, False)]
)
def test_me_leads_to_the_jobs(signed_in, given, is_linked):
    page = signed_in(MembershipFactory(**given)).get("/me/").content.decode()

    assert ('<a class="btn" href="/jobs/">' in page) == is_linked

"""Background jobs as a worker runs them: noted, watched, and harmless the second time."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from cases import tasks
from cases.models import BulkJob, Case, CaseImport, Dispute, Escalation, JobFault, JobRun, WorkCalendarYear
from cases.schedule import WATCH
from cases.services.collect_mail import collect_mail
from settle_gov.celery import app
from stakeholders.models import Episode, Party
from stakeholders.services.keep_duty_list import keep_duty_list
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.bulk import bulk_job, worked_off
from tests.factories.cases import item, logged_case
from tests.factories.imports import checked_import, message, sent_import
from tests.factories.jobs import all_jobs_ran
from tests.factories.notices import seen_case, told
from tests.factories.stakeholders import (
    AccountEventFactory,
    EstateFactory,
    KeptAnswerFactory,
    MandateFactory,
    MembershipFactory,
)
from tests.factories.webhooks import LOOPBACK, delivery_of, receiving, webhook_of
from tests.stakeholders.duty_list.lists import duty_file

pytestmark = pytest.mark.django_db
NAME = "stakeholders.refresh_episodes"
LONG_AGO = timedelta(days=9)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each run of the service."""
    done: list[str] = []
    monkeypatch.setattr(tasks, "refresh_episodes", lambda: done.append("run") or 0)
    return done


@pytest.fixture
def work_for_every_job(settings: Settings) -> Iterator[None]:
    """For each periodic job something to do; a new job wants a line here."""
    long_ago = timezone.now() - LONG_AGO
    with time_machine.travel(long_ago):
        party = MandateFactory(item="3.1").party
        logged_case()
        Party.objects.filter(pk=party.pk).update(closed_at=long_ago)  # from here on nobody has that case
        logged_case(need_item=item("4.1"))  # nobody answers for it: steps of escalation
        file = SimpleUploadedFile("清单.csv", duty_file().getvalue())
        keep_duty_list(file, by=MembershipFactory(coordinator=True), at=long_ago)
        all_jobs_ran()
    # A date that the calendar does not bear out, a dispute that nobody settles, somebody in charge who has left
    Case.objects.update(resolve_due_at=long_ago, next_check_at=long_ago)
    WorkCalendarYear.objects.update(reckoned_at=None)
    case = Case.objects.filter(lead=None).order_by("pk")[0]
    Dispute.objects.create(case=case, opened_at=long_ago, level_since=long_ago, level_due_at=long_ago)
    gone = MembershipFactory(party=party, since=long_ago - LONG_AGO, until=long_ago)
    Case.objects.filter(lead=party).update(in_charge=gone)
    Escalation.objects.update(due_at=long_ago)
    _something_to_mail()
    KeptAnswerFactory(at=long_ago)
    AccountEventFactory(at=timezone.now() - timedelta(days=settings.SIGN_IN_LOG_DAYS + 1))
    delivery_of(webhook_of(is_active=False), case, created_at=long_ago - LONG_AGO)
    sender = MembershipFactory(coordinator=True)
    worked_off(bulk_job(sender))
    BulkJob.objects.update(finished_at=timezone.now() - timedelta(days=31))
    bulk_job(sender)
    admin = MembershipFactory(administrator=True)
    checked_import(admin, [message(1)])
    CaseImport.objects.update(checked_at=timezone.now() - timedelta(days=31))
    sent_import(admin, [message(2)])
    refresh_episodes()
    Episode.objects.first().delete()  # register and ledger differ
    EstateFactory()  # nobody has reckoned it yet
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    with receiving() as receiver:
        delivery_of(webhook_of(url=receiver.url), case)
        yield


def _something_to_mail() -> None:
    """A mail to be sent, and another one to be collected; about emergencies, which are mailed at any hour."""
    for each in range(2):
        member = MembershipFactory(user__email=f"member{each}@example.com")
        told(member, seen_case(member, urgency="E"))
        if not each:
            collect_mail()


def rows_written(run: Callable[[], None]) -> list[str]:
    """The statements that wrote a row, but for the note of the run itself."""
    written = []

    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith("INSERT") or (sql.startswith(("UPDATE", "DELETE")) and context["cursor"].rowcount):
            written.append(sql)
        return result

    with connection.execute_wrapper(note):
        run()
    return [sql for sql in written if "cases_jobrun" not in sql]


@pytest.mark.parametrize("name", sorted(settings.PERIODIC_JOBS))
def test_second_run_right_after_writes_nothing(name: str, work_for_every_job: None) -> None:
    JobRun.objects.filter(name=WATCH).update(last_finished_at=timezone.now())

    first = rows_written(app.tasks[name])

    assert first != [], "there was nothing to do: this proves nothing"
    assert JobRun.objects.get(name=name).did > 0
    assert rows_written(app.tasks[name]) == []


def test_job_notes_when_it_ran(runs: list[str]) -> None:
    tasks.run_refresh_episodes()
    tasks.run_refresh_episodes()

    run = JobRun.objects.get(name=NAME)
    assert (runs, run.runs, run.is_unfinished) == (["run", "run"], 2, False)


def test_long_job_is_not_run_twice_at_once(runs: list[str]) -> None:
    JobRun.objects.create(name=NAME, last_started_at=timezone.now())

    tasks.run_refresh_episodes()

    assert runs == []


def test_failure_of_a_job_reaches_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "refresh_episodes", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        tasks.run_refresh_episodes()

    assert JobRun.objects.get(name=NAME).failures == 1


def test_any_job_finds_that_the_watch_stands_still(runs: list[str]) -> None:
    all_jobs_ran()
    JobRun.objects.filter(name=WATCH).update(last_finished_at=timezone.now() - LONG_AGO)

    tasks.run_refresh_episodes()

    assert [fault.name for fault in JobFault.objects.open()] == [WATCH]


def test_long_job_that_died_under_a_clock_ahead_is_run_again(runs: list[str]) -> None:
    JobRun.objects.create(name=NAME, last_started_at=timezone.now() + timedelta(days=365))

    tasks.run_refresh_episodes()

    assert runs == ["run"]

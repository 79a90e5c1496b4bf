"""Background jobs: each calls one service. Any of them may run twice, at once or never finish, without harm."""

from collections.abc import Callable
from functools import wraps

from celery import shared_task
from django.conf import settings

from cases.api.bulk_rows import do_row
from cases.models import BulkJob
from cases.schedule import WATCH
from cases.services.collect_mail import collect_mail
from cases.services.deliver_webhooks import deliver_webhooks
from cases.services.escalate import escalate
from cases.services.forget_bulk_jobs import forget_bulk_jobs
from cases.services.forget_deliveries import forget_deliveries
from cases.services.forget_imports import forget_imports
from cases.services.publish_events import publish_events, publish_forgotten_events
from cases.services.reckon_deadlines_again import reckon_deadlines_again
from cases.services.run_job import run_job
from cases.services.send_mail import send_mail
from cases.services.sweep_clocks import sweep_clocks
from cases.services.sweep_disputes import sweep_disputes
from cases.services.sweep_unattended import sweep_unattended
from cases.services.sweep_unowned import sweep_unowned
from cases.services.watch_jobs import watch_if_nobody_does, watch_jobs
from cases.services.work_off_bulk_job import work_off_bulk_job
from cases.services.work_off_bulk_jobs import work_off_bulk_jobs
from cases.services.work_off_import import work_off_import
from cases.services.work_off_imports import work_off_imports
from stakeholders.services.check_episodes import check_episodes
from stakeholders.services.forget_account_events import forget_account_events
from stakeholders.services.forget_answers import forget_answers
from stakeholders.services.forget_duty_lists import forget_duty_lists
from stakeholders.services.refresh_episodes import refresh_episodes


@shared_task(name="cases.publish_events")
def publish(ids: list[int]) -> None:
    """Tell those concerned about events that were just committed."""
    publish_events(ids)


@shared_task(name="cases.work_off_bulk_job")
def run_work_off_bulk_job(job_id: int) -> None:
    """Do rows of a bulk job that was just sent; what is long is done in turns, so that others get theirs."""
    if work_off_bulk_job(job_id, do=do_row) and BulkJob.objects.unfinished().filter(pk=job_id).exists():
        run_work_off_bulk_job.delay(job_id)


@shared_task(name="cases.work_off_import", time_limit=settings.PERIODIC_JOBS["cases.work_off_imports"].time_limit)
def run_work_off_import(import_id: int) -> None:
    """Check a ledger that was just sent, or import one that was just started."""
    work_off_import(import_id)


def periodic(name: str) -> Callable[[Callable[[], int]], Callable[[], None]]:
    """Make a task of what a periodic job does; how often and how long it may run stands in `cases/schedule.py`."""
    job = settings.PERIODIC_JOBS[name]

    def task_of(work: Callable[[], int]) -> Callable[[], None]:
        @shared_task(name=name, time_limit=job.time_limit)
        @wraps(work)
        def run() -> None:
            run_job(job, work)
            if name != WATCH:
                watch_if_nobody_does()

        return run

    return task_of


@periodic("cases.sweep_clocks")
def run_sweep_clocks() -> int:
    """Find what time has brought."""
    return sweep_clocks()


@periodic("cases.sweep_disputes")
def run_sweep_disputes() -> int:
    """Raise disputes that nobody has settled in time."""
    return sweep_disputes()


@periodic("cases.sweep_unattended")
def run_sweep_unattended() -> int:
    """Find cases whose person in charge has left."""
    return sweep_unattended()


@periodic("cases.sweep_unowned")
def run_sweep_unowned() -> int:
    """Route again what nobody has, or what the ledger answers otherwise by now."""
    return sweep_unowned()


@periodic("cases.escalate")
def run_escalate() -> int:
    """Fire the steps of the ladder that have come due."""
    return escalate()


@periodic("cases.collect_mail")
def run_collect_mail() -> int:
    """Put what is to be told by mail into mails."""
    return collect_mail()


@periodic("cases.send_mail")
def run_send_mail() -> int:
    """Send the mails that are due."""
    return send_mail()


@periodic("cases.deliver_webhooks")
def run_deliver_webhooks() -> int:
    """Call the webhooks that something is to be told."""
    return deliver_webhooks()


@periodic("cases.forget_deliveries")
def run_forget_deliveries() -> int:
    """By night: remove old entries from the logs of webhooks."""
    return forget_deliveries()


@periodic("cases.reckon_deadlines_again")
def run_reckon_deadlines_again() -> int:
    """Let open deadlines follow a work calendar that has changed; over a million of them takes minutes."""
    return reckon_deadlines_again()


@periodic("cases.publish_forgotten_events")
def run_publish_forgotten_events() -> int:
    """Tell about events whose message got lost."""
    return publish_forgotten_events()


@periodic("cases.work_off_bulk_jobs")
def run_work_off_bulk_jobs() -> int:
    """Go on with bulk jobs that nobody is at."""
    return work_off_bulk_jobs(do=do_row)


@periodic("cases.work_off_imports")
def run_work_off_imports() -> int:
    """Go on with imports that nobody is at."""
    return work_off_imports()


@periodic("cases.forget_imports")
def run_forget_imports() -> int:
    """By night: remove ledgers that were dealt with long ago."""
    return forget_imports()


@periodic("cases.forget_bulk_jobs")
def run_forget_bulk_jobs() -> int:
    """By night: remove bulk jobs that ended long ago."""
    return forget_bulk_jobs()


@periodic("stakeholders.refresh_episodes")
def run_refresh_episodes() -> int:
    """Bring episodes up to the ledger where that was left for later; a city that is filled in takes minutes."""
    return refresh_episodes()


@periodic("stakeholders.check_episodes")
def run_check_episodes() -> int:
    """By night: reckon every episode anew and note what differs."""
    return check_episodes()


@periodic("stakeholders.forget_answers")
def run_forget_answers() -> int:
    """Remove kept answers that no client will ask for any more."""
    return forget_answers()


@periodic("stakeholders.forget_account_events")
def run_forget_account_events() -> int:
    """By night: remove lines of the sign-in log that were kept long enough."""
    return forget_account_events()


@periodic("stakeholders.forget_duty_lists")
def run_forget_duty_lists() -> int:
    """By night: remove duty lists that nobody has recorded."""
    return forget_duty_lists()


@periodic(WATCH)
def run_watch_jobs() -> int:
    """Look whether all these jobs run."""
    return watch_jobs()

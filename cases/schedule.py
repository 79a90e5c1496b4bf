"""The periodic jobs, one row for each: beat, workers, `ready/` and the page of the jobs all read this table. Pure."""

from dataclasses import dataclass
from datetime import time, timedelta

MISSED_PERIODS = 3  # once or twice late is a busy worker, not a broken one
SHORT = 240  # seconds that a sweep may take
LONG = 900  # seconds that a job over the whole ledger may take
WATCH = "cases.watch_jobs"


@dataclass(frozen=True)
class PeriodicJob:
    """A job that is begun again and again: how often, for how long at most, and what for.

    `every` is in seconds, or a time of day where the site is; `time_limit` in seconds, after which the worker kills it.
    `what` is a sentence in English, translated where it is shown. One `is_alone` is not begun while it runs, because a
    second run would do the same work behind the first.
    """

    name: str
    every: int | time
    time_limit: int
    what: str
    is_alone: bool = False

    @property
    def period(self) -> timedelta:
        """From one run to the next; a message that has waited as long is dropped, as the next does its work."""
        return timedelta(days=1) if isinstance(self.every, time) else timedelta(seconds=self.every)

    @property
    def patience(self) -> timedelta:
        """How long after its last end the job is late: three periods, or until a run in time may at last end."""
        return max(MISSED_PERIODS * self.period, self.period + timedelta(seconds=self.time_limit))


def periodic_jobs(*, sweep: int) -> dict[str, PeriodicJob]:
    """Return all jobs by name; a sweep is run every `sweep` seconds."""
    jobs = [
        PeriodicJob("cases.sweep_clocks", sweep, SHORT, _("Finds what time has brought, and ends holds.")),
        PeriodicJob("cases.sweep_disputes", sweep, SHORT, _("Raises disputes that nobody has settled in time.")),
        PeriodicJob("cases.sweep_unattended", sweep, SHORT, _("Finds cases whose person in charge has left.")),
        PeriodicJob("cases.sweep_unowned", sweep, SHORT, _("Routes cases again that nobody has.")),
        PeriodicJob("cases.escalate", sweep, SHORT, _("Takes the steps of escalation that have come due.")),
        PeriodicJob(
            "cases.publish_forgotten_events",
            sweep,
            SHORT,
            _("Tells about events whose message to the worker was lost."),
        ),
        PeriodicJob("cases.collect_mail", sweep, SHORT, _("Puts what is to be told by mail into mails.")),
        PeriodicJob("cases.send_mail", sweep, SHORT, _("Sends the mails that are due.")),
        PeriodicJob(
            "cases.deliver_webhooks",
            sweep,
            SHORT,
            _("Calls the webhooks that something is to be told."),
            is_alone=True,
        ),
        PeriodicJob(
            "cases.reckon_deadlines_again",
            sweep,
            LONG,
            _("Lets open deadlines follow a work calendar that has changed."),
            is_alone=True,
        ),
        PeriodicJob("cases.work_off_bulk_jobs", sweep, LONG, _("Goes on with bulk jobs whose worker died.")),
        PeriodicJob("cases.work_off_imports", sweep, LONG, _("Goes on with imports whose worker died.")),
        PeriodicJob(
            "cases.forget_imports",
            time(3, 28),
            SHORT,
            _("Removes imported ledgers whose results were kept long enough."),
        ),
        PeriodicJob(
            "cases.forget_bulk_jobs",
            time(3, 25),
            SHORT,
            _("Removes bulk jobs whose results were kept long enough."),
        ),
        PeriodicJob(
            "stakeholders.refresh_episodes",
            sweep,
            LONG,
            _("Brings the gap register up to the ledger where that was left for later."),
            is_alone=True,
        ),
        PeriodicJob(
            "stakeholders.check_episodes",
            time(3, 20),
            LONG,
            _("Reckons the whole gap register anew and notes what differs."),
            is_alone=True,
        ),
        PeriodicJob(
            "stakeholders.forget_duty_lists",
            time(3, 10),
            SHORT,
            _("Removes duty lists that were sent and never recorded."),
        ),
        PeriodicJob(
            "stakeholders.forget_answers",
            time(3, 15),
            SHORT,
            _("Removes answers that were kept for clients that might ask again."),
        ),
        PeriodicJob(
            "stakeholders.forget_account_events",
            time(3, 12),
            SHORT,
            _("Removes lines of the sign-in log that were kept long enough."),
        ),
        PeriodicJob(
            "cases.forget_deliveries",
            time(3, 25),
            SHORT,
            _("Removes old entries from the logs of webhooks."),
        ),
        PeriodicJob(WATCH, 60, 60, _("Looks whether all these jobs run.")),
    ]
    return {job.name: job for job in jobs}


def _(words: str) -> str:
    """Mark a text for translation."""
    return words

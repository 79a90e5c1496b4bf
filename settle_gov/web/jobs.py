"""The periodic jobs: whether each runs, how long it takes, and when it stood still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.heartbeats import Heartbeat, State, heartbeats
from cases.models import JobFault, JobRun
from cases.policies import can_watch_jobs
from cases.schedule import PeriodicJob
from cases.wording import moment_words, period_words, seconds_words
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One job in words."""

    heartbeat: Heartbeat

    @property
    def what(self) -> str:
        """What it is for."""
        return _(self.heartbeat.job.what)

    @property
    def every(self) -> str:
        """How often it runs: every 30 s, daily at 03:20."""
        return every_words(self.heartbeat.job)

    @property
    def state(self) -> str:
        """How it stands; if late, since when."""
        if since := self.heartbeat.late_since:
            return _("Late since %(moment)s") % {"moment": moment_words(since)}
        state = self.heartbeat.state.label
        return state[:1].upper() + state[1:]

    @property
    def took(self) -> str:
        """How long its last run took that ended well."""
        return _words(self.heartbeat.run.seconds)

    @property
    def mean(self) -> str:
        """How long a run takes on average."""
        return _words(self.heartbeat.run.mean_seconds)

    @property
    def longest(self) -> str:
        """How long the longest run took."""
        return _words(self.heartbeat.run.longest_seconds if self.heartbeat.run.runs else None)


@dataclass(frozen=True)
class Fault:
    """One stretch in which a job stood still, in words."""

    fault: JobFault

    @property
    def what(self) -> str:
        """What the job is for; nothing if there is no such job any more."""
        job = settings.PERIODIC_JOBS.get(self.fault.name)
        return _(job.what) if job else ""

    @property
    def period(self) -> str:
        """From when it was late till it ran again."""
        return period_words(self.fault.since, self.fault.cleared_at)


@require_safe
@member_required
def jobs(request: MemberRequest) -> HttpResponse:
    """Show all jobs by name, and the faults: open ones first, then those that are over, newest first."""
    require(can_watch_jobs(request.membership))
    open_faults, past, next_key = _faults_after(request.GET.get("after", ""))
    all_jobs = heartbeats(JobRun.objects.in_bulk(), at=timezone.now())
    context = {
        "rows": [Row(each) for each in all_jobs],
        "late": sum(each.state is State.LATE for each in all_jobs),
        "faults": [Fault(each) for each in (*open_faults, *past)],
        "first": request.path if request.GET.get("after") else "",
        "next": f"{request.path}?after={next_key}" if next_key else "",
    }
    return render(request, "jobs.html", context)


def every_words(job: PeriodicJob) -> str:
    """How often a job runs."""
    if isinstance(job.every, time):
        return _("daily at %(time)s") % {"time": f"{job.every:%H:%M}"}
    return _("every %(span)s") % {"span": seconds_words(job.every)}


def _words(seconds: float | None) -> str:
    return "" if seconds is None else seconds_words(seconds)


def _faults_after(key: str) -> tuple[Sequence[JobFault], Sequence[JobFault], str]:
    """Open faults (on the first page only), a page of past ones, and the key of the page after it, if any."""
    if key and not (key.isascii() and key.isdigit() and len(key) < 19):
        raise BadRequest(_("This is no page of the list."))
    past = JobFault.objects.filter(cleared_at__isnull=False)
    page = list((past.filter(pk__lt=int(key)) if key else past)[: PAGE_SIZE + 1])
    next_key = str(page[PAGE_SIZE - 1].pk) if len(page) > PAGE_SIZE else ""
    return [] if key else list(JobFault.objects.open()), page[:PAGE_SIZE], next_key

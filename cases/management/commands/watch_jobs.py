"""`manage.py watch_jobs`: look after the periodic jobs from outside, also when no worker runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.heartbeats import Heartbeat, heartbeats
from cases.models import JobRun
from cases.services.watch_jobs import watch_jobs
from cases.wording import moment_words, seconds_words


class Command(BaseCommand):
    help = "Tell when each periodic job last ran; fails if one is late. For cron, or whatever watches the server."

    def handle(self, *args: Any, **options: Any) -> None:
        """Note what is late, then tell about each job."""
        watch_jobs()
        all_jobs = heartbeats(JobRun.objects.in_bulk(), at=timezone.now())
        for each in all_jobs:
            self.stdout.write(_line(each))
        late = sum(each.late_since is not None for each in all_jobs)
        if late:
            raise CommandError(ngettext("%(count)d job is late.", "%(count)d jobs are late.", late) % {"count": late})


def _line(heartbeat: Heartbeat) -> str:
    run = heartbeat.run
    if run.last_finished_at is None or run.seconds is None:
        last = _("never ended")
    else:
        last = _("last ended %(moment)s after %(duration)s") % {
            "moment": moment_words(run.last_finished_at),
            "duration": seconds_words(run.seconds),
        }
    return f"{run.name}: {heartbeat.state.label}, {last}"

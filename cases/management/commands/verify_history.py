"""`manage.py verify_history`: reckon the digests of all histories again, and name what somebody bent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from cases.models import Case
from cases.services.verify_history import Break, verify_history


class Command(BaseCommand):
    help = "Check the histories of all cases, or of one, against their digests; fails if any was bent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """All cases, or one."""
        parser.add_argument("--case", metavar="NUMBER", help="only this case")

    def handle(self, *args: Any, case: str | None, **options: Any) -> None:
        """Name the first broken line of each broken history."""
        cases = Case.objects.filter(number=case) if case else Case.objects.all()
        total, broken = cases.count(), 0
        if case and not total:
            raise CommandError(_("There is no case %(number)s.") % {"number": case})
        # disable=None: no bar where the error stream is no terminal
        with tqdm(total=total, unit=_(" cases"), unit_scale=True, leave=False, disable=None) as bar:
            for found in verify_history(cases, progress=bar.update):
                broken += 1
                bar.clear()
                self.stdout.write(_line(found))
        figures = {"broken": f"{broken:,}", "count": f"{total:,}"}
        if broken:
            raise CommandError(_("Histories that do not hold: %(broken)s of %(count)s") % figures)
        self.stdout.write(
            ngettext("The history of %(count)s case holds.", "The histories of %(count)s cases hold.", total) % figures
        )


def _line(found: Break) -> str:
    kind = f" ({found.kind})" if found.kind else ""
    return _("%(number)s: line %(seq)d%(kind)s %(fault)s") % {
        "number": found.number,
        "seq": found.seq,
        "kind": kind,
        "fault": found.fault.label,
    }

"""`manage.py import_duties`: record a duty list from a file, with a summary and the refused rows in a file like it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from stakeholders.duty_list.read import Progress
from stakeholders.duty_list.report import DutyListReport
from stakeholders.management.acting import membership_named
from stakeholders.models import Membership
from stakeholders.services.import_duties import import_duties
from stakeholders.services.keep_duty_list import keep_duty_list
from stakeholders.services.record_duty_list import record_duty_list
from stakeholders.what_if import Effect

SHOWN = 5  # refused rows that the summary quotes


class Command(BaseCommand):
    help = "Record a duty list from a CSV or XLSX file; fails if rows were refused. A second run adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file and for whom it is recorded."""
        parser.add_argument("file", type=Path, help="CSV (UTF-8 or GB18030) or XLSX")
        parser.add_argument("--as", dest="username", required=True, help="who records it")
        parser.add_argument("--party", metavar="CODE", help="for which party, where the user acts for several")
        parser.add_argument("--role", help="in which role, where one party gave the user several")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        """Record, tell what came of it, and write the refused rows beside the file unless it is a dry run."""
        by = membership_named(options["username"], options["party"], options["role"])
        try:
            report = _look(file, by) if dry_run else _record(file, by)
        except ValidationError as error:
            raise CommandError(f"{file.name}: {' '.join(error.messages)}") from error
        except PermissionDenied as error:
            raise CommandError(_("%(who)s may not keep the responsibility ledger.") % {"who": by}) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(_summary(report, file.name, dry_run=dry_run))
        if report.refusals:
            if not dry_run:
                self._save_refused(report, file.with_name(f"{file.stem}.refused{file.suffix}"))
            count = len(report.refusals)
            raise CommandError(
                ngettext("%(count)d row was refused.", "%(count)d rows were refused.", count) % {"count": count}
            )

    def _save_refused(self, report: DutyListReport, path: Path) -> None:
        try:
            report.save_refused(path)
        except OSError as error:
            raise CommandError(
                _("The refused rows could not be written to %(path)s: %(reason)s.")
                % {"path": path, "reason": error.strerror}
            ) from error
        self.stdout.write(_("The refused rows, each with its reason: %(path)s") % {"path": path})


def _look(path: Path, by: Membership) -> DutyListReport:
    with path.open("rb") as file, _bar() as progress:
        return import_duties(file, name=path.name, by=by, dry_run=True, progress=progress)


def _record(path: Path, by: Membership) -> DutyListReport:
    with path.open("rb") as file:
        duty_list = keep_duty_list(File(file, name=path.name), by=by)
    with _bar() as progress:
        return record_duty_list(duty_list, by=by, progress=progress)


@contextmanager
def _bar() -> Iterator[Progress]:
    # disable=None: no bar where the error stream is no terminal
    with tqdm(unit=_(" rows"), unit_scale=True, leave=False, disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _summary(report: DutyListReport, name: str, *, dry_run: bool) -> str:
    effects = report.effects
    figures = {
        "file": name,
        "rows": f"{report.rows:,}",
        "added": f"{len(report.good):,}",
        "known": f"{report.known:,}",
        "refused": f"{len(report.refusals):,}",
        "day": timezone.localdate(report.at).isoformat(),
        **{effect.value: f"{effects[effect]:,}" for effect in Effect},
    }
    lines = [
        _("%(file)s: %(rows)s rows"),
        _("  would add %(added)s, known already %(known)s, refused %(refused)s")
        if dry_run
        else _("  added %(added)s, known already %(known)s, refused %(refused)s"),
        _("  on %(day)s gaps closed %(closed)s, opened %(opened)s, become others %(altered)s; other party %(moved)s"),
    ]
    summary = [line % figures for line in lines]
    if report.unread:
        summary.append(_("Columns that were not read: %(columns)s") % {"columns": ", ".join(report.unread)})
    summary += [
        _("Row %(row)s: %(problems)s") % {"row": each.number, "problems": " ".join(each.problems)}
        for each in report.refusals[:SHOWN]
    ]
    if dry_run:
        summary.append(_("Nothing was written: this was a dry run."))
    return "\n".join(summary)

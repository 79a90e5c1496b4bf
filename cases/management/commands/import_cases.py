"""`manage.py import_cases`: take over a ledger from a file, with a summary and the refused rows in a file like it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from cases.importing.mappings import mappings
from cases.importing.report import ImportReport
from cases.importing.span import Span
from cases.services.import_cases import import_cases

SHOWN = 5  # refused rows that the summary quotes


class Command(BaseCommand):
    help = "Import a ledger of cases from a CSV or XLSX file; a second run adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, and what cannot be read off it."""
        parser.add_argument("file", type=Path, help="CSV (UTF-8 or GB18030) or XLSX")
        parser.add_argument("--mapping", default="", help=f"what the headers mean: {', '.join(mappings())}")
        parser.add_argument("--area", default="", help="code of the area for rows without a known place")
        parser.add_argument("--due", default="", help='judge all rows by this span, such as "5 working_day"')
        parser.add_argument("--errors", type=Path, help="where to write refused rows (default: beside the file)")
        parser.add_argument("--dry-run", action="store_true", help="check and reckon, write nothing")

    def handle(self, *, file: Path, errors: Path | None, **options: Any) -> None:
        """Import, tell what came of it, and write the refused rows; a dry run writes them only where told to."""
        try:
            report = self._import(file, **options)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(_summary(report, file.name, dry_run=options["dry_run"]))
        if report.refusals and (errors or not options["dry_run"]):
            self._save_errors(report, errors or file.with_name(f"{file.stem}.errors{file.suffix}"))

    @staticmethod
    def _import(file: Path, *, mapping: str, area: str, due: str, dry_run: bool, **_others: Any) -> ImportReport:
        span = Span.parse(due) if due else None
        # disable=None: no bar where the error stream is no terminal
        with file.open("rb") as opened, tqdm(unit=_(" rows"), unit_scale=True, leave=False, disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            return import_cases(
                opened, name=file.name, mapping=mapping, area=area, due=span, dry_run=dry_run, progress=show
            )

    def _save_errors(self, report: ImportReport, path: Path) -> None:
        try:
            report.save_errors(path)
        except OSError as error:
            raise CommandError(
                _("The refused rows could not be written to %(path)s: %(reason)s. Name another place with --errors.")
                % {"path": path, "reason": error.strerror}
            ) from error
        self.stdout.write(_("The refused rows, each with its reason: %(path)s") % {"path": path})


def _summary(report: ImportReport, name: str, *, dry_run: bool) -> str:
    figures = {
        key: f"{getattr(report, key):,}" for key in ("rows", "added", "known", "closed", "late", "open", "overdue")
    }
    figures |= {"file": name, "mapping": report.header.mapping.name, "refused": f"{len(report.refusals):,}"}
    lines = [
        _("%(file)s, mapping %(mapping)s: %(rows)s rows"),
        _("  would add %(added)s, known already %(known)s, refused %(refused)s")
        if dry_run
        else _("  added %(added)s, known already %(known)s, refused %(refused)s"),
        _("  closed %(closed)s, answered late %(late)s of %(closed)s"),
        _("  open %(open)s, overdue now %(overdue)s"),
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

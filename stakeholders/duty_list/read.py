"""Reading a duty list: which of its rows make sense, which are known, and what they would change."""

from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from spreadsheets.open_table import open_table
from spreadsheets.refusals import Refusal, RefusedRowError
from spreadsheets.table import Cells
from stakeholders.drafts import draft_of
from stakeholders.duty_list.columns import find_header, is_example
from stakeholders.duty_list.directory import DutyDirectory
from stakeholders.duty_list.limits import LIMITS
from stakeholders.duty_list.report import KEY, DutyListReport, key_of
from stakeholders.duty_list.rows import DutyReader
from stakeholders.models import Estate, Mandate, Membership
from stakeholders.what_if import changes_of

Progress = Callable[[int, int], None]


def read_duties(
    file: BinaryIO, *, name: str, by: Membership, at: datetime | None = None, progress: Progress | None = None
) -> DutyListReport:
    """Read a CSV or XLSX file as `by` sees the town, in as many queries for many rows as for one. Writes nothing.

    `at` is the moment at which the rows would be recorded, now unless given. `progress` hears of rows done and rows
    in all. Raises ValidationError for a file that cannot be read.
    """
    at = at or timezone.now()
    table = open_table(file, name, limits=LIMITS)
    header = find_header(table)
    report = DutyListReport(table, header, at)
    rows = _Rows(report, DutyReader(header, DutyDirectory(by), by=by, at=at))
    total = table.count - len(header.above) - 1
    for done, (number, cells) in enumerate((row for row in table.rows() if row[0] > header.number), start=1):
        if not is_example(header, cells):
            rows.take(number, cells)
        if progress is not None:
            progress(done, total)
    _set_known_apart(report)
    report.at = max([at, *(mandate.valid_from for mandate in report.good.values())])
    if report.good:
        draft = draft_of(report.good.values())
        report.changes = changes_of(draft, at=report.at, among=Estate.objects.visible_to(by))
    return report


class _Rows:
    """Sorts the rows of one file."""

    def __init__(self, report: DutyListReport, reader: DutyReader) -> None:
        self._report, self._reader = report, reader
        self._seen: dict[tuple[Any, ...], tuple[int, str]] = {}  # a duty: its first row, and the evidence named there

    def take(self, number: int, cells: Cells) -> None:
        """Keep a row as good, known or refused."""
        try:
            mandate = self._reader.read(cells)
            is_first = self._is_first(number, mandate)
        except RefusedRowError as refused:
            self._report.refusals.append(Refusal(number, cells, refused.problems))
            return
        if is_first:
            self._report.good[number] = mandate
        else:
            self._report.known += 1

    def _is_first(self, number: int, mandate: Mandate) -> bool:
        """Say whether the row is the first of its duty. The same again is known; with other evidence it is refused."""
        first, evidence = self._seen.setdefault(key_of(mandate), (number, mandate.evidence))
        if evidence != mandate.evidence:
            problem = _("Row %(row)s names the same duty with other evidence; keep one of them.") % {"row": first}
            raise RefusedRowError([self._report.header.complaint("evidence", problem)])
        return first == number


def _set_known_apart(report: DutyListReport) -> None:
    """Take out what the ledger says already; one query."""
    if not report.good:
        return
    known = _recorded(list(report.good.values()))
    differing = {
        number
        for number, mandate in report.good.items()
        if mandate.evidence and mandate.evidence not in known.get(key_of(mandate), {mandate.evidence})
    }
    fresh = {number: mandate for number, mandate in report.good.items() if key_of(mandate) not in known}
    report.known += len(report.good) - len(fresh) - len(differing)
    report.good = fresh
    if differing:
        _refuse_other_evidence(report, differing)


def _refuse_other_evidence(report: DutyListReport, numbers: Container[int]) -> None:
    """Refuse these rows: a mandate is never changed, and nobody should think that the new evidence is recorded."""
    problem = _("The ledger has this duty with other evidence. Withdraw it there, then record it with this evidence.")
    problems = [report.header.complaint("evidence", problem)]
    report.refusals += [Refusal(number, cells, problems) for number, cells in report.table.rows() if number in numbers]
    report.refusals.sort(key=lambda refusal: refusal.number)


def _recorded(mandates: Sequence[Mandate]) -> dict[tuple[Any, ...], set[str]]:
    """What is in the ledger of these parties, with its evidence, as far as it begins when one of the mandates might."""
    begins = [mandate.valid_from for mandate in mandates]
    like = Mandate.objects.known_on().filter(
        party__in={mandate.party_id for mandate in mandates}, valid_from__range=(min(begins), max(begins))
    )
    found: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for *key, evidence in like.order_by().values_list(*KEY, "evidence"):
        found[tuple(key)].add(evidence)
    return found

"""Take over the ledger of another system: answered rows as closed cases, the others as open ones."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, clocks, custody
from cases.history import Line
from cases.importing.directory import Directory
from cases.importing.mappings import Header, find_header
from cases.importing.report import ImportReport
from cases.importing.rows import Reading, RowReader
from cases.importing.span import Span
from cases.models import Case, CaseEvent, Custody, DeadlineRule, NumberSeries
from cases.routing import NewRoutes
from cases.rulebook import Rulebook
from spreadsheets.limits import FILES_OF_OURS, Limits
from spreadsheets.open_table import open_table
from spreadsheets.refusals import Refusal, RefusedRowError
from spreadsheets.table import Cells, Table, text
from stakeholders.models import Area
from stakeholders.search import searchable

CHUNK = 500  # rows a transaction
TOWN_DIGITS = 9  # of an area code

Progress = Callable[[int, int], None]
Added = Callable[[int], None]


def import_cases(  # noqa: PLR0913 -- each is a choice of its own
    file: BinaryIO,
    *,
    name: str,
    mapping: str = "",
    area: str = "",
    due: Span | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    added: Added | None = None,
    limits: Limits = FILES_OF_OURS,
) -> ImportReport:
    """Add a case for every good row that is not known yet by its channel and its number elsewhere.

    `mapping` names what the headers mean, else the only mapping that fits is taken. `area` is the code of the area
    that rows without a known estate belong to, else the only town. With `due` all rows are judged by that span, not
    by the deadline rules. `progress` hears of rows done and rows in all, `added` of the cases that a chunk adds, in its
    transaction. A dry run reads and reckons the same and writes nothing.

    Works in chunks of their own transactions: an import that dies keeps what it has added and the next one goes on.
    Raises ValidationError, before anything is written, for a file that cannot be read or an area that is not known.
    """
    try:
        table = open_table(file, name, limits=limits)
        header = find_header(table, mapping)
    except ValidationError as error:
        raise ValidationError(f"{name}: {error.messages[0]}", code=error.code) from error
    run = _Import(ImportReport(table, header), name, _area(area), due, added)
    total = table.count - len(header.above) - 1
    done = 0
    for chunk in _chunks(table, header):
        run.take(chunk, dry_run=dry_run)
        done += len(chunk)
        if progress is not None:
            progress(done, total)
    return run.report


class _Import:
    """One run: what it reckons with, and what it has counted so far."""

    def __init__(self, report: ImportReport, name: str, area: Area, due: Span | None, added: Added | None) -> None:
        self.report, self._name, self._due, self._tell_added = report, name, due, added
        self._now = timezone.now()
        self._rules = Rulebook()
        self._reader = RowReader(report.header, Directory(area), area=area, now=self._now)
        self._seen: dict[tuple[str, str], tuple[int, int]] = {}  # channel and number: the row, and what it says

    def take(self, chunk: Sequence[tuple[int, Cells]], *, dry_run: bool) -> None:
        """Read rows, judge them, and add those that are new."""
        readings = {number: reading for number, cells in chunk if (reading := self._read(number, cells))}
        for reading in readings.values():
            self._set_deadlines(reading.case)
            self._count(reading.case)
        if dry_run:
            added = len(_unknown(readings))
        else:
            try:
                added = self._add(readings)
            except IntegrityError:  # somebody else has added one of them meanwhile; read anew, it is known now
                added = self._add({number: self._again(cells) for number, cells in chunk if number in readings})
        self.report.added += added
        self.report.known += len(readings) - added

    def _read(self, number: int, cells: Cells) -> Reading | None:
        try:
            reading = self._reader.read(cells)
            return reading if self._is_first(number, cells, reading.case) else None
        except RefusedRowError as refused:
            self.report.refusals.append(Refusal(number, cells, refused.problems))
            return None

    def _again(self, cells: Cells) -> Reading:
        reading = self._reader.read(cells)
        self._set_deadlines(reading.case)
        return reading

    def _is_first(self, number: int, cells: Cells, case: Case) -> bool:
        """Say whether the row is the first of its number. The same again is known; something else is refused."""
        says = hash(tuple(map(text, cells)))
        first, said = self._seen.setdefault((case.channel, case.external_id), (number, says))
        if first == number:
            return True
        if said != says:
            problem = _("Row %(row)s has the same number and says something else.") % {"row": first}
            raise RefusedRowError([self._reader.complaint("external_id", problem)])
        self.report.known += 1
        return False

    def _set_deadlines(self, case: Case) -> None:
        """All count from when the matter arrived."""
        if self._due is None:
            clocks.start_clocks(case, self._rules, at=case.reported_at)
        else:
            resolve, calendar = DeadlineRule.Clock.RESOLVE, self._rules.calendar
            clocks.set_clock(case, resolve, self._due.amount, self._due.unit, calendar, at=case.reported_at)

    def _count(self, case: Case) -> None:
        if case.is_open:
            self.report.open += 1
            self.report.overdue += case.overdue_at(self._now)
        else:
            self.report.closed += 1
            self.report.late += case.was_late

    @transaction.atomic
    def _add(self, readings: dict[int, Reading]) -> int:
        """Insert the cases that are not known; return how many."""
        unknown = _unknown(readings)
        if not unknown:
            return 0
        cases = [reading.case for reading in unknown.values()]
        _number(cases)
        routes = NewRoutes([case for case in cases if case.is_open], self._rules, at=self._now)
        custodies = [
            custody.past(reading.case, reading.party, until=reading.case.resolved_at)
            for reading in unknown.values()
            if reading.party and reading.case.resolved_at
        ]
        lines = routes.lines
        bookkeeping.begin(
            [
                (reading.case, [self._imported(number, reading), *lines.get(reading.case.number, [])])
                for number, reading in unknown.items()
            ]
        )
        routes.save()
        Custody.objects.bulk_create(custodies)
        if self._tell_added is not None:
            self._tell_added(len(cases))
        return len(cases)

    def _imported(self, number: int, reading: Reading) -> Line:
        details = {"file": self._name, "row": number, "mapping": self.report.header.mapping.name}
        if reading.party is not None:
            details["party"] = reading.party.code
        return Line(CaseEvent.Kind.IMPORTED, self._now, details=details)


def _unknown(readings: dict[int, Reading]) -> dict[int, Reading]:
    """Those whose number elsewhere has not come through their channel before; one query a channel."""
    ids = defaultdict(list)
    for reading in readings.values():
        ids[reading.case.channel].append(reading.case.external_id)
    known = {
        (channel, each)
        for channel, wanted in ids.items()
        for each in Case.objects.known_as(channel, wanted).values_list("external_id", flat=True)
    }
    return {
        number: reading
        for number, reading in readings.items()
        if (reading.case.channel, reading.case.external_id) not in known
    }


def _number(cases: Sequence[Case]) -> None:
    """Give each case a number of the day on which it was reported, and with it the text that searches look at."""
    days = [timezone.localdate(case.reported_at) for case in cases]
    drawn = {day: iter(numbers) for day, numbers in NumberSeries.objects.draw_many(Counter(days)).items()}
    for case, day in zip(cases, days, strict=True):
        case.number = next(drawn[day])
        case.search_text = searchable(case.number, case.title, case.description, case.place, case.location_note)


def _chunks(table: Table, header: Header) -> Iterator[list[tuple[int, Cells]]]:
    rows = (row for row in table.rows() if row[0] > header.number)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _area(code: str) -> Area:
    """The area with this code; without one the only town. Raises ValidationError for none and for several."""
    if code:
        named = Area.objects.filter(code=code).first()
        if named is None:
            raise ValidationError(_("There is no area with the code %(code)s."), code="area", params={"code": code})
        return named
    towns = [area for area in Area.objects.all() if len(area.prefix) == TOWN_DIGITS]
    if len(towns) != 1:
        raise ValidationError(
            _("There is no town yet. Name the area of rows without a known place with --area.")
            if not towns
            else _("There are several towns: %(towns)s. Name the area of rows without a known place with --area."),
            code="area",
            params={"towns": ", ".join(f"{town.code} {town}" for town in towns)},
        )
    return towns[0]

"""From a row of a ledger to a case that is not saved yet, or to all that is wrong with the row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.importing.directory import Directory
from cases.importing.mappings import Header
from cases.models import Case
from cases.models.case import DESCRIPTION_LIMIT
from cases.worktime import ZONE
from spreadsheets.headings import plain
from spreadsheets.moments import parse_moment
from spreadsheets.names import SHOWN
from spreadsheets.refusals import RefusedRowError
from spreadsheets.table import Cell, Cells, is_blank, text
from stakeholders.models import Area, Building, Party
from stakeholders.models.need import Urgency

EARLIEST_YEAR = 1980  # an earlier one is a slip
TEXTS = ("external_id", "title", "location_note", "reporter_name", "reporter_phone")
LIMITS = {field.name: field.max_length or 0 for field in Case._meta.concrete_fields if field.name in TEXTS} | {
    "description": DESCRIPTION_LIMIT
}
FILLED = ("external_id", "title", "reported_at")


@dataclass(frozen=True)
class Reading:
    """What a good row says: the case, and the party that it names as the one in charge."""

    case: Case
    party: Party | None


class RowReader:
    """Reads the rows under one header. Rows whose estate is not named belong to `area`."""

    def __init__(self, header: Header, directory: Directory, *, area: Area, now: datetime) -> None:
        self._header, self._directory, self._area, self._now = header, directory, area, now
        self._places = header.places
        values = header.mapping.values or {}
        parsers: dict[str, Callable[[Cell], Any]] = {
            **{name: partial(_text, limit=limit) for name, limit in LIMITS.items()},
            "channel": partial(_choice, _words(Case.Channel.choices, values.get("channel", {}))),
            "urgency": partial(_choice, _words(Urgency.choices, values.get("urgency", {}))),
            "reported_at": self._moment,
            "resolved_at": self._moment,
            "estate": lambda cell: directory.estates.find(text(cell)),
            "building": text,
            "need_item": lambda cell: directory.items.find(text(cell)),
            "lead": lambda cell: directory.parties.find(text(cell)),
        }
        self._parsers = {field: parsers[field] for field in self._places}

    def read(self, cells: Cells) -> Reading:
        """Make an unsaved case of a row. Raises RefusedRowError with everything that is wrong with it."""
        if not is_blank(cells[len(self._header.cells) :]):
            raise RefusedRowError(
                [_("The row has more cells than there are columns: a comma without quotation marks?")]
            )
        values, problems = self._parse(cells)
        self._check_building(values, problems)
        self._check_answer(values, problems)
        if problems:
            raise RefusedRowError(self.complaint(field, problem) for field, problem in problems.items())
        return Reading(self._case(values), values.get("lead"))

    def complaint(self, field: str, problem: str) -> str:
        """A problem with the name of its column in the file."""
        return self._header.complaint(field, problem)

    def _parse(self, cells: Cells) -> tuple[dict[str, Any], dict[str, str]]:
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for field, place in self._places.items():
            cell = cells[place] if place < len(cells) else None
            try:
                values[field] = self._parsers[field](cell)
            except ValidationError as error:
                problems[field] = error.messages[0]
            else:
                if field in FILLED and not values[field]:
                    problems[field] = _("This is empty.")
        return values, problems

    def _moment(self, cell: Cell) -> datetime | None:
        if not text(cell):
            return None
        try:
            moment = parse_moment(cell, ZONE)
        except ValueError as error:
            raise ValidationError(_("This is no date; write 2019-04-25 09:32.")) from error
        if moment.year < EARLIEST_YEAR:
            raise ValidationError(_("A time before %(year)s is a slip."), params={"year": EARLIEST_YEAR})
        if moment > self._now:
            raise ValidationError(_("This lies in the future."))
        return moment

    def _check_building(self, values: dict[str, Any], problems: dict[str, str]) -> None:
        """Replace the name of the building by the building, once the estate is known."""
        name = values.pop("building", "")
        if not name or "estate" in problems:
            return
        if values.get("estate") is None:
            problems["building"] = _("Name the estate as well.")
            return
        try:
            values["building"] = self._directory.buildings_of(values["estate"]).find(name)
        except ValidationError as error:
            problems["building"] = error.messages[0]

    def _check_answer(self, values: dict[str, Any], problems: dict[str, str]) -> None:
        """An answer follows its report; one dated on the very day, without a time, counts as given at once."""
        reported, resolved = values.get("reported_at"), values.get("resolved_at")
        if not reported or not resolved or resolved >= reported:
            return
        if resolved == reported.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0):
            values["resolved_at"] = reported
        else:
            problems["resolved_at"] = _("This lies before the report.")

    def _case(self, values: dict[str, Any]) -> Case:
        estate, item, resolved_at = values.get("estate"), values.get("need_item"), values.get("resolved_at")
        building: Building | None = values.get("building")
        somebody_did_it = resolved_at and (values.get("lead") or (estate and item))
        return Case(
            **{name: values.get(name, "") for name in LIMITS},
            channel=values.get("channel") or self._header.mapping.channel,
            need_item=item,
            urgency=values.get("urgency") or (item.urgency if item else Urgency.GENERAL),
            area=estate.area if estate else self._area,
            grid=building.grid if building else estate.grid if estate else None,
            estate=estate,
            building=building,
            responsibility=Case.Responsibility.HELD if somebody_did_it else Case.Responsibility.UNLOCATED,
            stage=Case.Stage.CLOSED if resolved_at else Case.Stage.OPENED,
            reported_at=values["reported_at"],
            opened_at=values["reported_at"],
            resolved_at=resolved_at,
            closed_at=resolved_at,
        )


def _text(cell: Cell, *, limit: int) -> str:
    value = text(cell)
    if "\x00" in value:
        raise ValidationError(_("This holds a character that cannot be stored (NUL)."))
    if len(value) > limit:
        raise ValidationError(
            _("This has %(length)s characters; %(limit)s are allowed."), params={"length": len(value), "limit": limit}
        )
    return value


def _words(choices: Iterable[tuple[str, Any]], values: Mapping[str, str]) -> dict[str, str]:
    """What a cell may say for each choice: its code, its name in the reader's language, and the mapping's own words."""
    words = {plain(word): code for code, label in choices for word in (code, str(label))}
    return words | {plain(word): code for word, code in values.items()}


def _choice(words: Mapping[str, str], cell: Cell) -> str:
    word = text(cell)
    if not word:
        return ""
    if plain(word) not in words:
        raise ValidationError(_("“%(word)s” is not known here."), params={"word": word[:SHOWN]})
    return words[plain(word)]

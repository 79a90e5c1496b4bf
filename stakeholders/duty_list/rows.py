"""From a row of a duty list to a mandate that is not saved yet, or to all that is wrong with the row."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from spreadsheets.headings import plain
from spreadsheets.moments import parse_moment
from spreadsheets.names import SHOWN
from spreadsheets.refusals import RefusedRowError
from spreadsheets.table import Cell, Cells, is_blank, text
from stakeholders.duty_list.columns import EVERYTHING, OPEN_END, PLACES, ROLES, Header
from stakeholders.duty_list.directory import DutyDirectory, Matter
from stakeholders.eligibility import require_eligible
from stakeholders.models import Building, Estate, Mandate, Membership, NeedClass, NeedItem

YEARS = range(1949, 2200)  # others are slips
FILLED = ("party", "role", "valid_from", "basis")
BASIS_LIMIT = Mandate._meta.get_field("basis").max_length or 0
DAY = timedelta(days=1)
ALL = "all"  # instead of a matter

Values = dict[str, Any]
Problems = dict[str, str]


class DutyReader:
    """Reads the rows under one header, for somebody who keeps the ledger of an area."""

    def __init__(self, header: Header, directory: DutyDirectory, *, by: Membership, at: datetime) -> None:
        self._header, self._directory, self._by, self._at = header, directory, by, at
        parsers: dict[str, Callable[[Cell], Any]] = {
            "party": lambda cell: directory.parties.find(text(cell)),
            "role": _role,
            "area": lambda cell: directory.areas.find(text(cell)),
            "estate": lambda cell: directory.estates.find(text(cell)),
            "building": text,
            "need_class": lambda cell: directory.classes.find(text(cell)),
            "matter": self._matter,
            "valid_from": _day,
            "valid_until": lambda cell: None if plain(text(cell)) in OPEN_END else _day(cell),
            "basis": _basis,
            "evidence": _stored,
        }
        self._parsers = {field: parsers[field] for field in header.places}

    def read(self, cells: Cells) -> Mandate:
        """Make an unsaved mandate of a row. Raises RefusedRowError with everything that is wrong with it."""
        if not is_blank(cells[len(self._header.cells) :]):
            raise RefusedRowError(
                [_("The row has more cells than there are columns: a comma without quotation marks?")]
            )
        values, problems = self._parse(cells)
        self._check_place(values, problems)
        self._check_matter(values, problems)
        self._check_period(values, problems)
        self._check_party(values, problems)
        if problems:
            raise RefusedRowError(self._header.complaint(field, problem) for field, problem in problems.items())
        return self._mandate(values)

    def _parse(self, cells: Cells) -> tuple[Values, Problems]:
        values: Values = {}
        problems: Problems = {}
        for field, place in self._header.places.items():
            cell = cells[place] if place < len(cells) else None
            try:
                values[field] = self._parsers[field](cell)
            except ValidationError as error:
                problems[field] = error.messages[0]
            else:
                if field in FILLED and not values[field]:
                    problems[field] = _("This is empty.")
        return values, problems

    def _matter(self, cell: Cell) -> Matter | str | None:
        return ALL if plain(text(cell)) in EVERYTHING else self._directory.matters.find(text(cell))

    def _check_place(self, values: Values, problems: Problems) -> None:
        """Replace the name of the building by the building, and let no two of the places contradict each other."""
        if not problems.keys().isdisjoint(PLACES):
            return
        try:
            building = values["building"] = self._building(values)
        except ValidationError as error:
            problems["building"] = error.messages[0]
            return
        area, estate = values.get("area"), values.get("estate")
        inside = self._directory.estate_by_id[building.estate_id] if building else estate
        if inside is not None:
            if area is not None and not area.contains(inside.area_id):
                problems["estate" if estate else "building"] = _("This does not lie in %(area)s.") % {"area": area}
        elif area is None:
            problems[self._first(PLACES)] = _("Name an area, an estate or a building.")
        elif not self._by.area.contains(area.code):
            problems["area"] = _("This lies outside your area, %(area)s.") % {"area": self._by.area}

    def _building(self, values: Values) -> Building | None:
        word: str = values.get("building", "")
        estate: Estate | None = values.get("estate")
        if not word:
            return None
        elsewhere = self._by_code(word)
        if estate is None:
            if elsewhere is None:
                raise ValidationError(_("Name the estate as well."))
            return elsewhere
        if elsewhere is not None and elsewhere.estate_id != estate.pk:
            home = self._directory.estate_by_id[elsewhere.estate_id]
            raise ValidationError(_("This building stands in another estate, %(estate)s."), params={"estate": home})
        return self._directory.buildings_of(estate).find(word)

    def _by_code(self, word: str) -> Building | None:
        """The building with this code, wherever it stands; a name alone says too little."""
        try:
            found = self._directory.buildings.find(word)
        except ValidationError:
            return None
        return found if found is not None and plain(found.code) == plain(word) else None

    def _check_matter(self, values: Values, problems: Problems) -> None:
        """An item must be of the class that is named beside it; a class alone stands for all of it."""
        if not problems.keys().isdisjoint({"need_class", "matter"}):
            return
        need_class, matter = values.get("need_class"), values["matter"]
        if matter is None and need_class is None:
            problems["matter"] = _("Name an item or a class, or write “all”.")
        elif need_class is None:
            return
        elif isinstance(matter, NeedItem) and matter.need_class_id != need_class.pk:
            problems["matter"] = _("This is no item of the class %(need_class)s.") % {"need_class": need_class}
        elif isinstance(matter, NeedClass) and matter != need_class:
            problems["matter"] = _("This is another class than %(need_class)s.") % {"need_class": need_class}

    def _check_period(self, values: Values, problems: Problems) -> None:
        """The last day counts, so that the end is the midnight after it."""
        first, last = values.get("valid_from"), values.get("valid_until")
        if first and last and last < first:
            problems["valid_until"] = _("The end must be later than the beginning.")

    def _check_party(self, values: Values, problems: Problems) -> None:
        """The party must be one that may be named for that beginning."""
        if not problems.keys().isdisjoint({"party", "valid_from"}):
            return
        try:
            require_eligible(values["party"], by=self._by, at=values["valid_from"], field="party")
        except ValidationError as error:
            problems["party"] = error.messages[0]

    def _first(self, fields: Iterable[str]) -> str:
        return next(field for field in fields if field in self._header.places)

    @staticmethod
    def _need_class(values: Values) -> NeedClass | None:
        matter = values["matter"]
        if isinstance(matter, NeedItem):
            return None
        return matter if isinstance(matter, NeedClass) else values.get("need_class")

    def _mandate(self, values: Values) -> Mandate:
        """The narrowest place and the narrowest matter count."""
        building, estate, matter = values["building"], values.get("estate"), values["matter"]
        last = values.get("valid_until")
        return Mandate(
            party=values["party"],
            role=values["role"],
            building=building,
            estate=None if building else estate,
            area=None if building or estate else values["area"],
            need_item=matter if isinstance(matter, NeedItem) else None,
            need_class=self._need_class(values),
            valid_from=values["valid_from"],
            valid_until=last + DAY if last else None,
            basis=values["basis"],
            evidence=values.get("evidence", ""),
            recorded_at=self._at,
            recorded_by=self._by,
        )


def _role(cell: Cell) -> str:
    word = text(cell)
    if not word:
        return ""
    known = ROLES.get(plain(word))
    if known is None:
        raise ValidationError(
            _("“%(word)s” is no role; there are: %(roles)s."),
            params={"word": word[:SHOWN], "roles": _(", ").join(str(label) for label in Mandate.Role.labels)},
        )
    return known


def _day(cell: Cell) -> datetime | None:
    """The midnight with which a day begins."""
    if not text(cell):
        return None
    try:
        moment = timezone.localtime(parse_moment(cell, timezone.get_default_timezone()))
    except (ValueError, OverflowError) as error:
        raise ValidationError(_("This is no day; write 2026-01-01.")) from error
    if moment.year not in YEARS:
        raise ValidationError(
            _("A year before %(first)s or after %(last)s is a slip."),
            params={"first": YEARS.start, "last": YEARS.stop - 1},
        )
    if moment != moment.replace(hour=0, minute=0, second=0, microsecond=0):
        raise ValidationError(_("Give a day without a time."))
    return moment


def _basis(cell: Cell) -> str:
    value = _stored(cell)
    if len(value) > BASIS_LIMIT:
        raise ValidationError(
            _("This has %(length)s characters; %(limit)s are allowed."),
            params={"length": len(value), "limit": BASIS_LIMIT},
        )
    return value


def _stored(cell: Cell) -> str:
    value = text(cell)
    if "\x00" in value:
        raise ValidationError(_("This holds a character that cannot be stored (NUL)."))
    return value

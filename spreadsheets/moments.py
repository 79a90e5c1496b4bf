"""Dates and times as people and spreadsheets write them. Pure."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from spreadsheets.table import Cell, text

_MOMENT = re.compile(
    r"(?P<year>\d{4}) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})(?: ?日)?"
    r"(?:(?:[ T]|(?<=日))(?P<hour>\d{1,2})"
    r"(?: ?时| ?[:时] ?(?P<minute>\d{1,2})(?: ?分| ?[:分] ?(?P<second>\d{1,2})(?:\.\d+)?(?: ?秒)?)?)"
    r" ?(?P<offset>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_PARTS = ("year", "month", "day", "hour", "minute", "second")


def parse_moment(cell: Cell, zone: tzinfo) -> datetime:
    """The moment a cell names: `2019/4/25 09:32:09`, `2019-04-25 09:32`, `2019年4月25日`, or a date cell.

    Without an offset it is time of `zone`; without a time the day begins. Raises ValueError for anything else.
    """
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=cell.tzinfo or zone)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), zone)
    found = _MOMENT.fullmatch(" ".join(unicodedata.normalize("NFKC", text(cell)).split()))
    if found is None:
        raise ValueError("This is no date.")
    year, month, day, hour, minute, second = (int(found[part] or 0) for part in _PARTS)
    return datetime(year, month, day, hour, minute, second, tzinfo=_offset(found["offset"]) or zone)


def _offset(offset: str | None) -> tzinfo | None:
    if not offset:
        return None
    if offset == "Z":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1))

"""The gap register as a table for Excel and WPS: one row an episode and place, written while it is read."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cases.models.case import CaseQuerySet
from settle_gov.web.duties.gap_rows import Hanging, hanging_on, place_of
from spreadsheets.formulas import harmless
from stakeholders.models import Episode
from stakeholders.models.episode import EpisodeQuerySet

AT_ONCE = 500  # rows in memory
MARK = "\ufeff"  # tells a spreadsheet that this is UTF-8
ORDER = (F("since").asc(nulls_first=True), "estate_id", "need_item_id", F("building__code").asc(nulls_first=True), "pk")


class _Line:
    """Gives back what the writer writes."""

    def write(self, text: str) -> str:
        return text


def sheet(episodes: EpisodeQuerySet, cases: CaseQuerySet, at: datetime) -> Iterator[str]:
    """The lines of the table. The language is that of who asked, also when nobody's request is at hand any more."""
    language = get_language()
    write = csv.writer(_Line()).writerow
    rows = episodes.for_list().order_by(*ORDER).iterator(chunk_size=AT_ONCE)
    with override(language):
        head = MARK + write(_head())
    yield head
    while chunk := list(islice(rows, AT_ONCE)):
        with override(language):
            hanging = hanging_on(chunk, cases)
            lines = [write(map(harmless, _cells(each, hanging[place_of(each)], at))) for each in chunk]
        yield "".join(lines)


def _head() -> list[str]:
    return [
        _("State"),
        _("Community"),
        _("Estate"),
        _("Place"),
        _("Need class"),
        _("Number of the item"),
        _("Need item"),
        _("Parties"),
        _("From"),
        _("Until"),
        _("Days"),
        _("Open cases"),
        _("Overdue"),
        _("Estate code"),
        _("Building code"),
    ]


def _cells(episode: Episode, hanging: Hanging, at: datetime) -> Sequence[object]:
    building = episode.building
    return [
        episode.get_state_display(),
        episode.estate.area,
        episode.estate,
        building or _("Common area"),
        episode.need_item.need_class,
        episode.need_item.code,
        episode.need_item,
        _(", ").join(str(party) for party in episode.parties.all()),
        _moment(episode.since) or _("before all records"),
        _moment(episode.until),
        (timezone.localdate(at) - timezone.localdate(episode.since)).days if episode.since else "",
        hanging.open,
        hanging.overdue,
        episode.estate.code,
        building.code if building else "",
    ]


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

"""What drafts would change, as it is drawn: the matrix before and after, and every change in words."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from settle_gov.web.duties.marks import Mark, mark_of
from settle_gov.web.duties.places import Place as Places
from settle_gov.web.duties.places import Spot
from stakeholders import coverage, ledger
from stakeholders.ledger import MatrixCell
from stakeholders.models import Building, Estate, NeedItem, Party
from stakeholders.what_if import Change, Effect, Standing

MOST_ESTATES = 60  # in the matrix before and after
MOST_LINES = 100  # of changes in words


class EffectName(models.TextChoices):
    """What a change does to a cell, in the words of the page."""

    CLOSED = Effect.CLOSED, gettext_lazy("Gaps closed")
    OPENED = Effect.OPENED, gettext_lazy("Gaps opened")
    ALTERED = Effect.ALTERED, gettext_lazy("Gaps altered")
    MOVED = Effect.MOVED, gettext_lazy("In other hands")


@dataclass(frozen=True)
class Pair:
    """A cell of the matrix, before and after; `after` is None where none of its places changes.

    `drawing` is both marks as HTML: drawn once for all cells that have them.
    """

    estate: Estate
    item: NeedItem
    before: Mark
    after: Mark | None
    drawing: SafeString

    @property
    def url(self) -> str:
        """The page of the cell as it is."""
        return reverse("duties:cell", args=[self.estate.code, self.item.code])

    @property
    def label(self) -> str:
        """All that the drawing says, in words."""
        names = {"estate": self.estate, "item": self.item, "state": self.before.label}
        if self.after is None:
            return _("%(estate)s, %(item)s: %(state)s") % names
        return _("%(estate)s, %(item)s: %(state)s, then %(after)s") % {**names, "after": self.after.label}


@dataclass(frozen=True)
class Line:
    """Places of one estate that change alike, in words."""

    estate: Estate
    item: NeedItem
    before: Places
    after: Places


@dataclass(frozen=True)
class Outcome:
    """All that would change. What is too long is cut, and says how much is left out."""

    counts: list[tuple[EffectName, int]]
    items: list[NeedItem]
    rows: list[tuple[Estate, list[Pair]]]
    lines: list[Line]
    more_estates: int
    more_lines: int


def outcome_of(
    changes: Sequence[Change], estates: Sequence[Estate], items: Sequence[NeedItem], at: datetime
) -> Outcome:
    """Draw changes; `estates` and `items` are all that can change, in the order of the matrix."""
    alike: dict[tuple[int, int], list[Change]] = defaultdict(list)
    for change in changes:
        alike[change.place.estate, change.item.need_item].append(change)
    changed_estates, changed_items = {estate for estate, _item in alike}, {item for _estate, item in alike}
    rows = [each for each in estates if each.pk in changed_estates]
    columns = [each for each in items if each.pk in changed_items]
    grid = ledger.matrix(rows[:MOST_ESTATES], columns, at) if changes else []
    words = _Words.about(changes)
    lines = [line for row in rows for item in columns for line in words.lines(row, item, alike[row.pk, item.pk])]
    counted = Counter(change.effect for change in changes)
    return Outcome(
        counts=[(name, counted[Effect(name.value)]) for name in EffectName],
        items=columns,
        rows=[(line[0].estate, [_pair(cell, alike[cell.estate.pk, cell.item.pk]) for cell in line]) for line in grid],
        lines=lines[:MOST_LINES],
        more_estates=max(0, len(rows) - MOST_ESTATES),
        more_lines=max(0, len(lines) - MOST_LINES),
    )


def _pair(cell: MatrixCell, changes: Sequence[Change]) -> Pair:
    """The cell as it is, and as it is once its places have changed."""
    before = mark_of(cell.state, is_ruled=cell.is_ruled)
    if not changes:
        return Pair(cell.estate, cell.item, before, None, _drawing(before, None))
    counts = cell.counts.copy()
    counts.subtract(change.before.state for change in changes)
    counts.update(change.after.state for change in changes)
    is_ruled = cell.is_ruled or any(change.after.is_ruled for change in changes)  # drafts take no ruling out
    after = mark_of(coverage.worst(counts), is_ruled=is_ruled)
    return Pair(cell.estate, cell.item, before, after, _drawing(before, after))


def _drawing(before: Mark, after: Mark | None) -> SafeString:
    return _drawn(before, after, get_language() or "")


@cache
def _drawn(before: Mark, after: Mark | None, language: str) -> SafeString:
    """The characters in marks are those of the reader's language."""
    names = {"before": before.value, "after": after.value if after else ""}
    return render_to_string("duties/what_if_pair.html", names)


@dataclass(frozen=True)
class _Words:
    """The names of all that changes name, read in two queries, and how many places each estate has."""

    buildings: Mapping[int, Building]
    parties: Mapping[int, Party]
    places: Mapping[int, int]

    @classmethod
    def about(cls, changes: Sequence[Change]) -> "_Words":
        """Read them."""
        estates = {change.place.estate for change in changes}
        buildings = Building.objects.filter(estate__in=estates).in_bulk()
        named = {pk for change in changes for each in (change.before, change.after) for pk in each.parties}
        places = Counter(building.estate_id for building in buildings.values())
        return cls(buildings, Party.objects.in_bulk(named), {pk: places[pk] + 1 for pk in estates})

    def lines(self, estate: Estate, item: NeedItem, changes: Sequence[Change]) -> list[Line]:
        """Put together what changes alike."""
        alike: dict[tuple[Standing, Standing], list[Spot]] = defaultdict(list)
        for change in changes:
            alike[change.before, change.after].append(Spot(self.buildings.get(change.place.building)))
        return [
            Line(estate, item, *(self._told(standing, spots, estate) for standing in pair))
            for pair, spots in alike.items()
        ]

    def _told(self, standing: Standing, spots: list[Spot], estate: Estate) -> Places:
        names = [str(self.parties[pk]) for pk in standing.parties]
        mark = mark_of(standing.state, is_ruled=standing.is_ruled)
        return Places(mark, spots, names, is_everywhere=len(spots) == self.places[estate.pk])

"""The matrix as it is drawn: rows by community, columns by class, a class folded or open."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from settle_gov.web.duties.marks import GAPS, Mark, mark_of
from stakeholders.ledger import MatrixCell
from stakeholders.models import Area, Estate, NeedClass, NeedItem

PAGE = 60  # estates on one page: what a browser lays out at once


@dataclass(frozen=True)
class Cell:
    """One estate and one item. A cell is hot when open cases hang on it.

    `drawing` is the mark as HTML: drawn once for all cells that have it, of which a page has two thousand.
    """

    estate: Estate
    item: NeedItem
    mark: Mark
    drawing: SafeString
    is_partial: bool
    is_hot: bool
    is_shown: bool
    is_counted: bool  # a gap, or, where one state is looked for, a cell in that state

    @property
    def url(self) -> str:
        """The page of the cell."""
        return reverse("duties:cell", args=[self.estate.code, self.item.code])

    @property
    def label(self) -> str:
        """All that the drawing says, in words."""
        words = _("%(estate)s, %(item)s: %(state)s") % {
            "estate": self.estate,
            "item": self.item,
            "state": self.mark.label,
        }
        more = [_("in some buildings only")] * self.is_partial + [_("open cases")] * self.is_hot
        return _(", ").join([words, *more])


@dataclass(frozen=True)
class Column:
    """A class: its items, or one narrow column that keeps the count when it is folded."""

    need_class: NeedClass
    items: list[NeedItem]
    is_folded: bool
    toggled: str | None  # the value of `fold` that folds it or opens it again


@dataclass(frozen=True)
class Block:
    """What one estate shows in a column."""

    column: Column
    cells: list[Cell]

    @property
    def count(self) -> int:
        """How many of the cells count."""
        return sum(cell.is_counted for cell in self.cells)


@dataclass(frozen=True)
class Row:
    """One estate."""

    estate: Estate
    blocks: list[Block]

    @property
    def count(self) -> int:
        """How many of the cells count."""
        return sum(block.count for block in self.blocks)

    @property
    def has_shown(self) -> bool:
        """Whether any cell is of the kind that is looked for."""
        return any(cell.is_shown for block in self.blocks for cell in block.cells)


@dataclass(frozen=True)
class Group:
    """Estates of one community on one page, and how many cells count in the whole community."""

    community: Area
    rows: list[Row]
    count: int


@dataclass(frozen=True)
class Table:
    """The matrix; `rows` are all estates, a page shows some of them."""

    columns: list[Column]
    rows: list[Row]
    counts: Counter[Mark] = field(repr=False)
    page: int = 1

    @cached_property
    def shown(self) -> Page[Row]:
        """The estates of the page, without those that have nothing to show; a page behind the last is the last."""
        return Paginator([row for row in self.rows if row.has_shown], PAGE).get_page(self.page)

    @property
    def groups(self) -> list[Group]:
        """The estates of the page by community."""
        counts: Counter[str] = Counter()
        for row in self.rows:
            counts[row.estate.area_id] += row.count
        grouped = [(code, list(rows)) for code, rows in groupby(self.shown, _community)]
        return [Group(rows[0].estate.area, rows, counts[code]) for code, rows in grouped]

    @property
    def width(self) -> int:
        """How many columns the table has, gaps between the classes included."""
        return 1 + sum(1 + (1 if column.is_folded else len(column.items)) for column in self.columns)

    @property
    def foot(self) -> list[tuple[Column, list[int]]]:
        """Under each item, and under each folded class, how many estates have a cell there that counts."""
        return [(column, self._estates(index)) for index, column in enumerate(self.columns)]

    def _estates(self, index: int) -> list[int]:
        blocks = [row.blocks[index] for row in self.rows]
        if self.columns[index].is_folded:
            return [sum(block.count > 0 for block in blocks)]
        return [sum(cell.is_counted for cell in each) for each in zip(*(block.cells for block in blocks), strict=True)]


def table(
    matrix: Iterable[Sequence[MatrixCell]],
    items: Sequence[NeedItem],
    *,
    hot: Collection[tuple[int, int]],
    folded: frozenset[str],
    only: Mark | None,
    page: int,
) -> Table:
    """Draw a matrix; `hot` holds the (estate, item) keys with open cases, `only` is the mark to look for."""
    columns = _columns(items, folded)
    drawings = {mark: render_to_string("components/mark.html", {"state": mark.value}) for mark in Mark}
    rows = []
    counts: Counter[Mark] = Counter()
    for line in matrix:
        cells = {}
        for each in line:
            mark = mark_of(each.state, is_ruled=each.is_ruled)
            counts[mark] += 1
            is_hot = (each.estate.pk, each.item.pk) in hot
            cells[each.item.pk] = Cell(
                each.estate,
                each.item,
                mark,
                drawings[mark],
                each.is_partial,
                is_hot,
                is_shown=only in (None, mark),
                is_counted=mark is only if only else mark in GAPS,
            )
        blocks = [Block(column, [cells[item.pk] for item in column.items]) for column in columns]
        rows.append(Row(line[0].estate, blocks))
    return Table(columns, rows, counts, page)


def _columns(items: Sequence[NeedItem], folded: frozenset[str]) -> list[Column]:
    columns = []
    for _code, group in groupby(items, lambda item: item.need_class.code):
        members = list(group)
        need_class = members[0].need_class
        toggled = ",".join(sorted(folded ^ {need_class.code})) or None
        columns.append(Column(need_class, members, need_class.code in folded, toggled))
    return columns


def _community(row: Row) -> str:
    return row.estate.area_id

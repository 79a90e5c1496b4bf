"""Single cells in full: who leads, supports and stands behind at an instant, and since when that has been so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np

from stakeholders.coverage import Answer, Cell, Claim, Decision, answer_for
from stakeholders.dated import holds
from stakeholders.layout import Item, Layout, Place
from stakeholders.ledger import Records, layout_of, records_of
from stakeholders.models import Estate, NeedItem
from stakeholders.segments import ALWAYS, History, Ints, Period, history, moment, ticks

Record = TypeVar("Record", Claim, Decision)


@dataclass(frozen=True)
class PlaceCell:
    """How a cell stands; `since` None means that it has been so before all records. `building` 0: the common area."""

    place: Place
    item: Item
    answer: Answer
    since: datetime | None


def cells_of(
    estates: Sequence[Estate], items: Iterable[NeedItem], at: datetime, *, as_known_on: datetime | None = None
) -> Iterator[PlaceCell]:
    """Tell how all places of some estates stand, by estate, place and item; three queries for any number of them."""
    layout = layout_of(estates, items)
    records = records_of(estates, as_known_on=as_known_on)
    begun = _begun(history(layout, *records), at).tolist()
    for number, answer in enumerate(_answers(layout, records, at)):
        yield PlaceCell(*layout.cell(number), answer, moment(begun[number]))


def _begun(told: History, at: datetime) -> Ints:
    """Since when each cell has had the state and parties it has: a ruling for who leads already begins nothing."""
    segments = told.segments.where(told.segments.since <= ticks(at))
    cell, since, _until, state, is_ruled = segments
    is_like = (since != ALWAYS) & (state == np.roll(state, 1)) & (is_ruled != np.roll(is_ruled, 1))
    before, after = (told.parties(segments.where(each)) for each in (np.roll(is_like, -1), is_like))
    is_like[is_like] = [left == right for left, right in zip(before, after, strict=True)]
    first = np.maximum.accumulate(np.where(is_like, 0, np.arange(len(cell))))
    return since[first[np.searchsorted(cell, np.unique(cell), "right") - 1]]


def _answers(layout: Layout, records: Records, at: datetime) -> Iterator[Answer]:
    """The answer for each cell in the order of the layout. Cells that the same records cover are asked once."""
    claims, decisions = _covering(layout, records.claims, at), _covering(layout, records.decisions, at)
    known: dict[tuple[tuple[int, ...], tuple[int, ...]], Answer] = {}
    for number in range(layout.size):
        covered = claims[number], decisions[number]
        key = tuple(each.id for each in covered[0]), tuple(each.id for each in covered[1])
        if key not in known:
            place, item = layout.cell(number)
            cell = Cell(place.area, place.estate, place.building or None, item.need_class, item.need_item)
            known[key] = answer_for(cell, *covered)
        yield known[key]


def _covering(layout: Layout, records: Iterable[tuple[Record, Period]], at: datetime) -> defaultdict[int, list[Record]]:
    """The records in force at an instant, by the number of each cell that they cover."""
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for record, period in records:
        if holds(period, at):
            first_place, after_place, first_item, after_item = layout.block(record.scope)
            for place in range(first_place, after_place):
                for item in range(first_item, after_item):
                    found[place * len(layout.items) + item].append(record)
    return found

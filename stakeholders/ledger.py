"""The ledger as it stands at an instant: from the tables to `stakeholders/coverage.py` and back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import NamedTuple

import numpy as np
from django.db.models import Q

from stakeholders import coverage
from stakeholders.coverage import Answer, Cell, Claim, Decision, Duty, Scope, State
from stakeholders.layout import Item, Layout, Place
from stakeholders.models import Building, Estate, Mandate, NeedItem, Ruling
from stakeholders.models.area import significant
from stakeholders.models.mandate import LedgerQuerySet, Record
from stakeholders.segments import STATES, DatedClaim, DatedDecision, History, Period, Segments, history

SCOPE = ("id", "area_id", "estate_id", "building_id", "need_class_id", "need_item_id")


@dataclass(frozen=True)
class Ledger:
    """The claims and decisions in force at one instant, as known at another."""

    claims: Sequence[Claim]
    decisions: Sequence[Decision]

    def answer(self, estate: Estate, building_id: int | None, item: NeedItem) -> Answer:
        """Who answers for an item in a building, or in the common area of the estate."""
        cell = Cell(estate.area_id, estate.pk, building_id, item.need_class_id, item.pk)
        return coverage.answer_for(cell, self.claims, self.decisions)


class Records(NamedTuple):
    """Claims and decisions with the time for which each holds."""

    claims: Sequence[DatedClaim]
    decisions: Sequence[DatedDecision]


@dataclass(frozen=True)
class MatrixCell:
    """An estate and an item: the worst state of its places, and how many places are in each state."""

    estate: Estate
    item: NeedItem
    state: State
    counts: Counter[State]
    is_ruled: bool

    @property
    def is_partial(self) -> bool:
        """Only some of the places are in the state shown."""
        return self.counts[self.state] < self.counts.total()


def ledger_at(at: datetime, *, as_known_on: datetime | None = None, estates: Sequence[Estate] | None = None) -> Ledger:
    """Read what is in force at `at`, for some estates or for all, in two queries.

    Parties that were closed down by then no longer answer for anything.
    """
    mandates = _reaching(Mandate.objects.in_force(at, as_known_on), estates)
    mandates = mandates.filter(Q(party__closed_at__isnull=True) | Q(party__closed_at__gt=at))
    rulings = _reaching(Ruling.objects.in_force(at, as_known_on), estates)
    rulings = rulings.filter(Q(lead__closed_at__isnull=True) | Q(lead__closed_at__gt=at))
    return Ledger(
        [
            Claim(pk, party, Duty(role), scope_of(*scope))
            for pk, *scope, party, role in mandates.values_list(*SCOPE, "party_id", "role")
        ],
        [
            Decision(pk, lead, scope_of(*scope), decided_at)
            for pk, *scope, lead, decided_at in rulings.values_list(*SCOPE, "lead_id", "decided_at")
        ],
    )


def layout_of(estates: Sequence[Estate], items: Iterable[NeedItem]) -> Layout:
    """Lay out all places of some estates, buildings and common areas, against items; one query."""
    areas = {estate.pk: estate.area_id for estate in estates}
    places = [Place(area, pk, 0) for pk, area in areas.items()]
    buildings = Building.objects.filter(estate__in=estates).values_list("estate_id", "id")
    places += [Place(areas[estate_id], estate_id, building_id) for estate_id, building_id in buildings]
    return Layout(places, [Item(item.need_class_id, item.pk) for item in items])


def records_of(estates: Sequence[Estate], *, as_known_on: datetime | None = None) -> Records:
    """Read all that can ever matter to some estates, in two queries.

    A party that was closed down answers for nothing from then on.
    """
    times = ("valid_from", "valid_until")
    mandates = _reaching(Mandate.objects.known_on(as_known_on), estates)
    rulings = _reaching(Ruling.objects.known_on(as_known_on), estates)
    return Records(
        [
            (Claim(pk, party, Duty(role), scope_of(*scope)), period_of(since, until, closed_at))
            for pk, *scope, since, until, party, role, closed_at in mandates.values_list(
                *SCOPE, *times, "party_id", "role", "party__closed_at"
            )
        ],
        [
            (Decision(pk, lead, scope_of(*scope), decided_at), period_of(since, until, closed_at))
            for pk, *scope, since, until, lead, decided_at, closed_at in rulings.values_list(
                *SCOPE, *times, "lead_id", "decided_at", "lead__closed_at"
            )
        ],
    )


def history_of(estates: Sequence[Estate], items: Iterable[NeedItem], *, as_known_on: datetime | None = None) -> History:
    """Reckon how all places of some estates stood and will stand, item by item, in three queries."""
    records = records_of(estates, as_known_on=as_known_on)
    return history(layout_of(estates, items), records.claims, records.decisions)


def answer_at(
    estate: Estate, building: Building | None, item: NeedItem, at: datetime, as_known_on: datetime | None = None
) -> Answer:
    """Who answers for one cell at an instant, in two queries."""
    ledger = ledger_at(at, as_known_on=as_known_on, estates=[estate])
    return ledger.answer(estate, building.pk if building else None, item)


def matrix(
    estates: Iterable[Estate], items: Sequence[NeedItem], at: datetime, as_known_on: datetime | None = None
) -> list[list[MatrixCell]]:
    """Every estate × item with its worst state, one row an estate; three queries for any number of them."""
    estates, now = list(estates), Period(at)
    ledger = ledger_at(at, as_known_on=as_known_on, estates=estates)
    layout = layout_of(estates, items)
    told = history(layout, [(each, now) for each in ledger.claims], [(each, now) for each in ledger.decisions])
    tallies = _tallied(layout, told.at(at))
    return [[_matrix_cell(estate, item, *tallies[estate.pk, item.pk]) for item in items] for estate in estates]


def _tallied(layout: Layout, cells: Segments) -> dict[tuple[int, int], tuple[list[int], bool]]:
    """For each estate and item: how many places are in each of STATES, and whether a ruling decides for one of them."""
    shape = len(layout.places), len(layout.items)
    first = np.array([n for n, place in enumerate(layout.places) if not place.building], np.int64)  # of each estate
    state, is_ruled = cells.state.reshape(shape), np.logical_or.reduceat(cells.is_ruled.reshape(shape), first)
    counts = [np.add.reduceat(state == number, first, dtype=np.int64).ravel() for number in range(len(STATES))]
    pairs = product((layout.places[n].estate for n in first), (item.need_item for item in layout.items))
    tallies = zip(np.transpose(counts).tolist(), is_ruled.ravel().tolist(), strict=True)
    return dict(zip(pairs, tallies, strict=True))


def _matrix_cell(estate: Estate, item: NeedItem, tally: Sequence[int], is_ruled: bool) -> MatrixCell:
    counts = Counter({state: count for state, count in zip(STATES, tally, strict=True) if count})
    return MatrixCell(estate, item, coverage.worst(counts), counts, is_ruled)


def scope_of(
    area: str | None, estate: int | None, building: int | None, need_class: int | None, need_item: int | None
) -> Scope:
    """The scope of a record; the area is its code."""
    return Scope(significant(area) if area else None, estate, building, need_class, need_item)


def period_of(since: datetime, until: datetime | None, closed_at: datetime | None) -> Period:
    """When a record holds: until it ends, or until its party was closed down."""
    ends = [end for end in (until, closed_at) if end is not None]
    return Period(since, min(ends, default=None))


def _reaching(records: LedgerQuerySet[Record], estates: Sequence[Estate] | None) -> LedgerQuerySet[Record]:
    return records if estates is None else records.reaching(estates)

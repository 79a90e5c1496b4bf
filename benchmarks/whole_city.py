"""All episodes of a city over ten years, against a bare NumPy sweep over the same intervals; time and memory."""

import tracemalloc
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from benchmarks.city import City, Draw
from benchmarks.measure import Result, Size, in_turns
from stakeholders.coverage import Duty
from stakeholders.segments import CLEAR, MULTI_HEAD, VACUUM, Ints, history, ticks

MEBIBYTE = 2**20


def measure(size: Size) -> Iterator[Result]:
    """Time of the whole, of naming the parties of all gaps, and the memory that both take at most."""
    city = Draw(size.estates, size.buildings, size.records).city()
    leads = expanded(city)
    told = history(*city)
    gaps = told.gaps()
    note = f"{told.layout.size:,} cells, {len(told.segments.cell):,} segments"
    yield Result("whole city", *in_turns(lambda: history(*city), lambda: bare_sweep(leads), size.turns), "s", 3, note)
    note = f"{len(gaps.cell):,} gaps"
    named = in_turns(lambda: told.parties(gaps), lambda: bare_sweep(leads), size.turns)
    yield Result("parties of all gaps, against the same sweep", *named, "s", None, note)
    yield Result(
        "memory at most, against 1 GiB", peak(city) / MEBIBYTE, 1024, "MiB", 1, "sweep and parties of all gaps"
    )


class Intervals(NamedTuple):
    """From, until, in which cell."""

    cell: Ints
    since: Ints
    until: Ints


def expanded(city: City) -> Intervals:
    """The intervals of all lead mandates, one for each cell that each covers; not part of what is measured."""
    width = len(city.layout.items)
    cells, times = [], []
    for claim, (since, until) in city.claims:
        first, after, first_item, after_item = city.layout.block(claim.scope)
        if claim.duty is Duty.LEAD and (until is None or since < until):
            cells.append(np.add.outer(np.arange(first, after) * width, np.arange(first_item, after_item)).ravel())
            times.append((ticks(since), ticks(until)))
    each = np.repeat(np.array(times, np.int64), [len(cell) for cell in cells], axis=0)
    return Intervals(np.concatenate(cells), *np.ascontiguousarray(each.T))


def bare_sweep(leads: Intervals) -> tuple[Ints, Ints, Ints]:
    """The least that anybody would write: count mandates along each cell, and join neighbours in the same state.

    It knows no parties, disclaimers, backstops and rulings, no vacuum before the first mandate, and no records.
    """
    cell = np.concatenate((leads.cell, leads.cell))
    at = np.concatenate((leads.since, leads.until))
    step = np.repeat(np.array([1, -1]), len(leads.cell))
    order = np.lexsort((at, cell))
    cell, at, count = cell[order], at[order], np.cumsum(step[order])
    is_last = np.ones(len(cell), np.bool_)
    is_last[:-1] = (cell[1:] != cell[:-1]) | (at[1:] != at[:-1])
    cell, at, count = cell[is_last], at[is_last], count[is_last]
    state = np.where(count == 0, VACUUM, np.where(count == 1, CLEAR, MULTI_HEAD))
    is_new = np.ones(len(cell), np.bool_)
    is_new[1:] = (cell[1:] != cell[:-1]) | (state[1:] != state[:-1])
    return cell[is_new], at[is_new], state[is_new]


def peak(city: City) -> float:
    """The most bytes in use at any time above those of the records; NumPy reports its arrays to tracemalloc."""
    tracemalloc.start()
    told = history(*city)
    told.parties(told.gaps())
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most

"""How every cell stands over all of time: dated claims and decisions in, segments out. Pure, vectorised.

`coverage.py` says what the rules are and answers for one cell at one instant; this module gives the same answers for
all cells and all instants at once, and a test holds the two together. Places are taken in slabs, so that memory stays
small. In each slab records become rows, one for each cell of their block; rows lose the time in which others go before
them (a party's disclaimer before its claim, the more specific ruling before the wider); then all rows of a cell are
walked along once, with running counts of leads, backstops and rulings.

Instants and parties are numbered in their order, so that a place in a walk is one integer: NumPy sorts integers about
ten times as fast as it sorts by two columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stakeholders.coverage import Claim, Decision, Duty, State
from stakeholders.layout import Layout

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STATES = tuple(State)
VACUUM, MULTI_HEAD, BACKSTOP, CLEAR = (STATES.index(state) for state in STATES)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ALWAYS, NEVER = np.iinfo(np.int64).min, np.iinfo(np.int64).max  # before every instant, after every instant
LEADS, BACKSTOPS, RULINGS, DISCLAIMERS = range(4)
KINDS = {Duty.LEAD: LEADS, Duty.BACKSTOP: BACKSTOPS, Duty.DISCLAIM: DISCLAIMERS}  # other duties decide nothing
BITS = 20  # a count of leads, of backstops and of rulings share one integer, each with so many bits
UNRULED = np.array([[VACUUM, BACKSTOP], [CLEAR, CLEAR], [MULTI_HEAD, MULTI_HEAD]])  # by leads, then backstops
ROWS = 1 << 16  # the arrays of a slab of about so many rows fit the cache of a processor


class Period(NamedTuple):
    """From an instant to before another; `until` None is open-ended."""

    since: datetime
    until: datetime | None = None


DatedClaim = tuple[Claim, Period]
DatedDecision = tuple[Decision, Period]


class Segments(NamedTuple):
    """Maximal stretches in which a cell keeps state and parties, in the order of cells and time.

    `since` is ALWAYS and `until` NEVER at the open ends; `state` is an index into STATES. A stretch that a ruling
    decides is clear, and apart from a stretch that the mandates alone make clear.
    """

    cell: Ints
    since: Ints
    until: Ints
    state: Ints
    is_ruled: Flags

    def where(self, chosen: Flags) -> "Segments":
        """Some of the segments."""
        cell, since, until, state, is_ruled = self
        return Segments(cell[chosen], since[chosen], until[chosen], state[chosen], is_ruled[chosen])


class _Known(NamedTuple):
    """All instants at which anything begins or ends, between ALWAYS and NEVER, and all parties, each in order."""

    instants: Ints
    parties: Ints

    @property
    def bits(self) -> int:
        """How many bits the number of an instant takes."""
        return len(self.instants).bit_length()


class _Records(NamedTuple):
    """Records as columns. Instants and parties are numbers in `_Known`; the higher rank goes first."""

    kind: Ints
    party: Ints
    since: Ints
    until: Ints
    rank: Ints
    first_place: Ints
    after_place: Ints
    first_item: Ints
    after_item: Ints

    def where(self, chosen: Flags) -> "_Records":
        return _Records(*(column[chosen] for column in self))


class _Rows(NamedTuple):
    """In this cell this party, from, until; numbers and ranks as in `_Records`."""

    cell: Ints
    party: Ints
    since: Ints
    until: Ints
    rank: Ints

    def where(self, chosen: Flags | Ints) -> "_Rows":
        return _Rows(*(column[chosen] for column in self))


class _Standing(NamedTuple):
    """Who stands for the cells of a slab; rows of the same cell and party do not overlap."""

    leads: _Rows
    backstops: _Rows
    rulings: _Rows  # those that go first


class _Pieces(NamedTuple):
    """The time of each group of rows, cut wherever one begins or ends; and the sums of what holds in each piece."""

    group: Ints
    since: Ints
    until: Ints
    sums: list[Ints]  # of each weight


@dataclass(frozen=True)
class History:
    """All segments of all cells of a layout, and who stands for each."""

    layout: Layout
    segments: Segments
    known: _Known
    slabs: Sequence[_Standing]

    def gaps(self) -> Segments:
        """The segments in which not exactly one party answers."""
        return self.segments.where(self.segments.state != CLEAR)

    def at(self, instant: datetime) -> Segments:
        """The one segment of each cell that holds at an instant, in the order of cells."""
        now = ticks(instant)
        return self.segments.where((self.segments.since <= now) & (now < self.segments.until))

    def parties(self, segments: Segments) -> list[tuple[int, ...]]:
        """Who stands for each segment, sorted: the leads, or the backstops where nobody leads."""
        first, parties = self.party_columns(segments)
        everyone = parties.tolist()
        return [tuple(everyone[start:after]) for start, after in pairwise(first.tolist())]

    def party_columns(self, segments: Segments) -> tuple[Ints, Ints]:
        """Who stands for each segment, where they are very many: for number n `parties[first[n] : first[n + 1]]`."""
        bits, size = self.known.bits, len(self.known.parties) or 1
        key = segments.cell << bits | np.searchsorted(self.known.instants, segments.since)
        order = np.argsort(key)
        key = key[order]
        kinds = np.select([segments.is_ruled, segments.state == BACKSTOP], [RULINGS, BACKSTOPS], LEADS)
        found = []
        for kind, rows in chain.from_iterable(map(enumerate, self.slabs)):
            # The segments that begin while a row holds follow each other.
            start, after = (np.searchsorted(key, rows.cell << bits | at) for at in (rows.since, rows.until))
            row, within = _repeat(after - start)
            segment = order[start[row] + within]
            is_shown = kinds[segment] == kind
            found.append(segment[is_shown] * size + rows.party[row[is_shown]])
        segment, party = np.divmod(np.sort(np.concatenate(found)), size)
        return np.searchsorted(segment, np.arange(len(key) + 1)), self.known.parties[party]


def history(layout: Layout, claims: Iterable[DatedClaim], decisions: Iterable[DatedDecision] = ()) -> History:
    """Reckon how every cell of `layout` stands over all of time. A period that is empty counts for nothing."""
    records, known = _tabulate(layout, claims, decisions)
    if layout.size * len(known.parties) << known.bits > NEVER:  # a city takes 48 of the 63 bits
        raise OverflowError("So many cells, parties and instants are more than one history holds: take fewer places.")
    told, slabs = zip(*(_reckon(layout, records, known, slab) for slab in _slabs(layout, records)), strict=True)
    segments = Segments(*map(np.concatenate, zip(*told, strict=True)))
    return History(layout, segments, known, slabs)


def moment(ticks: int) -> datetime | None:
    """Return the instant of so many microseconds since 1970; None for ALWAYS and NEVER."""
    return None if ticks in (ALWAYS, NEVER) else EPOCH + int(ticks) * TICK


def ticks(instant: datetime | None) -> int:
    """Return the microseconds from 1970 to an instant; NEVER for None, as in the end of an open period."""
    return NEVER if instant is None else (instant - EPOCH) // TICK


def _tabulate(
    layout: Layout, claims: Iterable[DatedClaim], decisions: Iterable[DatedDecision]
) -> tuple[_Records, _Known]:
    """Write records down as columns of numbers.

    Claims and disclaimers rank by their scope, and a disclaimer goes before a claim with the same scope. Rulings rank
    as a whole: the more specific, then the later; no two rank alike.
    """
    weighed = (
        (KINDS[claim.duty], claim.party, ticks(since), ticks(until), _rank(claim), *layout.block(claim.scope))
        for claim, (since, until) in claims
        if claim.duty in KINDS
    )
    ordered = sorted(decisions, key=lambda each: (each[0].scope.rank, each[0].decided_at, each[0].id))
    ruled = (
        (RULINGS, decision.lead, ticks(since), ticks(until), rank, *layout.block(decision.scope))
        for rank, (decision, (since, until)) in enumerate(ordered)
    )
    table = np.fromiter(chain.from_iterable(chain(weighed, ruled)), np.int64)
    records = _Records(*table.reshape(-1, len(_Records._fields)).T)
    instants, at = np.unique(np.concatenate((records.since, records.until, [ALWAYS, NEVER])), return_inverse=True)
    parties, party = np.unique(records.party, return_inverse=True)
    size = len(records.kind)
    records = records._replace(party=party, since=at[:size], until=at[size:-2])
    return records.where(records.since < records.until), _Known(instants, parties)


def _rank(claim: Claim) -> int:
    place, item = claim.scope.rank
    return (place * 3 + item) * 2 + (claim.duty is Duty.DISCLAIM)


def _slabs(layout: Layout, records: _Records) -> Iterator[tuple[int, int]]:
    """Runs of places with about ROWS rows each: the first place and the one after the last."""
    places, items = len(layout.places), records.after_item - records.first_item
    begun, ended = (np.bincount(at, items, places + 1) for at in (records.first_place, records.after_place))
    rows = np.cumsum(begun - ended)[:places] + len(layout.items)  # each cell of a place is a row more
    is_next = np.diff(np.cumsum(rows) // ROWS) > 0
    return pairwise([0, *(np.flatnonzero(is_next) + 1).tolist(), places])


def _reckon(layout: Layout, records: _Records, known: _Known, slab: tuple[int, int]) -> tuple[Segments, _Standing]:
    """The segments of the cells in a slab, and who stands for them."""
    records = records.where((records.first_place < slab[1]) & (slab[0] < records.after_place))
    leads, backstops, rulings, disclaimers = (
        _unroll(records.where(records.kind == kind), slab, len(layout.items)) for kind in range(4)
    )
    leads = _less(leads, _by_party(leads, known), disclaimers, _by_party(disclaimers, known), known)
    rulings = _less(rulings, rulings.cell, rulings, rulings.cell, known)
    standing = _Standing(_apart(leads, known), _apart(backstops, known), rulings)
    cells = range(slab[0] * len(layout.items), slab[1] * len(layout.items))
    return _sweep(np.array(cells, np.int64), standing, known), standing


def _unroll(records: _Records, slab: tuple[int, int], width: int) -> _Rows:
    """Make one row for each cell of each record, as far as it lies in the slab."""
    first, after = np.maximum(records.first_place, slab[0]), np.minimum(records.after_place, slab[1])
    items = records.after_item - records.first_item
    record, within = _repeat((after - first) * items)
    place, item = np.divmod(within, items[record])
    cell = (first * width + records.first_item)[record] + place * width + item
    return _Rows(cell, *(column[record] for column in (records.party, records.since, records.until, records.rank)))


def _by_party(rows: _Rows, known: _Known) -> Ints:
    """One number for each cell and party."""
    return rows.cell * len(known.parties) + rows.party


def _repeat(counts: Ints) -> tuple[Ints, Ints]:
    """Make `counts[i]` rows for each thing: the number of the thing, and that of the row within it."""
    thing = np.repeat(np.arange(len(counts)), counts)
    return thing, np.arange(len(thing)) - np.repeat(np.cumsum(counts) - counts, counts)


def _less(rows: _Rows, key: Ints, others: _Rows, key_of_others: Ints, known: _Known) -> _Rows:
    """Take from each row the time in which one of the others with its key goes before it."""
    row, other = _pairs(key, key_of_others)
    goes_first = others.rank[other] > rows.rank[row]
    row, other = row[goes_first], other[goes_first]
    is_whole = np.ones(len(key), np.bool_)
    is_whole[row] = False
    cut = np.flatnonzero(~is_whole)
    since = np.concatenate((rows.since[cut], others.since[other]))
    until = np.concatenate((rows.until[cut], others.until[other]))
    weight = np.repeat(np.array([1, 2]), (len(cut), len(other)))
    pieces = _walk(np.concatenate((cut, row)), since, until, [weight], known.bits)
    is_left = pieces.sums[0] == 1  # the row itself, and none that goes before it
    left = rows.where(pieces.group[is_left])._replace(since=pieces.since[is_left], until=pieces.until[is_left])
    return _stacked(rows.where(is_whole), left)


def _pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Every pair of an element on the left and one on the right that are equal, as their numbers."""
    order = np.argsort(right)
    right = np.append(right[order], NEVER)  # equals no key: what is beyond all others is found there
    first = np.searchsorted(right, left)
    met = np.flatnonzero(right[first] == left)
    first = first[met]
    number, within = _repeat(np.searchsorted(right, left[met], "right") - first)
    return met[number], order[first[number] + within]


def _apart(rows: _Rows, known: _Known) -> _Rows:
    """Cut the rows of the same cell and party so that they do not overlap."""
    key = _by_party(rows, known)
    order = np.argsort(key)
    is_like_next = ~_differs_from_next(key[order])
    is_alone = ~(is_like_next | np.roll(is_like_next, 1))
    alone, several = order[is_alone], order[~is_alone]
    weight = np.ones(len(several), np.int64)
    pieces = _walk(key[several], rows.since[several], rows.until[several], [weight], known.bits)
    is_held = pieces.sums[0] > 0
    cell, party = np.divmod(pieces.group[is_held], len(known.parties) or 1)
    cut = _Rows(cell, party, pieces.since[is_held], pieces.until[is_held], np.zeros(len(cell), np.int64))
    return _stacked(rows.where(alone), cut)


def _walk(group: Ints, since: Ints, until: Ints, weights: Iterable[Ints], bits: int) -> _Pieces:
    """Walk along the boundaries of each group with running sums of the weights."""
    boundary = np.concatenate((group << bits | since, group << bits | until))
    order = np.argsort(boundary)
    boundary = boundary[order]
    is_whole = _differs_from_next(boundary)  # of the boundaries at one instant only the last has the whole sum
    is_end = _differs_from_next(boundary >> bits)  # nothing goes on after the last boundary of a group
    begun = np.flatnonzero(is_whole & ~is_end)
    whole = np.flatnonzero(is_whole)
    ended = whole[np.flatnonzero(~is_end[whole]) + 1]
    sums = [np.cumsum(np.concatenate((each, -each))[order])[begun] for each in weights]
    instant = (1 << bits) - 1
    return _Pieces(boundary[begun] >> bits, boundary[begun] & instant, boundary[ended] & instant, sums)


def _sweep(cells: Ints, standing: _Standing, known: _Known) -> Segments:
    """Walk along each cell with running counts and running signatures of who stands, and join what is alike."""
    leads, backstops, rulings = standing
    nothing = np.zeros(len(cells), np.int64)
    never = np.full(len(cells), len(known.instants) - 1)
    cell = np.concatenate((cells, *(rows.cell for rows in standing)))
    since = np.concatenate((nothing, *(rows.since for rows in standing)))
    until = np.concatenate((never, *(rows.until for rows in standing)))
    first_lead, first_backstop, first_ruling = np.cumsum([len(each) for each in (cells, leads.cell, backstops.cell)])
    counts, by_lead, by_backstop = np.zeros((3, len(cell)), np.int64)
    counts[first_lead:] = 1
    counts[first_backstop:] = 1 << BITS
    counts[first_ruling:] = rulings.party + 1 << 2 * BITS  # one ruling holds at a time: its party can be counted up
    signature = _signature(known.parties)
    by_lead[first_lead:first_backstop] = signature[leads.party]
    by_backstop[first_backstop:first_ruling] = signature[backstops.party]
    return _segments(_walk(cell, since, until, (counts, by_lead, by_backstop), known.bits), known)


def _segments(pieces: _Pieces, known: _Known) -> Segments:
    """Read states off the counts, and join neighbours that are alike."""
    counts, by_lead, by_backstop = pieces.sums
    mask = (1 << BITS) - 1
    leads, backstops, ruling = counts & mask, counts >> BITS & mask, counts >> 2 * BITS
    is_ruled = ruling > 0
    state = UNRULED[np.minimum(leads, 2), np.minimum(backstops, 1)]
    state[is_ruled] = CLEAR
    who = np.where(is_ruled, ruling, np.where(leads > 0, by_lead, by_backstop))
    is_last = np.logical_or.reduce([_differs_from_next(each) for each in (pieces.group, state, who, is_ruled)])
    is_first = np.roll(is_last, 1)
    since, until = known.instants[pieces.since[is_first]], known.instants[pieces.until[is_last]]
    return Segments(pieces.group[is_first], since, until, state[is_first], is_ruled[is_first])


def _signature(party: Ints) -> Ints:
    """A scattered number for each party, so that the sum over a set of parties tells sets apart (splitmix64)."""
    mixed = party.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).view(np.int64)


def _differs_from_next(column: NDArray[Any]) -> Flags:
    return np.concatenate((column[1:] != column[:-1], np.ones(min(1, len(column)), np.bool_)))


def _stacked(*tables: _Rows) -> _Rows:
    return _Rows(*map(np.concatenate, zip(*tables, strict=True)))

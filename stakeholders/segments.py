"""How every cell stands over all of time: dated claims and decisions in, segments out. Pure, vectorised.

`coverage.py` says what the rules are and answers for one cell at one instant; this module gives the same answers for
all cells and all instants at once, and a test holds the two together. Records are unrolled over the block of cells
that their scope covers, settled per party (what a party disclaims it does not lead) and per ruling (the most specific
one decides), and then swept once: running counts of leads, backstops and rulings along the boundaries of each cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stakeholders.coverage import Claim, Decision, Duty, Scope, State
from stakeholders.layout import Layout

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STATES = tuple(State)
VACUUM, MULTI_HEAD, BACKSTOP, CLEAR = (STATES.index(state) for state in STATES)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ALWAYS, NEVER = np.iinfo(np.int64).min, np.iinfo(np.int64).max  # before every instant, after every instant
BITS = 20  # a count of leads, of backstops and of rulings share one integer, each with so many bits


class Period(NamedTuple):
    """From an instant to before another; `until` None is open-ended."""

    since: datetime
    until: datetime | None = None


DatedClaim = tuple[Claim, Period]
DatedDecision = tuple[Decision, Period]


class Holds(NamedTuple):
    """Rows as columns: in this cell, this party, from, until (microseconds since 1970)."""

    cell: Ints
    party: Ints
    since: Ints
    until: Ints

    def where(self, chosen: Flags | Ints) -> "Holds":
        """Some of the rows."""
        return Holds(*(column[chosen] for column in self))


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


@dataclass(frozen=True)
class History:
    """All segments of all cells of a layout, and who stands for each."""

    layout: Layout
    segments: Segments
    leads: Holds
    backstops: Holds
    rulings: Holds

    def gaps(self) -> Segments:
        """The segments in which not exactly one party answers."""
        return self.segments.where(self.segments.state != CLEAR)

    def at(self, instant: datetime) -> Segments:
        """The one segment of each cell that holds at an instant, in the order of cells."""
        ticks = _ticks(instant)
        return self.segments.where((self.segments.since <= ticks) & (ticks < self.segments.until))

    def parties(self, segments: Segments) -> list[tuple[int, ...]]:
        """Who stands for each segment, sorted: the leads, or the backstops where nobody leads."""
        found: list[set[int]] = [set() for _ in segments.cell]
        is_backstop = segments.state == BACKSTOP
        for holds, shown in (
            (self.leads, ~is_backstop & ~segments.is_ruled),
            (self.backstops, is_backstop),
            (self.rulings, segments.is_ruled),
        ):
            numbers = np.flatnonzero(shown)
            for number, party in _at_the_beginning(holds, segments.where(shown)):
                found[numbers[number]].add(party)
        return [tuple(sorted(parties)) for parties in found]


def history(layout: Layout, claims: Iterable[DatedClaim], decisions: Iterable[DatedDecision] = ()) -> History:
    """Reckon how every cell of `layout` stands over all of time. A period that is empty counts for nothing."""
    by_duty: dict[Duty, list[DatedClaim]] = {duty: [] for duty in Duty}
    for dated in claims:
        by_duty[dated[0].duty].append(dated)
    leads = _without(_claimed(layout, by_duty[Duty.LEAD]), _claimed(layout, by_duty[Duty.DISCLAIM]))
    backstops = _union(_claimed(layout, by_duty[Duty.BACKSTOP]).holds)
    rulings = _most_specific(_decided(layout, decisions))
    return History(layout, _sweep(layout.size, leads, backstops, rulings), leads, backstops, rulings)


def moment(ticks: int) -> datetime | None:
    """Return the instant of so many microseconds since 1970; None for ALWAYS and NEVER."""
    return None if ticks in (ALWAYS, NEVER) else EPOCH + timedelta(microseconds=int(ticks))


class _Unrolled(NamedTuple):
    """Rows, and how each ranks among those that concern the same: higher goes first."""

    holds: Holds
    rank: Ints

    def where(self, chosen: Flags) -> "_Unrolled":
        return _Unrolled(self.holds.where(chosen), self.rank[chosen])


def _claimed(layout: Layout, claims: Sequence[DatedClaim]) -> _Unrolled:
    ranks = [place * 3 + item for place, item in (claim.scope.rank for claim, _period in claims)]
    return _unroll(layout, [(claim.scope, period, claim.party) for claim, period in claims], ranks)


def _decided(layout: Layout, decisions: Iterable[DatedDecision]) -> _Unrolled:
    """Rulings rank as a whole: the more specific, then the later; no two rank alike."""
    ordered = sorted(decisions, key=lambda each: (each[0].scope.rank, each[0].decided_at, each[0].id))
    return _unroll(layout, [(each.scope, period, each.lead) for each, period in ordered], range(len(ordered)))


def _unroll(layout: Layout, records: Sequence[tuple[Scope, Period, int]], ranks: Sequence[int]) -> _Unrolled:
    """Make one row for each cell of each record."""
    rows = [
        (*layout.block(scope), _ticks(period.since), _ticks(period.until), party) for scope, period, party in records
    ]
    table = np.array(rows, np.int64).reshape(-1, 7)
    first_place, after_place, first_item, after_item, since, until, party = table.T
    items = after_item - first_item
    record, within = _repeat(np.where(since < until, (after_place - first_place) * items, 0))
    place, item = np.divmod(within, items[record])
    cell = (first_place[record] + place) * len(layout.items) + first_item[record] + item
    return _Unrolled(Holds(cell, party[record], since[record], until[record]), np.array(ranks, np.int64)[record])


def _ticks(instant: datetime | None) -> int:
    return NEVER if instant is None else (instant - EPOCH) // timedelta(microseconds=1)


def _repeat(counts: Ints) -> tuple[Ints, Ints]:
    """Make `counts[i]` rows for each thing: the number of the thing, and that of the row within it."""
    thing = np.repeat(np.arange(len(counts)), counts)
    return thing, np.arange(len(thing)) - np.repeat(np.cumsum(counts) - counts, counts)


def _without(claimed: _Unrolled, disclaimed: _Unrolled) -> Holds:
    """The stretches in which a party leads: it claims, and does not disclaim at least as specifically."""
    base = 1 + max(int(each.holds.party.max(initial=0)) for each in (claimed, disclaimed))
    claims, disclaimers = (each.holds.cell * base + each.holds.party for each in (claimed, disclaimed))
    is_contested = _is_among(claims, disclaimers)
    plain = _union(claimed.holds.where(~is_contested))
    if not is_contested.any():
        return plain
    against = disclaimed.where(_is_among(disclaimers, claims))
    both = _joined(claimed.holds.where(is_contested), against.holds)
    rank = np.concatenate((claimed.rank[is_contested], against.rank))
    is_claim = np.arange(len(rank)) < is_contested.sum()
    pieces = _cut(both.cell * base + both.party, both)
    claim = pieces.highest(np.where(is_claim, rank, -1))
    disclaimer = pieces.highest(np.where(is_claim, -1, rank))
    holds = Holds(pieces.group // base, pieces.group % base, pieces.since, pieces.until)
    return _joined(plain, _union(holds.where(claim > disclaimer)))


def _most_specific(decided: _Unrolled) -> Holds:
    """Whom the ruling names that goes first, in each cell at each time."""
    holds, rank = decided
    if not len(rank):
        return holds
    party_of_rank = np.zeros(int(rank.max()) + 1, np.int64)
    party_of_rank[rank] = holds.party
    pieces = _cut(holds.cell, holds)
    first = pieces.highest(rank)
    settled = Holds(pieces.group, party_of_rank[first], pieces.since, pieces.until)
    return settled.where(first >= 0)


class _Pieces(NamedTuple):
    """The time of each group of rows, cut wherever a row begins or ends; and which rows hold in which piece."""

    group: Ints
    since: Ints
    until: Ints
    piece: Ints
    row: Ints

    def highest(self, value: Ints) -> Ints:
        """The greatest value of the rows that hold in each piece; -1 where none holds."""
        found = np.full(len(self.group), -1, np.int64)
        np.maximum.at(found, self.piece, value[self.row])
        return found


def _cut(group: Ints, holds: Holds) -> _Pieces:
    at_group, at = np.concatenate((group, group)), np.concatenate((holds.since, holds.until))
    order = np.lexsort((at, at_group))
    at_group, at = at_group[order], at[order]
    is_piece = (at_group[1:] == at_group[:-1]) & (at[1:] > at[:-1])
    piece_group, since, until = at_group[:-1][is_piece], at[:-1][is_piece], at[1:][is_piece]
    piece, row = _pairs(piece_group, group)
    is_held = (holds.since[row] <= since[piece]) & (since[piece] < holds.until[row])
    return _Pieces(piece_group, since, until, piece[is_held], row[is_held])


def _pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Every pair of an element on the left and one on the right that are equal, as their numbers."""
    order = np.argsort(right, kind="stable")
    first = np.searchsorted(right, left, "left", sorter=order)
    number, within = _repeat(np.searchsorted(right, left, "right", sorter=order) - first)
    return number, order[first[number] + within]


def _union(holds: Holds) -> Holds:
    """Join the rows of a cell and party that overlap or touch."""
    base = 1 + int(holds.party.max(initial=0))
    key = holds.cell * base + holds.party
    in_order = np.sort(key)
    several = in_order[1:][in_order[1:] == in_order[:-1]]
    if not len(several):
        return holds
    has_several = _is_among(key, several)
    return _joined(holds.where(~has_several), _joined_up(key[has_several], base, holds.where(has_several)))


def _joined_up(key: Ints, base: int, holds: Holds) -> Holds:
    keys, at = np.concatenate((key, key)), np.concatenate((holds.since, holds.until))
    step = np.repeat(np.array([1, -1]), len(key))
    order = np.lexsort((at, keys))
    keys, at, count = keys[order], at[order], np.cumsum(step[order])
    is_last = _differs_from_next(keys) | _differs_from_next(at)
    keys, at, is_held = keys[is_last], at[is_last], count[is_last] > 0
    was_held = np.concatenate((np.zeros(1, np.bool_), is_held[:-1]))
    begins, ends = is_held & ~was_held, ~is_held & was_held
    return Holds(keys[begins] // base, keys[begins] % base, at[begins], at[ends])


def _sweep(size: int, leads: Holds, backstops: Holds, rulings: Holds) -> Segments:
    """Walk along the boundaries of each cell with running counts and running signatures of who holds."""
    every = np.arange(size)
    nothing = np.zeros(size, np.int64)
    cells, times, counts = [every], [np.full(size, ALWAYS)], [nothing]
    signatures: list[list[Ints]] = [[nothing], [nothing], [nothing]]
    for number, holds in enumerate((leads, backstops, rulings)):
        one, signature = np.full(len(holds.cell), 1 << BITS * number), _signature(holds.party)
        cells += [holds.cell, holds.cell]
        times += [holds.since, holds.until]
        counts += [one, -one]
        for other, column in enumerate(signatures):
            blank = np.zeros(len(one), np.int64)
            column += [signature, -signature] if other == number else [blank, blank]
    cell, at = np.concatenate(cells), np.concatenate(times)
    order = np.lexsort((at, cell))
    cell, at = cell[order], at[order]
    is_shown = (_differs_from_next(cell) | _differs_from_next(at)) & (at != NEVER)
    cell, at = cell[is_shown], at[is_shown]
    count = np.cumsum(np.concatenate(counts)[order])[is_shown]
    by_lead, by_backstop, by_ruling = (np.cumsum(np.concatenate(each)[order])[is_shown] for each in signatures)
    return _segments(cell, at, count, (by_lead, by_backstop, by_ruling))


def _segments(cell: Ints, at: Ints, count: Ints, signatures: tuple[Ints, Ints, Ints]) -> Segments:
    """Read states off the counts, and join neighbours that are alike."""
    mask = (1 << BITS) - 1
    leads, backstops, is_ruled = count & mask, count >> BITS & mask, count >> 2 * BITS > 0
    kinds = [is_ruled | (leads == 1), leads > 1, backstops > 0]
    state = np.select(kinds, [CLEAR, MULTI_HEAD, BACKSTOP], VACUUM)
    by_lead, by_backstop, by_ruling = signatures
    who = np.select([is_ruled, leads > 0, backstops > 0], [by_ruling, by_lead, by_backstop], 0)
    is_new = np.ones(len(cell), np.bool_)
    alike = [each[1:] == each[:-1] for each in (cell, state, who, is_ruled)]
    is_new[1:] = ~np.logical_and.reduce(alike)
    cell, since = cell[is_new], at[is_new]
    until = np.full(len(cell), NEVER)
    goes_on = cell[1:] == cell[:-1]
    until[:-1][goes_on] = since[1:][goes_on]
    return Segments(cell, since, until, state[is_new], is_ruled[is_new])


def _signature(party: Ints) -> Ints:
    """A scattered number for each party, so that the sum over a set of parties tells sets apart (splitmix64)."""
    mixed = party.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).view(np.int64)


def _is_among(values: Ints, known: Ints) -> Flags:
    in_order = np.sort(known)
    if not len(in_order):
        return np.zeros(len(values), np.bool_)
    found = np.searchsorted(in_order, values)
    matches: Flags = in_order[np.minimum(found, len(in_order) - 1)] == values
    return matches


def _differs_from_next(column: Ints) -> Flags:
    return np.concatenate((column[1:] != column[:-1], np.ones(1, np.bool_)))


def _joined(first: Holds, second: Holds) -> Holds:
    return Holds(*(np.concatenate(pair) for pair in zip(first, second, strict=True)))


def _at_the_beginning(holds: Holds, segments: Segments) -> Iterator[tuple[int, int]]:
    """The number of a segment and a party that holds when it begins, for all such pairs."""
    segment, row = _pairs(segments.cell, holds.cell)
    begins = segments.since[segment]
    is_held = (holds.since[row] <= begins) & (begins < holds.until[row])
    return zip(segment[is_held].tolist(), holds.party[row[is_held]].tolist(), strict=True)

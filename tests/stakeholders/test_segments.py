"""How cells stand over time: the fast sweep against asking every cell at every instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, product
from random import Random
from typing import NamedTuple
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stakeholders import segments
from stakeholders.coverage import Cell as OneCell
from stakeholders.coverage import Claim, Decision, Duty, Scope, State, answer_for
from stakeholders.layout import Item, Layout, Place
from stakeholders.ledger import period_of
from stakeholders.segments import STATES, DatedClaim, DatedDecision, Period, history, moment

DAY_ZERO = datetime(2026, 1, 1, tzinfo=UTC)
LAYOUT = Layout(
    [
        Place("379926101001", 1, 0),
        Place("379926101001", 1, 11),
        Place("379926101001", 1, 12),
        Place("379926101002", 2, 0),
        Place("379926101002", 2, 21),
        Place("379926102001", 3, 0),
    ],
    [Item(1, 10), Item(1, 11), Item(2, 20)],
)
CELLS = [
    OneCell(place.area, place.estate, place.building or None, item.need_class, item.need_item)
    for place, item in map(LAYOUT.cell, range(LAYOUT.size))
]


def day(number: int) -> datetime:
    return DAY_ZERO + timedelta(days=number)


class Recorded(NamedTuple):
    """What was recorded, and the day on which each party was closed down, if it was."""

    claims: list[DatedClaim]
    decisions: list[DatedDecision]
    closed: dict[int, datetime]


def is_in_force(period: Period, closed: datetime | None, at: datetime) -> bool:
    return period.since <= at and not any(end is not None and end <= at for end in (period.until, closed))


def naive(recorded: Recorded) -> list[tuple[object, ...]]:
    """Ask every cell between any two instants at which anything changes, and join what is alike."""
    claims, decisions, closed = recorded
    cuts = {cut for _record, period in [*claims, *decisions] for cut in period} | set(closed.values())
    stories: list[list[tuple[object, ...]]] = [[] for _ in range(LAYOUT.size)]
    for since in [None, *sorted(cut for cut in cuts if cut is not None)]:
        at = since or day(-999)
        claimed = [each for each, period in claims if is_in_force(period, closed.get(each.party), at)]
        decided = [each for each, period in decisions if is_in_force(period, closed.get(each.lead), at)]
        for number, story in enumerate(stories):
            answer = answer_for(CELLS[number], claimed, decided)
            who = answer.leads or (answer.backstops if answer.state is State.BACKSTOP else ())
            now = (answer.state, answer.ruling is not None, who)
            if not story or story[-1][2:] != now:
                story.append((number, since, *now))
    return list(chain.from_iterable(stories))


def reckoned(recorded: Recorded) -> list[tuple[object, ...]]:
    """The same from the sweep. The period of a record ends with its party, as the ledger reads it."""
    claims, decisions, closed = recorded
    told = history(
        LAYOUT,
        [(each, period_of(*period, closed.get(each.party))) for each, period in claims],
        [(each, period_of(*period, closed.get(each.lead))) for each, period in decisions],
    )
    segments = told.segments
    columns = (segments.cell, segments.since, segments.state, segments.is_ruled, told.parties(segments))
    return [
        (int(cell), moment(since), STATES[state], bool(is_ruled), parties)
        for cell, since, state, is_ruled, parties in zip(*columns, strict=True)
    ]


# Places and matters that lie within each other, so that records meet; and now and then one that misses.
WHERE = ({"area": "37"}, {"area": "379926101"}, {"area": "379926101001"}, {"estate": 1}, {"building": 11})
WHAT = ({}, {"need_class": 1}, {"need_item": 10}, {"need_item": 20})
MISSES = (Scope(area="44"), Scope(estate=9), Scope(building=99), Scope(estate=1, need_class=7))
PARTIES = (1, 2, 3)
DUTIES = (*Duty, *[Duty.LEAD, Duty.DISCLAIM, Duty.BACKSTOP] * 2)
LENGTHS = (None, None, *range(7))  # without end, and no time at all
scopes = st.sampled_from([*(Scope(**where, **what) for where in WHERE for what in WHAT), *MISSES])
parties = st.sampled_from(PARTIES)
holders = st.sampled_from(list(product(PARTIES, DUTIES)))
periods = st.sampled_from(
    [Period(day(since), None if length is None else day(since + length)) for since in range(7) for length in LENGTHS]
)
days_decided = st.sampled_from([day(0), day(1)])
claims = st.builds(lambda holder, scope, period: (Claim(0, *holder, scope), period), holders, scopes, periods)
decisions = st.builds(
    lambda lead, scope, decided_at, period: (Decision(0, lead, scope, decided_at), period),
    *(parties, scopes, days_decided, periods),
)
ledgers = st.builds(
    lambda claims, decisions, closed: Recorded(
        claims, [(replace(each, id=number), period) for number, (each, period) in enumerate(decisions, 1)], closed
    ),
    st.lists(claims, max_size=8),
    st.lists(decisions, max_size=4),
    st.dictionaries(parties, st.integers(-1, 8).map(day), max_size=1),
)


@pytest.mark.parametrize("rows", [segments.ROWS, 40], ids=["one slab", "several slabs"])
@given(recorded=ledgers)
@settings(max_examples=settings.default.max_examples // 2, deadline=None)
def test_history_equals_asking_every_cell_at_every_instant(recorded: Recorded, rows: int) -> None:
    with mock.patch.object(segments, "ROWS", rows):
        assert reckoned(recorded) == naive(recorded)


@given(ledgers, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_history_does_not_depend_on_the_order_of_records(recorded: Recorded, random: Random) -> None:
    claims, decisions, closed = recorded
    shuffled = Recorded(random.sample(claims, len(claims)), random.sample(decisions, len(decisions)), closed)

    assert reckoned(shuffled) == reckoned(recorded)


def test_history_of_nothing_is_one_vacuum_without_end() -> None:
    told = history(LAYOUT, [])

    assert len(told.segments.cell) == LAYOUT.size
    assert {moment(each) for each in (*told.segments.since, *told.segments.until)} == {None}
    assert told.parties(told.gaps()) == [()] * LAYOUT.size


def test_mandates_of_a_party_that_touch_are_one_stretch() -> None:
    lead = Claim(1, 5, Duty.LEAD, Scope(estate=3, need_item=10))

    told = history(LAYOUT, [(lead, Period(day(0), day(3))), (lead, Period(day(3), day(9)))])

    clear = told.segments.where(told.segments.state == STATES.index(State.CLEAR))
    assert [(moment(since), moment(until)) for since, until in zip(clear.since, clear.until, strict=True)] == [
        (day(0), day(9))
    ]


def test_change_of_one_lead_for_another_parts_two_stretches() -> None:
    first, second = (Claim(n, n, Duty.LEAD, Scope(estate=3, need_item=10)) for n in (1, 2))

    told = history(LAYOUT, [(first, Period(day(0), day(3))), (second, Period(day(3)))])

    clear = told.segments.where(told.segments.state == STATES.index(State.CLEAR))
    assert told.parties(clear) == [(1,), (2,)]


def test_at_gives_each_cell_the_stretch_that_holds_from_its_first_instant_to_before_its_last() -> None:
    lead = Claim(1, 5, Duty.LEAD, Scope(estate=3, need_item=10))
    told = history(LAYOUT, [(lead, Period(day(0), day(3)))])
    [cell] = [n for n in range(LAYOUT.size) if LAYOUT.cell(n) == (Place("379926102001", 3, 0), Item(1, 10))]

    asked = [told.at(at) for at in (day(-1), day(0), day(3) - timedelta(microseconds=1), day(3))]

    assert [each.cell.tolist() for each in asked] == [list(range(LAYOUT.size))] * 4
    states = [State.VACUUM, State.CLEAR, State.CLEAR, State.VACUUM]
    assert [STATES[each.state[cell]] for each in asked] == states
    assert [told.parties(each)[cell] for each in asked] == [(), (5,), (5,), ()]


def test_history_refuses_more_than_its_integers_hold() -> None:
    class Vast(Layout):
        size = 1 << 60

    lead = Claim(1, 5, Duty.LEAD, Scope(estate=3))

    with pytest.raises(OverflowError, match="fewer places"):
        history(Vast(LAYOUT.places, LAYOUT.items), [(lead, Period(day(0), day(3)))])


@pytest.mark.parametrize(
    ("disclaimed", "leads"),
    [
        (Scope(estate=3), (5,)),
        (Scope(estate=3, need_class=1), ()),
        (Scope(estate=3, need_item=10), ()),
        (Scope(area="379926102001", need_item=10), (5,)),
    ],
)
def test_disclaimer_counts_where_it_is_as_specific_as_the_claim(disclaimed: Scope, leads: tuple[int, ...]) -> None:
    claim = Claim(1, 5, Duty.LEAD, Scope(estate=3, need_class=1))

    told = history(LAYOUT, [(claim, Period(day(0))), (Claim(2, 5, Duty.DISCLAIM, disclaimed), Period(day(0)))])

    assert told.parties(told.at(day(1)))[LAYOUT.size - 3] == leads


def test_change_of_one_backstop_for_another_parts_two_stretches() -> None:
    first, second = (Claim(n, n, Duty.BACKSTOP, Scope(estate=3, need_item=10)) for n in (1, 2))

    told = history(LAYOUT, [(first, Period(day(0), day(3))), (second, Period(day(3)))])

    assert told.parties(told.segments.where(told.segments.state == STATES.index(State.BACKSTOP))) == [(1,), (2,)]


@pytest.mark.parametrize(
    ("scope", "block"),
    [
        (Scope(area="379926101"), (0, 5, 0, 3)),
        (Scope(area="379926102001", need_class=1), (5, 6, 0, 2)),
        (Scope(area="44"), (6, 6, 0, 3)),
        (Scope(estate=1, need_item=20), (0, 3, 2, 3)),
        (Scope(building=21), (4, 5, 0, 3)),
        (Scope(building=99), (0, 0, 0, 3)),
    ],
)
def test_layout_gives_each_scope_one_block(scope: Scope, block: tuple[int, int, int, int]) -> None:
    assert LAYOUT.block(scope) == block

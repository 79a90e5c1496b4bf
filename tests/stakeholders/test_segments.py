"""How cells stand over time: the fast sweep against asking every cell at every instant."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stakeholders.coverage import Cell as OneCell
from stakeholders.coverage import Claim, Decision, Duty, Scope, State, answer_for
from stakeholders.layout import Item, Layout, Place
from stakeholders.segments import STATES, DatedClaim, DatedDecision, History, Period, history, moment

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


def day(number: int) -> datetime:
    return DAY_ZERO + timedelta(days=number)


def naive(claims: list[DatedClaim], decisions: list[DatedDecision]) -> list[tuple[object, ...]]:
    """Ask every cell between any two instants at which anything changes, and join what is alike."""
    cuts = sorted({cut for _record, period in [*claims, *decisions] for cut in period if cut is not None})
    beginnings: list[datetime | None] = [None, *cuts]
    found: list[tuple[object, ...]] = []
    for number in range(LAYOUT.size):
        place, item = LAYOUT.cell(number)
        cell = OneCell(place.area, place.estate, place.building or None, item.need_class, item.need_item)
        before = None
        for since in beginnings:
            at = since or day(-999)
            answer = answer_for(
                cell,
                [claim for claim, period in claims if period.since <= at and (not period.until or at < period.until)],
                [each for each, period in decisions if period.since <= at and (not period.until or at < period.until)],
            )
            who = answer.leads or (answer.backstops if answer.state is State.BACKSTOP else ())
            now = (number, answer.state, answer.ruling is not None, who)
            if now != before:
                found.append((*now[:1], since, *now[1:]))
            before = now
    return found


def reckoned(told: History) -> list[tuple[object, ...]]:
    segments = told.segments
    columns = (segments.cell, segments.since, segments.state, segments.is_ruled, told.parties(segments))
    return [
        (int(cell), moment(since), STATES[state], bool(is_ruled), parties)
        for cell, since, state, is_ruled, parties in zip(*columns, strict=True)
    ]


scopes = st.builds(
    lambda place, item: Scope(**place, **item),
    st.sampled_from(
        [
            {"area": "37"},
            {"area": "379926101"},
            {"area": "379926101001"},
            {"area": "44"},
            {"estate": 1},
            {"estate": 3},
            {"estate": 9},
            {"building": 11},
            {"building": 21},
            {"building": 99},
        ]
    ),
    st.sampled_from([{}, {"need_class": 1}, {"need_item": 10}, {"need_item": 20}, {"need_class": 7}]),
)
periods = st.builds(
    lambda first, length: Period(day(first), None if length is None else day(first + length)),
    st.integers(0, 6),
    st.none() | st.integers(1, 6),
)
dated_claims = st.lists(
    st.tuples(
        st.builds(
            lambda party, duty, scope: Claim(0, party, duty, scope),
            st.integers(1, 3),
            st.sampled_from([*Duty, Duty.LEAD, Duty.LEAD]),
            scopes,
        ),
        periods,
    ),
    max_size=8,
)
dated_decisions = st.lists(
    st.tuples(
        st.builds(
            lambda number, lead, scope, decided: Decision(number, lead, scope, day(decided)),
            st.integers(1, 999),
            st.integers(1, 3),
            scopes,
            st.integers(0, 2),
        ),
        periods,
    ),
    max_size=4,
    unique_by=lambda dated: dated[0].id,
)


@given(dated_claims, dated_decisions)
def test_history_equals_asking_every_cell_at_every_instant(
    claims: list[DatedClaim], decisions: list[DatedDecision]
) -> None:
    assert reckoned(history(LAYOUT, claims, decisions)) == naive(claims, decisions)


@given(dated_claims, dated_decisions, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_history_does_not_depend_on_the_order_of_records(claims, decisions, random) -> None:
    shuffled = random.sample(claims, len(claims)), random.sample(decisions, len(decisions))

    assert reckoned(history(LAYOUT, *shuffled)) == reckoned(history(LAYOUT, claims, decisions))


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

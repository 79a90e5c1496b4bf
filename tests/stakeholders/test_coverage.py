"""Who answers for a cell: vectors for each rule, and properties against a naive reading of the same rules."""

from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from stakeholders.coverage import Answer, Cell, Claim, Decision, Duty, Scope, State, answer_for

CELL = Cell(area="379926101001", estate=1, building=11, need_class=3, need_item=31)
COMMON = Cell(area="379926101001", estate=1, building=None, need_class=3, need_item=31)
DAY = datetime(2026, 1, 1, tzinfo=UTC)

TOWN, COMMUNITY = Scope(area="379926101"), Scope(area="379926101001")
ESTATE, BUILDING = Scope(estate=1), Scope(building=11)


def claim(party: int, duty: Duty = Duty.LEAD, scope: Scope = TOWN, number: int = 0) -> Claim:
    return Claim(number or party, party, duty, scope)


def test_no_mandate_is_a_vacuum() -> None:
    assert answer_for(CELL, []) == Answer(State.VACUUM, ())


def test_one_lead_is_clear_and_names_the_others() -> None:
    claims = [claim(1), claim(2, Duty.SUPPORT), claim(3, Duty.SUPERVISE), claim(4, Duty.BACKSTOP)]

    assert answer_for(CELL, claims) == Answer(State.CLEAR, (1,), (2,), (3,), (4,), None, (1, 2, 3, 4))


def test_two_leads_are_multi_head_however_specific_each_is() -> None:
    assert answer_for(CELL, [claim(1, scope=TOWN), claim(2, scope=BUILDING)]).leads == (1, 2)


def test_one_party_with_two_mandates_is_one_lead() -> None:
    assert answer_for(CELL, [claim(1), claim(1, scope=ESTATE, number=9)]).state is State.CLEAR


def test_backstop_stands_behind_only_where_nobody_leads() -> None:
    assert answer_for(CELL, [claim(4, Duty.BACKSTOP)]).state is State.BACKSTOP


def test_disclaimer_counts_when_at_least_as_specific_as_the_claim() -> None:
    wider = [claim(1, scope=ESTATE), claim(1, Duty.DISCLAIM, TOWN, number=2)]
    same = [claim(1, scope=ESTATE), claim(1, Duty.DISCLAIM, ESTATE, number=2)]
    narrower = [claim(1, scope=ESTATE), claim(1, Duty.DISCLAIM, BUILDING, number=2)]

    assert [answer_for(CELL, each).state for each in (wider, same, narrower)] == ["clear", "vacuum", "vacuum"]


def test_disclaimer_for_an_item_beats_a_claim_for_its_class_at_the_same_place() -> None:
    claims = [
        claim(1, scope=Scope(estate=1, need_class=3)),
        claim(1, Duty.DISCLAIM, Scope(estate=1, need_item=31), number=2),
    ]

    assert answer_for(CELL, claims).state is State.VACUUM


def test_place_goes_before_item_in_being_specific() -> None:
    claims = [
        claim(1, scope=Scope(building=11)),
        claim(1, Duty.DISCLAIM, Scope(estate=1, need_item=31), number=2),
    ]

    assert answer_for(CELL, claims).leads == (1,)


def test_disclaimer_of_one_party_leaves_the_others() -> None:
    assert answer_for(CELL, [claim(1), claim(2), claim(1, Duty.DISCLAIM, number=3)]).leads == (2,)


def test_common_area_sees_no_mandate_of_a_building() -> None:
    assert answer_for(COMMON, [claim(1, scope=BUILDING)]).state is State.VACUUM
    assert answer_for(COMMON, [claim(1, scope=ESTATE)]).state is State.CLEAR


def test_most_specific_ruling_wins_then_the_latest() -> None:
    rulings = [
        Decision(1, 1, TOWN, DAY + timedelta(days=9)),
        Decision(2, 2, ESTATE, DAY),
        Decision(3, 3, ESTATE, DAY + timedelta(days=1)),
        Decision(4, 4, COMMUNITY, DAY + timedelta(days=9)),
    ]

    answer = answer_for(CELL, [claim(8), claim(9)], rulings)

    assert (answer.state, answer.leads, answer.ruling) == (State.CLEAR, (3,), 3)


def test_record_elsewhere_or_for_another_item_does_not_matter() -> None:
    elsewhere = [
        Scope(area="370127"),
        Scope(estate=2),
        Scope(building=12),
        Scope(area="37", need_class=4),
        Scope(estate=1, need_item=32),
    ]

    assert answer_for(CELL, [claim(1, scope=scope) for scope in elsewhere]).mandates == ()


scopes = st.builds(
    lambda place, item: Scope(**place, **item),
    st.sampled_from(
        [
            {"area": "37"},
            {"area": "379926101"},
            {"area": "379926101001"},
            {"estate": 1},
            {"estate": 2},
            {"building": 11},
        ]
    ),
    st.sampled_from([{}, {"need_class": 3}, {"need_item": 31}, {"need_class": 4}]),
)
claims = st.lists(st.builds(claim, st.integers(1, 3), st.sampled_from(list(Duty)), scopes), max_size=6)
decisions = st.lists(
    st.builds(
        lambda n, lead, scope, day: Decision(n, lead, scope, DAY + timedelta(days=day)),
        st.integers(1, 99),
        st.integers(1, 3),
        scopes,
        st.integers(0, 2),
    ),
    max_size=3,
    unique_by=lambda decision: decision.id,
)

PLACES = [{"area": "37"}, {"area": "379926101"}, {"area": "379926101001"}, {"estate": 1}, {"building": 11}]
ITEMS: list[dict[str, int]] = [{}, {"need_class": 3}, {"need_item": 31}]
WIDE_TO_NARROW = [Scope(**place, **item) for place, item in product(PLACES, ITEMS)]  # all that can reach CELL


def naive(claims: list[Claim], decisions: list[Decision]) -> tuple[State, set[int]]:
    """The rules of system.md read aloud: walk the scopes from wide to narrow."""
    ruled = None
    for scope in WIDE_TO_NARROW:
        here = [decision for decision in decisions if decision.scope == scope]
        if here:
            ruled = max(here, key=lambda decision: (decision.decided_at, decision.id)).lead
    if ruled is not None:
        return State.CLEAR, {ruled}
    leads: set[int] = set()
    for scope in WIDE_TO_NARROW:
        leads |= {each.party for each in claims if each.scope == scope and each.duty is Duty.LEAD}
        leads -= {each.party for each in claims if each.scope == scope and each.duty is Duty.DISCLAIM}
    if leads:
        return (State.CLEAR if len(leads) == 1 else State.MULTI_HEAD), leads
    behind = any(each.duty is Duty.BACKSTOP and each.scope in WIDE_TO_NARROW for each in claims)
    return (State.BACKSTOP if behind else State.VACUUM), set()


@given(claims, decisions)
def test_answer_equals_a_naive_walk_from_wide_to_narrow(claims: list[Claim], decisions: list[Decision]) -> None:
    answer = answer_for(CELL, claims, decisions)

    assert (answer.state, set(answer.leads)) == naive(claims, decisions)


@given(claims, decisions, st.randoms(use_true_random=False))
def test_answer_does_not_depend_on_the_order_of_records(claims: list[Claim], decisions: list[Decision], random) -> None:
    shuffled = random.sample(claims, len(claims))

    assert answer_for(CELL, shuffled, decisions[::-1]) == answer_for(CELL, claims, decisions)


@given(claims)
def test_claim_of_another_place_changes_nothing(claims: list[Claim]) -> None:
    stranger = Claim(99, 7, Duty.LEAD, Scope(estate=5))

    assert answer_for(CELL, [*claims, stranger]) == answer_for(CELL, claims)

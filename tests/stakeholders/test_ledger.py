"""The ledger as tables: what is in force, as known when, and the matrix."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain, product
from random import Random

import pytest
from pytest_django import DjangoAssertNumQueries

from stakeholders.coverage import Cell, Claim, Decision, Duty, Scope, State, answer_for
from stakeholders.ledger import answer_at, history_of, ledger_at, matrix
from stakeholders.models import Area, Building, Mandate, NeedItem, Party, Ruling
from stakeholders.segments import STATES, moment
from tests.factories.cases import item
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def test_mandate_holds_from_its_first_instant_to_before_its_last() -> None:
    building = BuildingFactory()
    mandate = MandateFactory(estate=building.estate, valid_from=NOW, valid_until=NOW + DAY)

    asked = [NOW - DAY, NOW, NOW + DAY - timedelta(microseconds=1), NOW + DAY]
    leads = [answer_at(building.estate, building, item(), at).leads for at in asked]

    assert leads == [(), (mandate.party_id,), (mandate.party_id,), ()]


def test_answer_as_known_on_a_day_forgets_what_was_recorded_later() -> None:
    estate = EstateFactory()
    withdrawn = MandateFactory(estate=estate, recorded_at=NOW - 5 * DAY, withdrawn_at=NOW - 2 * DAY)
    corrected = MandateFactory(estate=estate, recorded_at=NOW - 2 * DAY)

    def known(on: datetime | None) -> tuple[int, ...]:
        return answer_at(estate, None, item(), NOW, on).leads

    assert known(NOW - 6 * DAY) == ()
    assert known(NOW - 3 * DAY) == (withdrawn.party_id,)
    assert known(NOW - DAY) == known(None) == (corrected.party_id,)


def test_party_that_is_closed_down_answers_for_nothing() -> None:
    estate = EstateFactory()
    MandateFactory(estate=estate, party__closed_at=NOW)

    assert answer_at(estate, None, item(), NOW - DAY).state is State.CLEAR
    assert answer_at(estate, None, item(), NOW).state is State.VACUUM


def test_mandate_of_a_division_reaches_the_estates_in_it() -> None:
    inside, outside = EstateFactory(), EstateFactory()
    MandateFactory(area=inside.area)

    assert answer_at(inside, None, item(), NOW).state is State.CLEAR
    assert answer_at(outside, None, item(), NOW).state is State.VACUUM


def test_matrix_shows_the_worst_place_and_counts_them_all() -> None:
    estate = EstateFactory()
    first, *_ = BuildingFactory.create_batch(3, estate=estate)
    MandateFactory(item="3.1", estate=estate)
    MandateFactory(item="3.1", estate=None, building=first)
    RulingFactory(need_item=item("3.2"), estate=estate)

    [row] = matrix([estate], [item("3.1"), item("3.2"), item("3.3")], NOW)

    assert [(cell.state, dict(cell.counts), cell.is_ruled) for cell in row] == [
        (State.MULTI_HEAD, {State.CLEAR: 3, State.MULTI_HEAD: 1}, False),
        (State.CLEAR, {State.CLEAR: 4}, True),
        (State.VACUUM, {State.VACUUM: 4}, False),
    ]
    assert [cell.is_partial for cell in row] == [True, False, False]


def record_anything(chance: Random, buildings: list[Building], items: list[NeedItem]) -> None:
    """Mandates and rulings about any place and matter, in force or not, withdrawn or not."""
    places = [{"estate": each.estate} for each in buildings]
    places += [{"estate": None, "building": each} for each in (*buildings, BuildingFactory())]
    places += [{"area": each} for each in (*Area.objects.all(), AreaFactory())]
    matters = [{}, {"need_class": items[0].need_class}, *({"need_item": each} for each in items)]
    parties = [*PartyFactory.create_batch(3), PartyFactory(closed_at=NOW)]
    for number in range(30):
        scope = chance.choice(places) | chance.choice(matters)
        recorded = NOW - chance.randrange(1, 5) * DAY
        since, until = NOW - chance.randrange(-1, 9) * DAY, chance.choice([None, None, NOW + 10 * DAY])
        times = {"valid_from": since, "valid_until": until, "recorded_at": recorded}
        times["withdrawn_at"] = chance.choice([None, None, NOW - DAY])
        if number % 6:
            role = chance.choice(["lead", "lead", "disclaim", "backstop"])
            MandateFactory(party=chance.choice(parties), role=role, **scope, **times)
        else:
            RulingFactory(lead=chance.choice(parties), decided_at=since, **scope, **times)


def is_in_force(record: Mandate | Ruling, party: Party, at: datetime, known_on: datetime) -> bool:
    """Said from the columns alone: known by then and not withdrawn yet, begun and not ended, of a party that is."""
    begun = [record.recorded_at <= known_on, record.valid_from <= at]
    ended = [(record.withdrawn_at, known_on), (record.valid_until, at), (party.closed_at, at)]
    return all(begun) and not any(end is not None and end <= now for end, now in ended)


def scope_in(record: Mandate | Ruling) -> Scope:
    area = record.area.prefix if record.area else None
    return Scope(area, record.estate_id, record.building_id, record.need_class_id, record.need_item_id)


@pytest.mark.parametrize("as_known_on", [None, NOW - 2 * DAY])
@pytest.mark.parametrize("seed", range(3))
def test_matrix_agrees_with_asking_each_cell(seed: int, as_known_on: datetime | None) -> None:
    buildings = BuildingFactory.create_batch(3)
    estates = [building.estate for building in buildings[::-1]]
    items = list(NeedItem.objects.all()[:9])[::-1]
    record_anything(Random(seed), buildings, items)

    rows = matrix(estates, items, NOW, as_known_on)

    ledger = ledger_at(NOW, as_known_on=as_known_on)
    assert [(cell.estate, cell.item) for row in rows for cell in row] == list(product(estates, items))
    for cell in chain.from_iterable(rows):
        places = [None, *cell.estate.buildings.values_list("pk", flat=True)]
        asked = [ledger.answer(cell.estate, place, cell.item) for place in places]
        assert cell.counts == Counter(each.state for each in asked)
        assert cell.is_ruled == any(each.ruling for each in asked)


@pytest.mark.parametrize("as_known_on", [None, NOW - 2 * DAY])
@pytest.mark.parametrize("seed", range(3))
def test_history_agrees_with_the_rows_that_were_known(seed: int, as_known_on: datetime | None) -> None:
    building = BuildingFactory()
    items = list(NeedItem.objects.all()[:3])
    record_anything(Random(seed), [building], items)

    told = history_of([building.estate], items, as_known_on=as_known_on)

    mandates, rulings = Mandate.objects.select_related("party"), Ruling.objects.select_related("lead")
    for at in (NOW + number * DAY for number in range(-10, 12)):
        known_on = as_known_on or NOW
        claims = [
            Claim(each.pk, each.party_id, Duty(each.role), scope_in(each))
            for each in mandates
            if is_in_force(each, each.party, at, known_on)
        ]
        decisions = [
            Decision(each.pk, each.lead_id, scope_in(each), each.decided_at)
            for each in rulings
            if is_in_force(each, each.lead, at, known_on)
        ]
        segments = told.at(at)
        for number, parties in enumerate(told.parties(segments)):
            place, each = told.layout.cell(number)
            answer = answer_for(Cell(*place[:2], place.building or None, *each), claims, decisions)
            assert STATES[segments.state[number]] == answer.state
            assert bool(segments.is_ruled[number]) == bool(answer.ruling)
            assert parties == (answer.leads or answer.backstops)


def test_matrix_of_nothing_is_empty() -> None:
    estate = EstateFactory()

    assert matrix([], [item()], NOW) == []
    assert matrix([estate], [], NOW) == [[]]


@pytest.mark.parametrize("count", [1, 3])
def test_matrix_costs_three_queries(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    estates = [BuildingFactory().estate for _ in range(count)]
    MandateFactory()
    items = list(NeedItem.objects.select_related("need_class"))

    with django_assert_num_queries(3):
        matrix(estates, items, NOW)


def test_history_agrees_with_asking_at_each_beginning() -> None:
    estate = EstateFactory()
    building = BuildingFactory(estate=estate)
    MandateFactory(estate=estate, item="3.1", valid_from=NOW, valid_until=NOW + 9 * DAY)
    MandateFactory(estate=estate, item="3.1", valid_from=NOW + 2 * DAY, party__closed_at=NOW + 5 * DAY)
    MandateFactory(estate=None, building=building, role=Mandate.Role.BACKSTOP)
    RulingFactory(estate=estate, valid_from=NOW + 7 * DAY)
    waste = item("3.1")

    told = history_of([estate], [waste])

    segments = told.segments
    for number, parties in enumerate(told.parties(segments)):
        place, _item = told.layout.cell(segments.cell[number])
        at = moment(segments.since[number]) or NOW - 9999 * DAY
        answer = answer_at(estate, building if place.building else None, waste, at)
        assert STATES[segments.state[number]] == answer.state
        assert parties == (answer.leads or answer.backstops)
    assert len(segments.cell) == 11  # 5 of the common area, 6 of the building


def test_history_as_known_on_a_day_forgets_what_was_recorded_later() -> None:
    estate = EstateFactory()
    MandateFactory(estate=estate, recorded_at=NOW)

    assert set(history_of([estate], [item()], as_known_on=NOW - DAY).segments.state) == {STATES.index(State.VACUUM)}
    assert STATES.index(State.CLEAR) in history_of([estate], [item()], as_known_on=NOW).segments.state

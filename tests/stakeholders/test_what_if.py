"""What drafts would change, without anything being saved."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from stakeholders.coverage import Claim, Decision, Duty, Scope, State
from stakeholders.models import Estate, Mandate, Party
from stakeholders.segments import Period
from stakeholders.what_if import Change, Draft, Effect, changes_of
from tests.factories.cases import item
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MandateFactory, PartyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def claim(
    party: Party, estate: Estate, duty: Duty = Duty.LEAD, since: datetime = NOW, code: str = "3.1"
) -> tuple[Claim, Period]:
    """A draft for an item at an estate."""
    return Claim(-1, party.pk, duty, Scope(estate=estate.pk, need_item=item(code).pk)), Period(since)


def told(changes: list[Change]) -> list[tuple[int, Effect, State, State]]:
    """Building, effect, state before and after of each change."""
    return [(each.place.building, each.effect, each.before.state, each.after.state) for each in changes]


def test_draft_mandate_closes_the_vacuum_of_every_place() -> None:
    building = BuildingFactory()
    party = PartyFactory()

    changes = changes_of(Draft(claims=[claim(party, building.estate)]), at=NOW)

    closed = Effect.CLOSED, State.VACUUM, State.CLEAR
    assert told(changes) == [(0, *closed), (building.pk, *closed)]
    assert [each.after.parties for each in changes] == [(party.pk,), (party.pk,)]
    assert not Mandate.objects.exists()


def test_draft_mandate_beside_another_opens_a_gap() -> None:
    mandate = MandateFactory(estate=EstateFactory())

    changes = changes_of(Draft(claims=[claim(PartyFactory(), mandate.estate)]), at=NOW)

    assert told(changes) == [(0, Effect.OPENED, State.CLEAR, State.MULTI_HEAD)]


def test_third_head_alters_a_gap() -> None:
    estate = EstateFactory()
    MandateFactory.create_batch(2, estate=estate)

    changes = changes_of(Draft(claims=[claim(PartyFactory(), estate)]), at=NOW)

    assert told(changes) == [(0, Effect.ALTERED, State.MULTI_HEAD, State.MULTI_HEAD)]
    assert [len(each.after.parties) for each in changes] == [3]


def test_draft_ruling_moves_a_clear_cell() -> None:
    mandate = MandateFactory(estate=EstateFactory())
    scope = Scope(estate=mandate.estate_id, need_item=item().pk)
    decision = Decision(-1, PartyFactory().pk, scope, NOW), Period(NOW)

    changes = changes_of(Draft(decisions=[decision]), at=NOW)

    assert told(changes) == [(0, Effect.MOVED, State.CLEAR, State.CLEAR)]
    assert [(each.before.is_ruled, each.after.is_ruled) for each in changes] == [(False, True)]


def test_mandate_that_is_thought_away_leaves_a_vacuum() -> None:
    mandate = MandateFactory(estate=EstateFactory(), item="3.1")
    scope = Scope(estate=mandate.estate_id, need_item=item().pk)

    changes = changes_of(Draft(without=frozenset({mandate.pk})), at=NOW, also=[scope])

    assert told(changes) == [(0, Effect.OPENED, State.CLEAR, State.VACUUM)]


def test_draft_changes_nothing_before_it_begins() -> None:
    draft = Draft(claims=[claim(PartyFactory(), EstateFactory(), since=NOW + DAY)])

    assert changes_of(draft, at=NOW) == []
    assert len(changes_of(draft, at=NOW + DAY)) == 1


def test_changes_stay_among_the_estates_that_are_asked_for() -> None:
    draft = Draft(claims=[claim(PartyFactory(), EstateFactory())])

    assert changes_of(draft, at=NOW, among=Estate.objects.none()) == []


@pytest.mark.parametrize("count", [1, 3])
def test_changes_of_many_drafts_cost_as_much_as_of_one(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    party = PartyFactory()
    codes = ["3.1", "3.2", "3.3"][:count]
    draft = Draft(claims=[claim(party, EstateFactory(), code=code) for code in codes])

    with django_assert_num_queries(5):
        changes_of(draft, at=NOW)

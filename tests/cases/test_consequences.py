"""Saying before a ruling what it would change: the same as what then happens, and only what the actor sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from cases.consequences import consequences_of
from cases.models import Case
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from cases.services.settle_scope import settle_scope
from stakeholders.models import Building, Episode, Mandate, Membership, Ruling
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def building() -> Building:
    return BuildingFactory()


def test_consequences_count_cells_gaps_and_cases(coordinator: Membership, building: Building) -> None:
    lead, other = [MandateFactory(estate=building.estate).party for _each in range(2)]
    waiting, elsewhere = logged_case(building=building), logged_case()
    held = logged_case(building=building)
    reassign_case(held, lead=other, reason="先办", by=coordinator, at=MONDAY)

    told = consequences_of(lead, by=coordinator, estate=building.estate, need_item=item())

    assert (len(told.changes), told.closed) == (2, 2)  # the building and the common area
    assert (told.moving, told.staying, told.no_longer_lead) == ([waiting], [held], [other])
    assert elsewhere.responsibility == "vacuum"
    assert not Ruling.objects.exists()


def test_consequences_of_what_is_clear_already_are_a_change_without_a_gap(
    coordinator: Membership, building: Building
) -> None:
    before = MandateFactory(estate=building.estate).party

    told = consequences_of(PartyFactory(), by=coordinator, building=building, need_item=item())

    assert (len(told.changes), told.closed, told.no_longer_lead) == (1, 0, [before])


def test_consequences_name_nobody_who_stood_behind_or_goes_on_leading(
    coordinator: Membership, building: Building
) -> None:
    MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP)
    lead = MandateFactory(building=building).party

    told = consequences_of(lead, by=coordinator, estate=building.estate, need_item=item())

    assert told.no_longer_lead == []
    assert (len(told.changes), told.closed) == (2, 1)


def test_consequences_of_a_later_beginning_move_nothing_now(coordinator: Membership, building: Building) -> None:
    logged_case(building=building)
    scope = {"estate": building.estate, "need_item": item()}

    later = consequences_of(PartyFactory(), by=coordinator, **scope, valid_from=LATER, at=MONDAY)
    past = consequences_of(PartyFactory(), by=coordinator, **scope, valid_from=MONDAY, valid_until=LATER, at=LATER)

    assert (later.closed, later.moving, later.staying) == (2, [], [])
    assert (past.changes, past.moving) == ([], [])


def test_consequences_show_only_what_the_actor_sees(building: Building) -> None:
    away = BuildingFactory(estate__grid__area=AreaFactory())
    mine, _theirs = logged_case(building=building), logged_case(building=away)
    by = MembershipFactory(coordinator=True, area=building.estate.area)

    told = consequences_of(PartyFactory(), by=by, area=TownFactory(), need_item=item())

    assert {change.place.estate for change in told.changes} == {building.estate.pk}
    assert told.moving == [mine]


@pytest.mark.parametrize(
    ("place", "is_for_item", "named"),
    [
        ("building", True, "head"),
        ("estate", True, "backstop"),
        ("estate", False, "newcomer"),
        ("town", True, "head"),
    ],
)
def test_consequences_are_what_then_happens(coordinator: Membership, place: str, is_for_item: bool, named: str) -> None:
    building, beside = BuildingFactory.create_batch(2, estate=EstateFactory())
    head = MandateFactory(estate=building.estate, need_item=item()).party
    MandateFactory(building=building, need_item=item())
    behind = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP).party
    RulingFactory(building=beside, need_item=item("3.2"), estate=None)
    for each in (building, beside, BuildingFactory()):
        for code in ("3.1", "3.2", "1.1"):
            logged_case(building=each, need_item=item(code))
    returned = logged_case(building=beside)
    return_case(returned, ground="不归我们", by=MembershipFactory(party=head), at=MONDAY)
    logged_case(building=building, need_item=None)
    refresh_episodes()
    lead = {"head": head, "backstop": behind, "newcomer": PartyFactory()}[named]
    where: dict[str, Any] = {
        "building": {"building": building},
        "estate": {"estate": building.estate},
        "town": {"area": TownFactory()},
    }[place]
    where |= {"need_item": item()} if is_for_item else {}
    leads = dict(Case.objects.values_list("pk", "lead"))
    gaps = Episode.objects.open_at().count()

    told = consequences_of(lead, by=coordinator, **where)
    settle_scope(lead, reason="x", by=coordinator, **where)

    moved = {pk for pk, now in Case.objects.values_list("pk", "lead") if now != leads[pk]}
    assert {case.pk for case in told.moving} == moved
    assert moved
    assert gaps - Episode.objects.open_at().count() == told.closed
    assert {case.lead_id for case in told.staying}.isdisjoint({None, lead.pk})
    assert {case.pk for case in told.staying}.isdisjoint(moved)


@pytest.mark.parametrize("count", [1, 3])
def test_consequences_cost_as_much_for_many_cases_as_for_one(
    coordinator: Membership, building: Building, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(count):
        logged_case(building=building, by=coordinator)
    MandateFactory(estate=building.estate, valid_until=MONDAY)
    lead = PartyFactory()
    scope = {"estate": building.estate, "need_item": item()}

    with django_assert_num_queries(11):
        consequences_of(lead, by=coordinator, **scope)


def test_consequences_of_what_is_ruled_already_are_what_then_happens(
    coordinator: Membership, building: Building
) -> None:
    lead, scope = MembershipFactory(), {"estate": building.estate, "need_item": item()}
    case = logged_case(building=building)
    settle_scope(lead.party, reason="x", by=coordinator, **scope)
    other = MembershipFactory()
    reassign_case(case, lead=other.party, reason="先办", by=coordinator)
    return_case(case, ground="不归我们", by=other)

    told = consequences_of(lead.party, by=coordinator, **scope)
    settle_scope(lead.party, reason="还是归你们", by=coordinator, **scope)

    case.refresh_from_db()
    assert told.moving == [case]
    assert (case.lead, case.responsibility) == (lead.party, "held")
    assert consequences_of(lead.party, by=coordinator, **scope).moving == []
    with pytest.raises(ValidationError):
        settle_scope(lead.party, reason="x", by=coordinator, **scope)

"""What speaks for whom: paper before practice, practice before precedents, and nothing from outside one's area."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.advice import MOST_CANDIDATES, Likeness, advice_for
from cases.models import Case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from stakeholders.coverage import Duty
from stakeholders.models import Building, Estate, Mandate, Membership, Party
from stakeholders.services.withdraw_ruling import withdraw_ruling
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
NOW = MONDAY + timedelta(days=5)
ELSEWHERE = "440106001000"


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def estate() -> Estate:
    return EstateFactory()


def resolved(party: Party, building: Building, *, by: Membership, code: str = "3.1", days_ago: int = 4) -> Case:
    """A case that a party was given and resolved some days before now."""
    at = NOW - timedelta(days=days_ago)
    case = logged_case(building=building, by=by, need_item=item(code), at=at)
    handler = MembershipFactory(party=party)
    reassign_case(case, lead=party, reason="先办", by=by, at=at)
    sign_for_case(case, by=handler, at=at)
    return resolve_case(case, reason="已清运", by=handler, at=at)


def test_advice_says_what_is_usual_and_what_the_law_says(coordinator: Membership, estate: Estate) -> None:
    usual = item()

    advice = advice_for(estate, None, usual, by=coordinator, at=NOW)

    assert advice.usual_kind == Party.Kind(usual.usual_lead_kind).label
    assert advice.legal_basis == usual.legal_basis != ""
    assert (advice.precedents, advice.candidates, advice.resolved) == ([], [], 0)


def test_candidates_come_best_backed_first(coordinator: Membership, estate: Estate) -> None:
    building = BuildingFactory(estate=estate)
    other = Party.Kind.OTHER
    usual = PartyFactory(code="d-usual", kind=item().usual_lead_kind)
    behind = MandateFactory(estate=estate, role=Mandate.Role.BACKSTOP, party__code="e-behind", party__kind=other).party
    known = PartyFactory(code="c-precedent", kind=other)
    RulingFactory(estate=EstateFactory(), need_item=item(), lead=known)
    MandateFactory(estate=estate, role=Mandate.Role.SUPPORT, party=known)
    busy, busier = PartyFactory(code="b-busy", kind=other), PartyFactory(code="z-busier", kind=other)
    for party in (busy, busier, busier):
        resolved(party, building, by=coordinator)
    head = MandateFactory(estate=estate, party__code="y-head", party__kind=other).party
    working_head = MandateFactory(estate=estate, party__code="z-head", party__kind=other).party
    resolved(working_head, building, by=coordinator)

    candidates = advice_for(estate, building, item(), by=coordinator, at=NOW).candidates

    assert [each.party for each in candidates] == [working_head, head, busier, busy, known, usual, behind]
    assert [each.is_on_paper for each in candidates] == [True, True] + [False] * 5
    assert [each.resolved for each in candidates] == [1, 0, 2, 1, 0, 0, 0]
    assert [each.is_usual_kind for each in candidates] == [False] * 5 + [True, False]
    assert [each.roles for each in candidates[-3:]] == [[Duty.SUPPORT], (), [Duty.BACKSTOP]]


def test_candidate_that_disclaims_as_specifically_is_not_on_paper(coordinator: Membership, estate: Estate) -> None:
    party = MandateFactory(estate=estate).party
    MandateFactory(estate=estate, party=party, role=Mandate.Role.DISCLAIM)
    only_disclaims = MandateFactory(estate=estate, role=Mandate.Role.DISCLAIM, party__kind=Party.Kind.OTHER).party

    [candidate] = advice_for(estate, None, item(), by=coordinator, at=NOW).candidates

    assert (candidate.party, candidate.is_on_paper) == (party, False)
    assert candidate.roles == [Duty.LEAD, Duty.DISCLAIM]
    assert candidate.party != only_disclaims


def test_claimants_stay_candidates_where_a_ruling_decides(coordinator: Membership, estate: Estate) -> None:
    heads = {each.party for each in MandateFactory.create_batch(2, estate=estate)}
    RulingFactory(estate=estate, need_item=item(), lead=PartyFactory(kind=Party.Kind.OTHER))

    advice = advice_for(estate, None, item(), by=coordinator, at=NOW)

    assert {each.party for each in advice.candidates if each.is_on_paper} == heads
    assert advice.precedents == []  # what decides here now is no precedent for itself


def test_company_of_the_estate_is_a_candidate_and_others_of_its_trade_are_not(coordinator: Membership) -> None:
    company, other = PartyFactory(), PartyFactory()
    assert item().usual_lead_kind == Party.Kind.PROPERTY
    with_company, without = EstateFactory(property_party=company), EstateFactory()

    def parties(estate: Estate) -> set[Party]:
        return {each.party for each in advice_for(estate, None, item(), by=coordinator, at=NOW).candidates}

    assert parties(with_company) == {company}
    assert parties(without) == {company, other}


def test_parties_that_are_closed_down_or_of_elsewhere_are_no_candidates(
    coordinator: Membership, estate: Estate
) -> None:
    MandateFactory(estate=estate, party__closed_at=NOW)
    PartyFactory(closed_at=NOW)
    PartyFactory(area__code=ELSEWHERE)
    PartyFactory(area=AreaFactory())  # another community of the town: it does not cover the estate
    going = PartyFactory(closed_at=NOW + timedelta(days=1))

    candidates = advice_for(estate, None, item(), by=coordinator, at=NOW).candidates

    assert [each.party for each in candidates] == [going]


def test_practice_counts_what_the_linked_list_shows(coordinator: Membership, estate: Estate, client: Client) -> None:
    building, party = BuildingFactory(estate=estate), PartyFactory()
    mine = [resolved(party, building, by=coordinator), resolved(party, building, by=coordinator, days_ago=180)]
    resolved(party, building, by=coordinator, days_ago=182)
    resolved(party, building, by=coordinator, code="3.2")
    resolved(party, BuildingFactory(), by=coordinator)
    resolved(PartyFactory(), building, by=coordinator)
    logged_case(building=building, by=coordinator)

    advice = advice_for(estate, building, item(), by=coordinator, at=NOW)

    [candidate] = [each for each in advice.candidates if each.party == party]
    assert (candidate.resolved, advice.resolved) == (2, 3)
    client.force_login(coordinator.user)
    page = client.get(candidate.cases_url)
    assert page.status_code == 200
    assert {row.case.pk for row in page.context["rows"]} == {case.pk for case in mine}


def test_precedents_come_most_alike_first_and_newest_first(coordinator: Membership, estate: Estate) -> None:
    building, older = BuildingFactory(estate=estate), NOW - timedelta(days=9)
    of_class = RulingFactory(estate=EstateFactory(), need_class=item().need_class, decided_at=NOW)
    sibling = RulingFactory(building=BuildingFactory(), need_item=item("3.2"), decided_at=older)
    old = RulingFactory(estate=EstateFactory(), need_item=item(), decided_at=older)
    new = RulingFactory(area=AreaFactory(), need_item=item(), decided_at=NOW)
    here = RulingFactory(estate=estate, need_item=item(), valid_until=older)
    RulingFactory(estate=EstateFactory(), need_item=item("1.1"))
    RulingFactory(estate=EstateFactory())
    RulingFactory(estate=EstateFactory(grid__area__code=ELSEWHERE), need_item=item())
    RulingFactory(estate=EstateFactory(), need_item=item(), valid_from=NOW + timedelta(days=1))
    withdraw_ruling(RulingFactory(estate=EstateFactory(), need_item=item()), by=coordinator)

    precedents = advice_for(estate, building, item(), by=coordinator, at=NOW).precedents

    assert [each.ruling for each in precedents] == [here, new, old, of_class, sibling]
    assert [each.likeness for each in precedents] == [
        Likeness.SAME_CELL, Likeness.SAME_ITEM, Likeness.SAME_ITEM, Likeness.SAME_CLASS, Likeness.SAME_CLASS,
    ]  # fmt: skip
    assert [each.place for each in precedents[:2]] == [str(estate), str(new.area)]


def test_precedent_speaks_for_the_party_it_named_and_else_for_its_kind(coordinator: Membership, estate: Estate) -> None:
    named, alike = PartyFactory(code="named"), PartyFactory(code="alike")
    stranger = MandateFactory(estate=estate, party__kind=Party.Kind.URBAN).party
    for number in range(6):  # the last one read is not among those shown
        RulingFactory(estate=EstateFactory(), need_item=item(), decided_at=NOW - timedelta(days=number), lead=alike)
    own = RulingFactory(estate=EstateFactory(), need_item=item(), decided_at=MONDAY - timedelta(days=9), lead=named)
    third = PartyFactory(code="third")

    advice = advice_for(estate, None, item(), by=coordinator, at=NOW)

    by_party = {each.party: each.precedent for each in advice.candidates}
    assert len(advice.precedents) == 5
    assert by_party[named].ruling == own
    assert by_party[third] == by_party[alike] == advice.precedents[0]
    assert by_party[stranger] is None


@pytest.mark.parametrize("count", [1, 3, MOST_CANDIDATES])
def test_advice_costs_five_queries(
    coordinator: Membership, estate: Estate, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    building = BuildingFactory(estate=estate)
    for _each in range(count):
        party = MandateFactory(estate=estate).party
        RulingFactory(estate=EstateFactory(), need_item=item(), lead=party)
    resolved(PartyFactory(kind=Party.Kind.OTHER), building, by=coordinator)
    asked = item()
    TownFactory()

    with django_assert_num_queries(5):
        advice = advice_for(estate, building, asked, by=coordinator, at=NOW)
        assert [each.place for each in advice.precedents]

    assert len(advice.candidates) == min(count + 1, MOST_CANDIDATES)


def test_party_that_disclaims_a_building_comes_last_there_and_nowhere_else(
    coordinator: Membership, estate: Estate
) -> None:
    here, there = BuildingFactory(estate=estate), BuildingFactory(estate=estate)
    party = MandateFactory(estate=estate, party__code="a-party", party__kind=Party.Kind.OTHER).party
    MandateFactory(building=here, party=party, role=Mandate.Role.DISCLAIM)
    resolved(party, here, by=coordinator)
    other = MandateFactory(estate=estate, role=Mandate.Role.SUPPORT, party__kind=Party.Kind.OTHER).party

    def candidates(building: Building) -> list[tuple[Party, bool]]:
        advice = advice_for(estate, building, item(), by=coordinator, at=NOW)
        return [(each.party, each.has_disclaimed) for each in advice.candidates]

    assert candidates(here) == [(other, False), (party, True)]
    assert candidates(there) == [(party, False), (other, False)]

"""Past cases asked again: which would not have had to wait, had the drafts held."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from cases.services.return_case import return_case
from cases.services.sweep_unowned import sweep_unowned
from cases.what_if_cases import Hindsight, cases_of_last_quarter
from stakeholders.drafts import draft_of
from stakeholders.models import Building, Mandate, Membership, Party, Ruling
from stakeholders.services.refresh_episodes import refresh_episodes
from stakeholders.what_if import Draft
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def building() -> Building:
    return BuildingFactory()


def lead(party: Party, building: Building, since: datetime = NOW) -> Draft:
    """A draft: from now on a party leads for everything at an estate."""
    return draft_of([Mandate(party=party, role="lead", estate=building.estate, valid_from=since)])


def numbers(hindsight: Hindsight) -> list[str]:
    return [case.number for case, _lead in hindsight.routed]


def test_hindsight_takes_drafts_as_if_they_had_always_held(coordinator: Membership, building: Building) -> None:
    case, party = logged_case(building=building, at=NOW - 9 * DAY), PartyFactory()

    seen = cases_of_last_quarter(lead(party, building, since=NOW + 99 * DAY), by=coordinator)

    assert seen == Hindsight(1, [(case, party)])


def test_hindsight_knows_vacuum_multi_head_and_backstop(coordinator: Membership, building: Building) -> None:
    first, second, _behind = (
        MandateFactory(estate=building.estate, item="1.1"),
        MandateFactory(estate=building.estate, item="1.1"),
        MandateFactory(estate=building.estate, item="2.1", role=Mandate.Role.BACKSTOP),
    )
    several, backed, nobody = (
        logged_case(building=building, need_item=item(code), at=NOW - days * DAY)
        for code, days in (("1.1", 1), ("2.1", 2), ("3.1", 3))
    )
    party = PartyFactory()
    ruling = Ruling(lead=party, estate=building.estate, valid_from=NOW, decided_at=NOW)

    assert numbers(cases_of_last_quarter(draft_of([], [ruling]), by=coordinator)) == [
        several.number,
        backed.number,
        nobody.number,
    ]
    assert numbers(cases_of_last_quarter(lead(party, building), by=coordinator)) == [backed.number, nobody.number]
    without = cases_of_last_quarter(draft_of([], without=[second]), by=coordinator)
    assert without.routed == [(several, first.party)]
    assert cases_of_last_quarter(Draft(), by=coordinator) == Hindsight(3, [])


def test_hindsight_looks_back_ninety_days_from_a_day_that_is_known(coordinator: Membership, building: Building) -> None:
    old, new = (logged_case(building=building, at=NOW - days * DAY) for days in (91, 89))
    draft = lead(PartyFactory(), building)

    def seen(at: datetime | None) -> list[str]:
        return numbers(cases_of_last_quarter(draft, by=coordinator, at=at))

    assert seen(None) == seen(NOW + 365 * DAY) == [new.number]
    assert seen(NOW - 30 * DAY) == [new.number, old.number]
    assert seen(NOW - 90 * DAY) == [old.number]


def test_hindsight_leaves_out_what_went_out_at_once(coordinator: Membership, building: Building) -> None:
    mandate = MandateFactory(estate=building.estate, item="3.1")
    returned, lost = (logged_case(building=building, at=NOW - 9 * DAY) for _each in range(2))
    return_case(returned, ground="不归我们", by=MembershipFactory(party=mandate.party), at=NOW - 8 * DAY)
    Party.objects.filter(pk=mandate.party_id).update(closed_at=NOW - 7 * DAY)
    sweep_unowned(at=NOW - 7 * DAY)

    assert not Case.objects.filter(lead__isnull=False).exists()
    assert cases_of_last_quarter(lead(PartyFactory(), building), by=coordinator) == Hindsight(0, [])
    assert lost.number != returned.number


def test_hindsight_does_not_boast_of_what_a_correction_has_settled(coordinator: Membership, building: Building) -> None:
    logged_case(building=building, at=NOW - 9 * DAY)
    MandateFactory(estate=building.estate, item="3.1", valid_from=NOW - 20 * DAY)
    ruling = Ruling(lead=PartyFactory(), estate=building.estate, valid_from=NOW, decided_at=NOW)

    assert cases_of_last_quarter(draft_of([], [ruling]), by=coordinator) == Hindsight(1, [])


def test_hindsight_leaves_out_cases_that_nobody_has_located(coordinator: Membership, building: Building) -> None:
    logged_case(building=building, need_item=None, at=NOW - DAY)

    assert cases_of_last_quarter(lead(PartyFactory(), building), by=coordinator) == Hindsight(0, [])


def test_hindsight_asks_about_the_moment_at_which_the_case_came(coordinator: Membership, building: Building) -> None:
    early, late = (logged_case(building=building, at=NOW - days * DAY) for days in (9, 7))
    MandateFactory(estate=building.estate, item="3.1", valid_from=NOW - 8 * DAY, valid_until=NOW - 6 * DAY)
    ruling = Ruling(lead=PartyFactory(), estate=building.estate, valid_from=NOW, decided_at=NOW)

    seen = cases_of_last_quarter(draft_of([], [ruling]), by=coordinator)

    assert (seen.considered, numbers(seen)) == (2, [early.number])
    assert late.reported_at > early.reported_at


def test_hindsight_takes_what_was_found_first(coordinator: Membership, building: Building) -> None:
    case = logged_case(building=building, at=NOW - 9 * DAY)
    MandateFactory.create_batch(2, estate=building.estate, item="3.1", valid_from=NOW - 8 * DAY)
    refresh_episodes()
    sweep_unowned(at=NOW - 7 * DAY)
    party = PartyFactory()

    seen = cases_of_last_quarter(lead(party, building), by=coordinator)

    assert [found.kind for found in case.findings.order_by("id")] == ["vacuum", "multi_head"]
    assert seen == Hindsight(1, [(case, party)])


def test_hindsight_counts_a_case_once(coordinator: Membership, building: Building) -> None:
    MandateFactory(estate=building.estate, item="3.1", role=Mandate.Role.BACKSTOP)
    case = logged_case(building=building, at=NOW - 9 * DAY)
    return_case(case, ground="不归我们", by=MembershipFactory(party=case.lead), at=NOW - 8 * DAY)

    seen = cases_of_last_quarter(lead(PartyFactory(), building), by=coordinator)

    assert (seen.considered, numbers(seen)) == (1, [case.number])


def test_hindsight_asks_about_the_common_area_apart(coordinator: Membership) -> None:
    estate, party = EstateFactory(), PartyFactory()
    building = BuildingFactory(estate=estate)
    common = logged_case(estate=estate, at=NOW - DAY)
    inside = logged_case(building=building, at=NOW - 2 * DAY)
    of_building = draft_of([Mandate(party=party, role="lead", building=building, valid_from=NOW)])

    assert numbers(cases_of_last_quarter(of_building, by=coordinator)) == [inside.number]
    assert numbers(cases_of_last_quarter(lead(party, building), by=coordinator)) == [common.number, inside.number]


def test_hindsight_gives_nothing_to_a_party_that_was_closed_down_before(
    coordinator: Membership, building: Building
) -> None:
    before, after = (logged_case(building=building, at=NOW - days * DAY) for days in (9, 7))
    party = PartyFactory(closed_at=NOW - 8 * DAY)
    ruling = Ruling(lead=party, estate=building.estate, valid_from=NOW - 20 * DAY, decided_at=NOW)

    claimed = cases_of_last_quarter(lead(party, building, since=NOW - 20 * DAY), by=coordinator)
    ruled = cases_of_last_quarter(draft_of([], [ruling]), by=coordinator)

    assert claimed == ruled == Hindsight(2, [(before, party)])
    assert after.reported_at > before.reported_at

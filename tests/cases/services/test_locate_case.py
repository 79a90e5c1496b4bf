"""Saying where and what a case is."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.services.locate_case import locate_case
from cases.services.sweep_clocks import sweep_clocks
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    HouseholdFactory,
    MandateFactory,
    MembershipFactory,
)

pytestmark = pytest.mark.django_db


def test_locate_case_routes_it_and_counts_from_when_it_was_opened() -> None:
    lead = MandateFactory(item="3.1").party
    case, building = logged_case(need_item=None), BuildingFactory()

    case = locate_case(
        case,
        estate=building.estate,
        building=building,
        need_item=item(),
        by=MembershipFactory(coordinator=True),
        at=MONDAY + timedelta(days=2),
    )

    assert (case.lead, case.responsibility, case.stage) == (lead, "held", "dispatched")
    assert (case.building, case.grid, case.area) == (building, building.grid, building.estate.area)
    assert case.resolve_due_at.isoformat() == "2026-11-17T17:30:00+08:00"
    assert building.name.split()[0] in case.search_text


def test_locate_case_settles_that_it_was_unlocated_and_overdue() -> None:
    case = logged_case(need_item=None)
    late = MONDAY + timedelta(days=16)
    assert sweep_clocks(at=late) == 1

    case = locate_case(
        case, estate=case.estate, need_item=item("11.2"), by=MembershipFactory(coordinator=True), at=late
    )

    assert [finding.kind for finding in case.findings.open()] == ["vacuum"]
    assert case.urgency == "C"
    assert sweep_clocks(at=late) == 1  # the reporter should have been called long ago
    sweep_clocks(at=late + timedelta(days=60))
    assert {finding.kind for finding in case.findings.open()} == {"vacuum", "uncontacted", "overdue"}


def test_locate_case_forgets_a_household_of_another_building() -> None:
    household = HouseholdFactory()
    case = logged_case(building=household.building, household=household, need_item=None)
    by = MembershipFactory(coordinator=True)

    kept = locate_case(case, estate=case.estate, building=case.building, need_item=item(), by=by)
    assert kept.household == household

    case = logged_case(building=household.building, household=household, need_item=None)
    assert locate_case(case, estate=case.estate, need_item=item(), by=by).household is None


def test_locate_case_refuses_another_area_and_a_strange_building() -> None:
    case = logged_case(need_item=None)
    by = MembershipFactory(coordinator=True, area=case.area)

    with pytest.raises(ValidationError, match="outside"):
        locate_case(case, estate=EstateFactory(), need_item=item(), by=by)
    with pytest.raises(ValidationError, match="not part"):
        locate_case(case, estate=case.estate, building=BuildingFactory(), need_item=item(), by=by)


def test_locate_case_is_for_coordinators() -> None:
    case = logged_case(need_item=None)

    with pytest.raises(PermissionDenied):
        locate_case(case, estate=case.estate, need_item=item(), by=MembershipFactory(grid_worker=True, grid=case.grid))

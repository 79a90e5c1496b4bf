"""What would become of a report before it is sent."""

from datetime import timedelta
from typing import Any

import pytest

from cases.foresight import foresee
from cases.models import Case
from stakeholders.models import Building, Membership
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def building() -> Building:
    return BuildingFactory()


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


def foreseen(building: Building, by: Membership, **given: Any) -> Any:
    asked = {"at": MONDAY + HOUR} | given | {"need_item": given.get("need_item") or item("3.1")}
    return foresee(estate=building.estate, building=building, by=by, **asked)


@pytest.mark.parametrize("leads", [0, 1, 2])
def test_what_is_foreseen_is_what_becomes_of_it(building: Building, coordinator: Membership, leads: int) -> None:
    for _each in range(leads):
        MandateFactory(item="3.1")

    found = foreseen(building, coordinator, at=MONDAY)
    case = logged_case(building=building, by=coordinator, at=MONDAY)

    assert (found.responsibility, found.lead, found.due_at) == (case.responsibility, case.lead, case.resolve_due_at)


def test_foreseeing_writes_nothing(building: Building, coordinator: Membership) -> None:
    MandateFactory(item="3.1")

    assert foreseen(building, coordinator).lead is not None
    assert not Case.objects.exists()


def test_known_are_open_cases_of_the_place_about_the_item_or_in_the_same_words(
    building: Building, coordinator: Membership
) -> None:
    same_item = logged_case(building=building, by=coordinator, at=MONDAY)
    same_words = logged_case(
        building=building, by=coordinator, need_item=None, title="垃圾桶满了没人管", at=MONDAY + HOUR / 2
    )
    logged_case(building=building, by=coordinator, need_item=item("4.1"), title="灭火器过期", at=MONDAY)
    logged_case(building=BuildingFactory(estate=building.estate), by=coordinator, at=MONDAY)
    logged_case(building=building, by=coordinator, at=MONDAY - timedelta(days=90))
    void = logged_case(building=building, by=coordinator, at=MONDAY)
    Case.objects.filter(pk=void.pk).update(stage="void")

    assert foreseen(building, coordinator, title="垃圾桶又满了").duplicates == [same_words, same_item]


def test_known_is_only_what_one_sees(building: Building, coordinator: Membership) -> None:
    logged_case(building=building, by=coordinator, at=MONDAY)

    assert foreseen(building, MembershipFactory(grid_worker=True)).duplicates == []


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.usefixtures("known_rules")
def test_foreseeing_costs_five_queries(
    building: Building, coordinator: Membership, rows: int, django_assert_num_queries: Any
) -> None:
    MandateFactory(item="3.1")
    for _each in range(rows):
        logged_case(building=building, by=coordinator, at=MONDAY)
    waste = item("3.1")

    with django_assert_num_queries(5):  # the edition of the rules, mandates, rulings, the party; the cases
        assert len(foreseen(building, coordinator, need_item=waste).duplicates) == rows

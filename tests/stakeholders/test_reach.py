"""Which cells a scope can change."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stakeholders.coverage import Scope
from stakeholders.models import Estate, NeedItem
from stakeholders.models.area import significant
from stakeholders.reach import Reach, reach_of
from tests.factories.cases import item
from tests.factories.stakeholders import BuildingFactory, EstateFactory

pytestmark = pytest.mark.django_db


def cells(reaches: list[Reach]) -> list[tuple[str, str]]:
    """Estate and item of every cell, as often as it is met."""
    return sorted((estate.code, each.code) for estates, items in reaches for estate in estates for each in items)


def test_scope_of_a_division_reaches_the_estates_in_it() -> None:
    inside = EstateFactory()
    EstateFactory()

    (reach,) = reach_of([Scope(area=significant(inside.area_id), need_item=item().pk)])

    assert cells([reach]) == [(inside.code, "3.1")]


def test_scope_of_a_building_reaches_its_estate() -> None:
    building = BuildingFactory()
    EstateFactory()

    assert cells(reach_of([Scope(building=building.pk, need_item=item().pk)])) == [(building.estate.code, "3.1")]


def test_scope_of_a_class_reaches_its_items_and_one_of_everything_all() -> None:
    estate = EstateFactory()

    of_class = reach_of([Scope(estate=estate.pk, need_class=item().need_class_id)])
    of_all = reach_of([Scope(estate=estate.pk)])

    assert cells(of_class) == [(estate.code, code) for code in ("3.1", "3.2", "3.3")]
    assert len(cells(of_all)) == NeedItem.objects.count()


def test_overlapping_scopes_meet_each_cell_once() -> None:
    estate, other = EstateFactory(), EstateFactory()
    scopes = [
        Scope(estate=estate.pk, need_item=item().pk),
        Scope(estate=estate.pk, need_class=item().need_class_id),
        Scope(area=significant(other.area_id), need_item=item().pk),
    ]

    found = cells(reach_of(scopes))

    assert found == sorted([(estate.code, code) for code in ("3.1", "3.2", "3.3")] + [(other.code, "3.1")])


def test_reach_stays_among_the_estates_that_are_asked_for() -> None:
    seen = EstateFactory()
    EstateFactory()
    everywhere = Scope(area="", need_item=item().pk)

    assert cells(reach_of([everywhere], Estate.objects.filter(pk=seen.pk))) == [(seen.code, "3.1")]


@pytest.mark.parametrize("count", [1, 3])
def test_reach_of_many_scopes_costs_as_much_as_of_one(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    scopes = [Scope(estate=EstateFactory().pk, need_item=item().pk) for _number in range(count)]

    with django_assert_num_queries(2):
        reach_of(scopes)


def test_reach_takes_more_places_than_a_database_takes_conditions() -> None:
    building = BuildingFactory()
    many = range(1, 3_000)
    scopes = [
        *(Scope(estate=building.estate_id + number) for number in many),
        *(Scope(building=building.pk + number, need_item=item().pk) for number in many),
        *(Scope(area=f"{number:012}") for number in many),
        Scope(building=building.pk, need_item=item().pk),
    ]

    assert cells(reach_of(scopes)) == [(building.estate.code, "3.1")]

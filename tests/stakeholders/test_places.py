"""Grids lie where they say they lie."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from stakeholders.models import Building, Estate
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    MembershipFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db


def test_estate_has_a_grid_of_its_own_community() -> None:
    estate, elsewhere = EstateFactory(), GridFactory()

    with pytest.raises(IntegrityError, match="estate_grid_lies_in_its_community"), transaction.atomic():
        Estate.objects.filter(pk=estate.pk).update(grid=elsewhere)
    estate.grid = elsewhere
    with pytest.raises(ValidationError, match="in the community"):
        estate.full_clean()


def test_building_has_a_grid_of_the_community_of_its_estate() -> None:
    building = BuildingFactory()
    neighbour = GridFactory(area=building.estate.area)

    Building(code="b", name="1", estate=building.estate, grid=neighbour).full_clean()
    with pytest.raises(ValidationError, match="in the community"):
        Building(code="b", name="1", estate=building.estate, grid=GridFactory()).full_clean()


@pytest.mark.parametrize(
    "area",
    [
        lambda grid: grid.area,
        lambda grid: TownFactory(),
        lambda grid: AreaFactory(code="379926000000"),
        lambda grid: AreaFactory(code="379900000000"),
        lambda grid: AreaFactory(code="370000000000"),
    ],
)
def test_membership_may_have_a_grid_inside_its_area(area: Callable[[Any], Any]) -> None:
    grid = GridFactory()

    membership = MembershipFactory(grid_worker=True, grid=grid, area=area(grid))

    membership.full_clean()


@pytest.mark.parametrize("code", ["379926102000", "379927000000", "379800000000", "380000000000", "379926101999"])
def test_membership_has_no_grid_outside_its_area(code: str) -> None:
    grid = GridFactory(area=AreaFactory(code="379926101001"))

    with pytest.raises(IntegrityError, match="membership_grid_lies_in_its_area"), transaction.atomic():
        MembershipFactory(grid_worker=True, grid=grid, area=AreaFactory(code=code))

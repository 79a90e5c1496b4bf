"""What the rows of a ledger may name is known by code and name."""

import pytest
from django.core.exceptions import ValidationError

from cases.importing.directory import Directory
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    PartyFactory,
    TownFactory,
)


@pytest.mark.django_db
def test_directory_knows_the_places_of_its_area_only() -> None:
    town, other_town = TownFactory(), TownFactory(code="379926102000")
    building = BuildingFactory(name="3 栋", estate__name="东湖新苑")
    BuildingFactory(estate=building.estate, name="4 栋")
    foreign = EstateFactory(grid=GridFactory(area=AreaFactory(code="379926102001")), name="西湖新苑")

    directory, other = Directory(town), Directory(other_town)

    assert directory.estates.find("东湖新苑") == building.estate
    assert directory.buildings_of(building.estate).find("3栋") == building
    assert other.estates.find("西湖新苑") == foreign
    for lookup in (directory.estates, directory.buildings_of(foreign), other.buildings_of(building.estate)):
        with pytest.raises(ValidationError):
            lookup.find("西湖新苑" if lookup is directory.estates else "3栋")


@pytest.mark.django_db
def test_directory_knows_parties_of_its_area_and_of_the_divisions_above() -> None:
    town, other_town = TownFactory(), TownFactory(code="379926102000")
    county = AreaFactory(code=f"{town.code[:6]}000000")
    here = PartyFactory(name="物业", area=AreaFactory(code=f"{town.code[:9]}001"))
    above = PartyFactory(name="住建局", area=county)
    PartyFactory(name="物业", area=other_town)
    PartyFactory(name="城管", code="far", area=AreaFactory(code="110105001001"))

    parties = Directory(town).parties

    assert (parties.find("物业"), parties.find("住建局")) == (here, above)
    for far in ("城管", "far"):
        with pytest.raises(ValidationError, match="is not known here"):
            parties.find(far)


@pytest.mark.django_db
def test_directory_knows_items_by_code_and_name() -> None:
    items = Directory(TownFactory()).items

    assert items.find("3.1") == items.find("垃圾分类与清运")

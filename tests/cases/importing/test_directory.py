"""Names in a ledger are found however their blanks and widths are typed, and never guessed."""

import pytest
from django.core.exceptions import ValidationError

from cases.importing.directory import Directory, NameIndex
from stakeholders.models import Party
from tests.cases.importing.files import WIDE
from tests.factories.stakeholders import AreaFactory, BuildingFactory, EstateFactory, GridFactory, TownFactory


@pytest.mark.parametrize("word", ["aj-01", "AJ-01", "aj-01".translate(WIDE), "安居物业", "安居 物业", " 安居物业\n"])
def test_find_goes_by_code_and_name(word: str) -> None:
    party = Party(code="aj-01", name="安居物业")

    assert NameIndex([party, Party(code="aj-02", name="安居物业二部")]).find(word) is party


def test_find_of_nothing_is_nothing() -> None:
    assert NameIndex([Party(code="a", name="甲")]).find(" ") is None


@pytest.mark.parametrize("word", ["安居", "安居物业公司", "长" * 1000])
def test_find_refuses_what_is_not_known(word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NameIndex([Party(code="a", name="安居物业")]).find(word)

    assert len(refused.value.messages[0]) < 100


def test_find_refuses_the_name_of_several_but_takes_their_codes() -> None:
    first, second = Party(code="a", name="安居物业"), Party(code="b", name="安居物业")
    index = NameIndex([first, second])

    with pytest.raises(ValidationError):
        index.find("安居物业")
    assert index.find("b") is second


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
def test_directory_knows_items_by_code_and_name() -> None:
    items = Directory(TownFactory()).items

    assert items.find("3.1") == items.find("垃圾分类与清运")

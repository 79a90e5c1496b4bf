"""Places, parties and people by what they are called."""

import pytest

from stakeholders.models import Building, Estate, Membership, Party, Resident
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    MembershipFactory,
    PartyFactory,
    ResidentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("said", ["东湖", "湖 新", "east", "EAST lake", "dh-1", "东湖新居·"])
def test_estate_goes_by_its_names_and_its_code(said: str) -> None:
    estate = EstateFactory(name="东湖新居", name_en="East Lake", code="dh-1")
    EstateFactory(name="西湖苑", name_en="West", code="xh-2")

    assert list(Estate.objects.matching(said)) == [estate]


@pytest.mark.parametrize("said", ["东湖 3 栋", "东湖新居3栋", "3栋", "lake 3", "dh-1-3"])
def test_building_goes_by_its_name_with_that_of_its_estate(said: str) -> None:
    estate = EstateFactory(name="东湖新居", name_en="East Lake", code="dh-1")
    building = BuildingFactory(estate=estate, name="3 栋", code="dh-1-3")
    BuildingFactory(estate=estate, name="4 栋", code="dh-1-4")

    assert list(Building.objects.matching(said)) == [building]


def test_estate_named_alone_does_not_mean_all_of_its_buildings() -> None:
    BuildingFactory(estate=EstateFactory(name="东湖新居"), name="3 栋")

    assert not Building.objects.matching("东湖").exists()


@pytest.mark.parametrize("said", ["安居", "anju prop", "anju-1"])
def test_party_goes_by_its_names_and_its_code(said: str) -> None:
    party = PartyFactory(name="安居物业", name_en="Anju Property", code="anju-1")
    PartyFactory(name="镇政府", name_en="Town", code="town")

    assert list(Party.objects.matching(said)) == [party]


def test_member_goes_by_any_part_of_the_name() -> None:
    member = MembershipFactory(user__name="周敏")
    MembershipFactory(user__name="陈立军")

    assert list(Membership.objects.matching("敏")) == [member]


def test_members_are_seen_with_their_parties() -> None:
    town = MembershipFactory(user__name="镇里")
    community = AreaFactory()
    inside = MembershipFactory(user__name="本社区", party__area=community, area=community)
    elsewhere = MembershipFactory(user__name="别的社区", party__area=AreaFactory())
    actor = MembershipFactory(area=community, party__area=community)

    assert set(Membership.objects.visible_to(actor)) == {town, inside, actor}
    assert set(Membership.objects.visible_to(town)) == {town, inside, elsewhere, actor}


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        *[("刘桂兰", True), (" 刘桂兰", True), ("2607", True)],
        *[("刘", False), ("桂兰", False), ("刘桂", False), ("刘**", False)],
        *[("260", False), ("607", False), ("0000", False), ("02607", False), ("13800002607", False), ("138", False)],
    ],
)
def test_resident_goes_by_the_full_name_and_the_end_of_the_number_alone(said: str, is_found: bool) -> None:
    ResidentFactory(name="刘桂兰", phone="13800002607")

    assert Resident.objects.meant_by(said).exists() == is_found


def test_resident_whose_number_is_too_short_to_be_masked_is_not_found_by_it() -> None:
    ResidentFactory(phone="8002607")

    assert not Resident.objects.meant_by("2607").exists()

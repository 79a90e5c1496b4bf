"""Whose area is all that there is."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stakeholders.policies import is_of_the_whole_installation
from tests.factories.stakeholders import AreaFactory, EstateFactory, MembershipFactory, TownFactory

pytestmark = pytest.mark.django_db
COUNTY, OTHER_TOWN, OTHER_PROVINCE = "379926000000", "379926102001", "440106001001"


def test_everybody_is_of_the_whole_installation_before_there_is_an_estate() -> None:
    assert is_of_the_whole_installation(MembershipFactory(area=AreaFactory()))


def test_divisions_without_an_estate_are_not_in_use() -> None:
    here = EstateFactory()
    for code in (COUNTY, OTHER_TOWN, OTHER_PROVINCE):
        AreaFactory(code=code)

    assert is_of_the_whole_installation(MembershipFactory(area=here.area))


@pytest.mark.parametrize("elsewhere", [OTHER_TOWN, OTHER_PROVINCE, "110101001001"])
def test_one_estate_elsewhere_makes_an_area_a_part(elsewhere: str) -> None:
    EstateFactory()
    in_town = MembershipFactory(area=TownFactory())
    assert is_of_the_whole_installation(in_town)

    EstateFactory(grid__area__code=elsewhere)

    assert not is_of_the_whole_installation(in_town)
    above = MembershipFactory(area=AreaFactory(code=COUNTY))
    assert is_of_the_whole_installation(above) == elsewhere.startswith("379926")


@pytest.mark.parametrize("count", [1, 3])
def test_it_is_one_question_however_many_estates_there_are(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    EstateFactory.create_batch(count)
    by = MembershipFactory()

    with django_assert_num_queries(1):
        assert is_of_the_whole_installation(by)

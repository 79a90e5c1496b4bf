"""Figures in groups: each group says what one would get by asking for it alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.breakdown import By, Group, breakdown
from cases.days import Days
from cases.measures import MEASURES, Measure, figures
from cases.models import Case, Rating
from cases.services.sign_for_case import sign_for_case
from cases.worktime import ZONE
from stakeholders.models import Party
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
AUTUMN = Days.read("2026-10-10", "2026-12-05")
LATER = datetime(2027, 2, 1, tzinfo=ZONE)


@pytest.fixture
def town() -> list[Case]:
    """Cases of two estates, three months, two parties and nobody, one not yet classified."""
    by = MembershipFactory(coordinator=True)
    one, two = BuildingFactory(), BuildingFactory(estate=EstateFactory())
    waste = MandateFactory(item="3.1")
    lifts = MandateFactory(item="5.1")
    cases = [
        logged_case(building=one, by=by, at=MONDAY.replace(month=10, day=9)),  # before the period
        logged_case(building=one, by=by, at=MONDAY.replace(month=10, day=20)),
        logged_case(building=two, by=by, at=MONDAY),
        logged_case(building=two, by=by, at=MONDAY, need_item=item("5.1")),
        logged_case(building=two, by=by, at=MONDAY.replace(month=12, day=2), need_item=item("4.1")),
        logged_case(building=one, by=by, at=MONDAY, need_item=None),
    ]
    for case, mandate in ((cases[2], waste), (cases[3], lifts)):
        sign_for_case(case, by=MembershipFactory(party=mandate.party), at=MONDAY + timedelta(minutes=20))
    for cycle, (month, solved) in enumerate([(10, False), (11, False), (11, True)]):
        Rating.objects.create(case=cases[1], cycle=cycle, solved=solved, at=MONDAY.replace(month=month, day=20 + cycle))
    return cases


def numbers(found: Any) -> list[tuple[str, int, int]]:
    return [(each.measure.key, each.numerator, each.denominator) for each in found]


def broken_down(by: By, *measures: Measure, days: Days = AUTUMN) -> list[Group]:
    return breakdown(Case.objects.all(), days, measures or MEASURES.values(), by, at=LATER)


def alone(cases: Any, days: Days = AUTUMN, *measures: Measure) -> Any:
    return figures(cases, replace(days.period, at=LATER), measures or MEASURES.values())


def narrowed(by: By, code: str | None) -> Any:
    field = {By.PARTY: "lead", By.NEED_ITEM: "need_item", By.ESTATE: "estate"}[by]
    return Case.objects.filter(**({f"{field}__code": code} if code else {f"{field}__isnull": True}))


@pytest.mark.parametrize("by", [By.PARTY, By.NEED_ITEM, By.ESTATE])
def test_group_says_what_it_says_alone(town: list[Case], by: By) -> None:
    groups = broken_down(by)

    codes = [each.code for each in groups]
    assert codes == sorted(filter(None, codes)) + [None] * (None in codes)
    assert len(codes) == {By.PARTY: 3, By.NEED_ITEM: 4, By.ESTATE: 2}[by]
    for group in groups:
        assert numbers(group.figures) == numbers(alone(narrowed(by, group.code)))


def test_month_says_what_it_says_alone(town: list[Case]) -> None:
    groups = broken_down(By.MONTH)

    assert [each.code for each in groups] == ["2026-10", "2026-11", "2026-12"]
    assert [each.days for each in groups] == AUTUMN.months()
    for group in groups:
        assert numbers(group.figures) == numbers(alone(Case.objects.all(), group.days))


def test_month_counts_the_last_answer_of_each_month(town: list[Case]) -> None:
    october, november, december = broken_down(By.MONTH, MEASURES["resolution"])

    assert numbers(october.figures) == [("resolution", 0, 1)]
    assert numbers(november.figures) == [("resolution", 1, 1)]
    assert numbers(december.figures) == [("resolution", 0, 0)]
    assert numbers(alone(Case.objects.all(), AUTUMN, MEASURES["resolution"])) == [("resolution", 1, 1)]


def test_month_without_a_case_is_there(town: list[Case]) -> None:
    groups = broken_down(By.MONTH, MEASURES["valid"], days=Days.read("2026-01-01", "2027-01-01"))

    assert [numbers(each.figures)[0][2] for each in groups] == [0] * 9 + [2, 3, 1]


def test_group_has_its_name(town: list[Case]) -> None:
    groups = broken_down(By.PARTY, MEASURES["valid"])

    assert {each.code: each.name for each in groups} == {
        **{party.code: str(party) for party in Party.objects.filter(code__in=[each.code for each in groups])},
        None: None,
    }


@pytest.mark.parametrize(("by", "count"), [(By.PARTY, 9), (By.NEED_ITEM, 9), (By.ESTATE, 9), (By.MONTH, 8)])
def test_breakdown_asks_once_for_each_base(
    town: list[Case], by: By, count: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(count):
        broken_down(by)

"""What is found, and by whom."""

import pytest

from settle_gov.web.search import find as finding
from settle_gov.web.search.find import find
from stakeholders.models import Membership
from tests.factories.cases import logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    GridFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    ResidentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True, user__name="周敏", party__name="镇政府", party__name_en="")


def found(said: str, by: Membership, only: str = "") -> dict[str, list[str]]:
    """The names of what is found, by kind."""
    return {
        group.kind.key: ["".join(text for text, _said in hit.title) for hit in group.hits]
        for group in find(said, by=by, only=only)
    }


def facts(said: str, by: Membership) -> list[str]:
    """What stands beside the one thing that is found."""
    [group] = find(said, by=by)
    [hit] = group.hits
    return ["".join(text for text, _said in fact) for fact in hit.facts]


def test_one_word_finds_every_kind(coordinator) -> None:
    estate = EstateFactory(name="东湖新居", name_en="")
    PartyFactory(name="东湖社区", name_en="")
    MembershipFactory(user__name="王东湖")
    logged_case(title="垃圾", estate=estate)

    assert found("东湖", coordinator) == {
        "cases": ["垃圾"],
        "places": ["东湖新居"],
        "parties": ["东湖社区"],
        "people": ["王东湖"],
    }
    assert found("东湖", coordinator, only="places") == {"places": ["东湖新居"]}


@pytest.mark.parametrize("said", ["", "  ", "。，！", "没有的东西"])
def test_nothing_is_found_by_nothing(coordinator, said: str) -> None:
    logged_case()

    assert found(said, coordinator) == {}


def test_case_is_shown_with_state_place_number_party_and_stage(coordinator) -> None:
    building = BuildingFactory(name="3 栋", estate__name="东湖新居", estate__name_en="")
    alone = logged_case(title="路灯不亮", building=building)
    assert facts("路灯", coordinator) == ["Vacuum", "东湖新居 3 栋", alone.number, "Opened"]

    MandateFactory(item="3.1", party__name="安居物业", party__name_en="")
    held = logged_case(title="垃圾满溢", building=building)
    assert facts("垃圾满溢", coordinator) == ["东湖新居 3 栋", held.number, "安居物业", "Dispatched"]


def test_case_says_where_the_reporter_is_why_it_was_found(coordinator) -> None:
    case = logged_case(reporter_name="刘桂兰", reporter_phone="13800002607", location_note="2607 旁")

    assert facts("2607", coordinator)[-1] == "reporter 138****2607"
    assert facts(case.number, coordinator)[-1] == "Opened"


def test_case_found_by_a_word_does_not_tell_the_number_to_who_may_not_look_it_up() -> None:
    logged_case(title="门牌 2607", reporter_name="刘桂兰", reporter_phone="13800002607")

    assert facts("2607", MembershipFactory(auditor=True))[-1] == "Opened"


def test_resident_is_shown_masked_with_the_dwelling(coordinator) -> None:
    building = BuildingFactory(name="3 栋", estate__name="东湖新居", estate__name_en="")
    ResidentFactory(name="刘桂兰", phone="13800002607", household__building=building)

    assert found("刘桂兰", coordinator) == {"people": ["刘**"]}
    assert facts("2607", coordinator) == ["Resident", "东湖新居 3 栋 1-302", "138****2607"]


@pytest.mark.parametrize(
    ("role", "is_told"),
    [("coordinator", True), ("administrator", True), ("auditor", False), ("api_client", False), ("handler", False)],
)
def test_residents_are_found_by_who_may_look_them_up_or_keeps_the_registers(role: str, is_told: bool) -> None:
    ResidentFactory(name="刘桂兰")

    assert found("刘桂兰", MembershipFactory(role=role)) == ({"people": ["刘**"]} if is_told else {})


def test_each_kind_keeps_to_what_is_seen() -> None:
    here, elsewhere = GridFactory(), GridFactory()
    worker = MembershipFactory(grid_worker=True, grid=here, area=here.area, party__area=here.area)
    for grid in (here, elsewhere):
        building = BuildingFactory(name="东湖楼", estate=EstateFactory(name=f"东湖{grid.code}", name_en="", grid=grid))
        logged_case(title=f"东湖的事{grid.code}", building=building)
        PartyFactory(name=f"东湖居委会{grid.code}", name_en="", area=grid.area)
        MembershipFactory(user__name=f"东湖人{grid.code}", party__area=grid.area)
        ResidentFactory(name="刘桂兰", phone="13800002607", household__building=building)

    assert found("东湖", worker) == {
        "cases": [f"东湖的事{here.code}"],
        "places": [f"东湖{here.code}", f"东湖{here.code} 东湖楼"],
        "parties": [f"东湖居委会{here.code}"],
        "people": [f"东湖人{here.code}"],
    }
    assert found("2607", worker) == {"people": ["刘**"]}


def test_people_who_left_and_programs_are_no_members(coordinator) -> None:
    MembershipFactory(user__name="王东湖", user__is_active=False)
    MembershipFactory(user__name="东湖热线", api_client=True)

    assert found("东湖", coordinator) == {}


def test_rest_of_a_kind_has_an_address(coordinator, monkeypatch) -> None:
    monkeypatch.setattr(finding, "MOST", 2)
    monkeypatch.setattr(finding, "MOST_OF_ONE", 2)
    for number in range(3):
        estate = EstateFactory(name=f"东湖{number}")
        logged_case(title="东湖的事", estate=estate)
        PartyFactory(name="东湖物业")
        MembershipFactory(user__name="王东湖")

    groups = find("东湖", by=coordinator)
    alone = [find("东湖", by=coordinator, only=kind.kind.key)[0] for kind in groups]

    assert [(len(group.hits), group.has_more) for group in groups + alone] == [(2, True)] * 8
    assert [group.more for group in groups] == [
        "/search/?q=%E4%B8%9C%E6%B9%96&kind=places",
        "/cases/?q=%E4%B8%9C%E6%B9%96",
        "/parties/?q=%E4%B8%9C%E6%B9%96",
        "/search/?q=%E4%B8%9C%E6%B9%96&kind=people",
    ]
    assert [group.more for group in alone] == ["", groups[1].more, groups[2].more, ""]

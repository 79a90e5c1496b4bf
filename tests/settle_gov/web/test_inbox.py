"""The coordinator's inbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.services.return_case import return_case
from cases.services.sweep_overdue import sweep_overdue
from stakeholders.models import Mandate
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import BuildingFactory, GridFactory, MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return MembershipFactory(coordinator=True)


@pytest.fixture
def building():
    return BuildingFactory()


def rows(answer) -> list[tuple[str, str]]:
    return [(matter.case.title, matter.cause) for matter in answer.context["matters"]]


@pytest.mark.parametrize("given", [{}, {"grid_worker": True}, {"auditor": True}, {"administrator": True}])
def test_inbox_is_for_coordinators(signed_in, given):
    assert signed_in(MembershipFactory(**given)).get("/inbox/").status_code == 403


def test_inbox_says_that_all_is_done(signed_in, coordinator):
    assert "All done" in signed_in(coordinator).get("/inbox/").content.decode()


def test_inbox_says_why_each_matter_waits(signed_in, coordinator, building):
    anju, urban, town = (PartyFactory(name_en=name) for name in ("Anju", "Urban Management", "Town"))
    MandateFactory(party=town, item="3.3", role=Mandate.Role.BACKSTOP)
    MandateFactory(party=anju, item="3.1")
    MandateFactory(party=urban, item="3.1")
    MandateFactory(party=anju, item="4.1")
    for title, code in [("vacuum", "3.2"), ("backstop", "3.3"), ("multi-head", "3.1"), ("returned", "4.1")]:
        case = logged_case(title=title, building=building, need_item=item(code), by=coordinator)
    return_case(case, ground="not ours", by=MembershipFactory(party=anju))
    logged_case(title="somewhere", building=building, need_item=None, by=coordinator)

    answer = signed_in(coordinator).get("/inbox/")

    assert rows(answer) == [
        ("vacuum", "Nobody answers for this here"),
        ("returned", "Anju returned it; nobody has it now"),
        ("multi-head", "2 parties lead: Anju, Urban Management"),
        ("backstop", "Nobody leads; Town stands behind"),
        ("somewhere", "Place or item is not known yet"),
    ]
    assert [tab.count for tab in answer.context["tabs"]] == [2, 1, 1, 1, 0]


def test_inbox_keeps_what_is_overdue_in_a_tab_of_its_own(signed_in, coordinator, building):
    MandateFactory(party__name_en="Anju")
    logged_case(title="held", building=building, by=coordinator)
    sweep_overdue(at=MONDAY + timedelta(days=60))
    browser = signed_in(coordinator)

    assert rows(browser.get("/inbox/")) == []
    assert rows(browser.get("/inbox/?kind=overdue")) == [("held", "Past the deadline, in the hands of Anju")]


def test_inbox_shows_the_longest_wait_first(signed_in, coordinator, building):
    for hours in (2, 30, 5):
        at = timezone.now() - timedelta(hours=hours)
        logged_case(title=f"{hours} h", building=building, by=coordinator, at=at)

    answer = signed_in(coordinator).get("/inbox/?kind=vacuum")

    assert [matter.case.title for matter in answer.context["matters"]] == ["30 h", "5 h", "2 h"]
    assert answer.context["matters"][1].age == "5 h"


def test_inbox_leads_to_the_case(signed_in, coordinator, building):
    case = logged_case(building=building, by=coordinator)

    assert f'href="{case.get_absolute_url()}"' in signed_in(coordinator).get("/inbox/").content.decode()


def test_inbox_never_shows_what_is_outside_the_area(signed_in, building):
    other = GridFactory()
    logged_case(building=building)

    answer = signed_in(MembershipFactory(coordinator=True, area=other.area)).get("/inbox/")

    assert (rows(answer), answer.context["to_decide"], answer.context["page"].waiting) == ([], 0, 0)


@pytest.mark.parametrize("kind", ["nonsense", "held", "' OR 1=1"])
def test_inbox_knows_no_other_kind(signed_in, coordinator, kind):
    assert signed_in(coordinator).get("/inbox/", {"kind": kind}).status_code == 404


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_inbox_goes_on_behind_the_last_one_of_the_page_before(signed_in, coordinator, building, monkeypatch, size):
    monkeypatch.setattr("settle_gov.web.inbox.PAGE_SIZE", size)
    for title in ("a", "b", "c"):  # reported in the same moment
        logged_case(title=title, building=building, by=coordinator)
        logged_case(title=f"unlocated {title}", building=building, by=coordinator, need_item=None)
    browser, address, shown = signed_in(coordinator), "/inbox/", []

    while address:
        answer = browser.get(address)
        assert len(rows(answer)) <= size
        shown += [title for title, _cause in rows(answer)]
        address = answer.context["next"]

    assert shown == ["a", "b", "c", "unlocated a", "unlocated b", "unlocated c"]


def test_inbox_keeps_the_kind_from_page_to_page(signed_in, coordinator, building, monkeypatch):
    monkeypatch.setattr("settle_gov.web.inbox.PAGE_SIZE", 1)
    for title in ("a", "b"):
        logged_case(title=title, building=building, by=coordinator)
        logged_case(building=building, by=coordinator, need_item=None)
    browser = signed_in(coordinator)

    answer = browser.get(browser.get("/inbox/?kind=vacuum").context["next"])

    assert (rows(answer)[0][0], answer.context["first"], answer.context["next"]) == ("b", "/inbox/?kind=vacuum", "")


@pytest.mark.parametrize("key", ["2", "x.1.1", "vacuum.1", "vacuum.x.1", "vacuum.-99999999999999999.1", "a\0b"])
def test_inbox_knows_no_other_page(signed_in, coordinator, key):
    assert signed_in(coordinator).get("/inbox/", {"after": key}).status_code == 400


def test_inbox_counts_to_a_cap(signed_in, coordinator, building, monkeypatch):
    monkeypatch.setattr("settle_gov.web.waiting.CAP", 2)
    for _ in range(3):
        logged_case(building=building, by=coordinator)

    page = signed_in(coordinator).get("/inbox/").content.decode()

    assert "1+ matters for you to decide" in page
    assert 'Vacuum&nbsp;<span class="count">1+</span>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_costs_the_same_for_any_number_of_rows(signed_in, coordinator, django_assert_num_queries, count):
    MandateFactory(item="3.1")
    MandateFactory(item="3.1")
    for _ in range(count):
        logged_case(by=coordinator)
        logged_case(by=coordinator, need_item=None)
    browser = signed_in(coordinator)

    # session, user, membership · two for the bar · how much of each kind · two piles · cases, evidence, names
    with django_assert_num_queries(15):
        browser.get("/inbox/")


def test_inbox_leads_straight_to_the_ruling_where_one_would_help(signed_in, coordinator, building):
    MandateFactory(item="3.1")
    logged_case(title="held", building=building, by=coordinator)
    logged_case(title="vacuum", building=building, need_item=item("3.2"), by=coordinator)
    logged_case(title="shared", estate=building.estate, building=None, need_item=item("4.1"), by=coordinator)
    logged_case(title="somewhere", building=building, need_item=None, by=coordinator)
    sweep_overdue(at=MONDAY + timedelta(days=60))
    browser = signed_in(coordinator)

    estate = building.estate.code
    assert [(each.case.title, each.ruling_url) for each in browser.get("/inbox/").context["matters"]] == [
        ("vacuum", f"/duties/{estate}/3.2/?building={building.code}#rule"),
        ("shared", f"/duties/{estate}/4.1/?building=#rule"),
        ("somewhere", ""),
    ]
    assert {each.ruling_url for each in browser.get("/inbox/?kind=overdue").context["matters"]} == {""}

"""The coordinator's inbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case, Finding, StatutoryRule
from cases.services.claim_case import claim_case
from cases.services.disclaim_case import disclaim_case
from cases.services.extend_case import extend_case
from cases.services.hold_case import hold_case
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.sweep_clocks import sweep_clocks
from cases.worktime import Unit
from settle_gov.web import waiting
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
    assert [(tab.kind, tab.count) for tab in answer.context["tabs"] if tab.count] == [
        ("vacuum", 2),
        ("multi_head", 1),
        ("backstop", 1),
        ("unlocated", 1),
    ]


def test_inbox_keeps_what_is_overdue_in_a_tab_of_its_own(signed_in, coordinator, building):
    MandateFactory(party__name_en="Anju")
    logged_case(title="held", building=building, by=coordinator)
    sweep_clocks(at=MONDAY + timedelta(days=60))
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

    # session, user, membership · two for the bar · how much of each of ten kinds · two piles · cases, evidence, names
    with django_assert_num_queries(20):
        browser.get("/inbox/")


def test_inbox_leads_straight_to_the_ruling_where_one_would_help(signed_in, coordinator, building):
    MandateFactory(item="3.1")
    logged_case(title="held", building=building, by=coordinator)
    logged_case(title="vacuum", building=building, need_item=item("3.2"), by=coordinator)
    logged_case(title="shared", estate=building.estate, building=None, need_item=item("4.1"), by=coordinator)
    logged_case(title="somewhere", building=building, need_item=None, by=coordinator)
    sweep_clocks(at=MONDAY + timedelta(days=60))
    browser = signed_in(coordinator)

    estate = building.estate.code
    assert [(each.case.title, each.ruling_url) for each in browser.get("/inbox/").context["matters"]] == [
        ("vacuum", f"/duties/{estate}/3.2/?building={building.code}#rule"),
        ("shared", f"/duties/{estate}/4.1/?building=#rule"),
        ("somewhere", ""),
    ]
    assert {each.ruling_url for each in browser.get("/inbox/?kind=overdue").context["matters"]} == {""}


@pytest.fixture
def anju(building):
    return MembershipFactory(party=MandateFactory(party__name_en="Anju", item="3.1").party)


def disputed(coordinator, building, anju, title="disputed"):
    """A case that came back twice on a Monday."""
    case = logged_case(title=title, building=building, by=coordinator)
    works = MembershipFactory(party__name_en="Works")
    return_case(case, ground="x", by=anju, at=MONDAY)
    reassign_case(case, lead=works.party, reason="x", by=coordinator, at=MONDAY)
    return return_case(case, ground="y", by=works, at=MONDAY)


def test_inbox_says_who_has_to_settle_a_dispute_and_by_when(signed_in, coordinator, building, anju):
    case = disputed(coordinator, building, anju)

    answer = signed_in(coordinator).get("/inbox/?kind=disputed")

    assert rows(answer) == [("disputed", "Anju, Works dispute it; Town office has to settle it by 18 Nov 17:30")]
    page = answer.content.decode()
    assert f'href="/cases/{case.number}/actions/rule/"' in page
    assert f'href="/duties/{building.estate.code}/3.1/?building={building.code}#rule"' in page


def test_inbox_says_where_a_dispute_has_no_level_above(signed_in, coordinator, building, anju):
    disputed(coordinator, building, anju).disputes.update(level_due_at=None)

    assert rows(signed_in(coordinator).get("/inbox/")) == [
        ("disputed", "Anju, Works dispute it, and there is no level above")
    ]


def test_inbox_shows_what_goes_back_and_forth_once(signed_in, coordinator, building, anju):
    handed = logged_case(title="handed on", building=building, by=coordinator)
    for name in ("Greens", "Works", "Office"):
        reassign_case(handed, lead=PartyFactory(name_en=name), reason="x", by=coordinator, at=MONDAY)
    case = disputed(coordinator, building, anju)
    reassign_case(case, lead=PartyFactory(), reason="x", by=coordinator, at=MONDAY)
    browser = signed_in(coordinator)

    assert Finding.objects.open().filter(kind="ping_pong").count() == 2
    assert rows(browser.get("/inbox/?kind=ping_pong")) == [
        ("handed on", "Returned 0×, handed on 3×; Office has it now")
    ]
    answer = browser.get("/inbox/")
    assert [title for title, _cause in rows(answer)] == ["disputed", "handed on"]
    assert answer.context["to_decide"] == answer.context["page"].waiting == 2


def test_inbox_leads_to_the_decision_on_what_is_asked_for(signed_in, coordinator, building, anju):
    for title in ("longer", "until", "hold"):
        sign_for_case(logged_case(title=title, building=building, by=coordinator), by=anju, at=MONDAY)
    cases = {case.title: case for case in Case.objects.all()}
    until = MONDAY + timedelta(days=3)
    extend_case(cases["longer"], amount=5, unit=Unit.WORKING_DAY, reason="等路面材料", by=anju, at=MONDAY)
    extend_case(cases["until"], until=until, reason="下雨", by=anju, at=MONDAY + timedelta(minutes=1))
    hold_case(cases["hold"], until=until, reason="列入计划", by=anju, at=MONDAY + timedelta(minutes=2))

    answer = signed_in(coordinator).get("/inbox/")

    assert rows(answer) == [
        ("longer", "Anju asks for 5 working days more: 等路面材料"),
        ("until", "Anju asks to move the deadline to 19 Nov 09:14: 下雨"),
        ("hold", "Anju asks to put it on hold until 19 Nov 09:14: 列入计划"),
    ]
    assert answer.context["to_decide"] == answer.context["page"].waiting == 3
    assert [matter.decide_url.split("/actions/")[1] for matter in answer.context["matters"]] == [
        "decide_extension/",
        "decide_extension/",
        "decide_hold/",
    ]


def test_inbox_keeps_what_laws_and_supervision_watch_in_tabs_of_their_own(signed_in, coordinator, building, anju):
    listed = logged_case(title="listed", building=building, by=coordinator)
    Case.objects.filter(pk=listed.pk).update(listed_at=MONDAY)
    nobody = logged_case(title="late by law", building=building, need_item=item("3.2"), by=coordinator)
    rule = StatutoryRule.objects.create(code="x", name="x", article="y", amount=1, unit=Unit.CALENDAR_DAY)
    start_statutory_timer(nobody, rule=rule, by=coordinator, at=MONDAY)
    sweep_clocks(at=MONDAY + timedelta(days=3))
    browser = signed_in(coordinator)

    assert [title for title, _cause in rows(browser.get("/inbox/"))] == ["late by law"]  # as a vacuum
    assert rows(browser.get("/inbox/?kind=listed")) == [("listed", "Listed for supervision, in the hands of Anju")]
    assert rows(browser.get("/inbox/?kind=statutory")) == [
        ("late by law", "A time limit set by law has passed, in nobody's hands")
    ]


def test_inbox_says_what_parties_said(signed_in, coordinator, building, anju):
    other = MembershipFactory(party=MandateFactory(party__name_en="Office", item="3.1").party)
    claimed = logged_case(title="claimed", building=building, by=coordinator)
    disclaimed = logged_case(title="disclaimed", building=building, by=coordinator)
    for member in (anju, other):
        claim_case(claimed, by=member)
        disclaim_case(disclaimed, ground="x", by=member)

    assert rows(signed_in(coordinator).get("/inbox/")) == [
        ("disclaimed", "All who were asked say that it is not theirs: Anju, Office"),
        ("claimed", "Each says that it is theirs: Anju, Office"),
    ]


def test_inbox_counts_on_the_bar_what_it_shows(signed_in, coordinator, building, anju):
    disputed(coordinator, building, anju)
    sign_for_case(logged_case(building=building, by=coordinator), by=anju, at=MONDAY)
    asked = Case.objects.get(stage="handling")
    extend_case(asked, amount=1, unit=Unit.WORKING_DAY, reason="x", by=anju, at=MONDAY)
    logged_case(building=building, need_item=None, by=coordinator)

    counts = waiting.count_by_kind(coordinator)
    assert sum(counts[kind] for kind in waiting.TO_DECIDE) == waiting.count_to_cap(coordinator) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_costs_two_queries_more_for_disputes_and_requests(
    signed_in, coordinator, building, anju, django_assert_num_queries, count
):
    for _ in range(count):
        disputed(coordinator, building, anju)
        asked = sign_for_case(logged_case(building=building, by=coordinator), by=anju, at=MONDAY)
        extend_case(asked, amount=1, unit=Unit.WORKING_DAY, reason="x", by=anju, at=MONDAY)
    browser = signed_in(coordinator)

    with django_assert_num_queries(22):
        browser.get("/inbox/")

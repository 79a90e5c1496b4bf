"""The page of one case."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from cases.policies import allowed_actions
from cases.services.close_case import close_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from cases.services.void_case import void_case
from cases.views.deeds import DEEDS
from stakeholders.models import Mandate, Membership
from tests.cases.views.conftest import FRIDAY, BrowserOf, page_of
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory, PartyFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_page_shows_where_a_case_stands(browser_of: BrowserOf, lead: Membership) -> None:
    case = logged_case(title="3 栋垃圾满溢", location_note="负一层", description="两天了\n没人来")

    page = page_of(browser_of(lead), case)

    assert "<h1>3 栋垃圾满溢</h1>" in page
    assert '<span class="tag">Dispatched</span>' in page
    assert '<span class="due due--over" title="Due 17 Nov 17:30">Overdue by 2 working days 4 h</span>' in page
    assert "<p>两天了<br>没人来</p>" in page
    assert "负一层" in page
    assert f'<a href="/duties/{case.estate.code}/3.1/">3.1 Waste sorting and collection</a>' in page


def test_page_charges_time_to_whoever_had_the_case(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="合同只含楼内收集", at=MONDAY + timedelta(hours=1))
    reassign_case(case, by=coordinator, lead=PartyFactory(name_en="Works"), reason="x", at=MONDAY + timedelta(hours=2))

    page = page_of(browser_of(coordinator), case)

    holders = page.split('class="holders"')[1].split("</ol>")[0]
    assert [part.split("</span>")[0] for part in holders.split('class="end')[1:]] == [
        '">1 h',
        '">1 h',
        ' strong">30 h 6 min',
    ]
    assert "32 h 6 min in all" in page
    assert "16 Nov 09:14 – 10:14" in holders
    assert "16 Nov 11:14 – now" in holders
    assert "has yet to sign for it" in holders


def test_page_draws_the_strip_with_the_same_words(browser_of: BrowserOf, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)

    strip = page_of(browser_of(coordinator), case).split('class="strip"')[1].split("</svg>")[0]

    assert "nobody: 16 Nov 09:14 – now, waits to be assigned." in strip
    assert '<rect class="void" x="0.00%" y="22" width="100.00%" height="34">' in strip
    assert 'class="late"' in strip
    assert "Due 17 Nov 17:30" in strip


def test_page_explains_each_deadline(browser_of: BrowserOf, coordinator: Membership) -> None:
    page = page_of(browser_of(coordinator), logged_case(by=coordinator))

    assert "<tr><td>Opened</td><td>Mon 16 Nov 09:14</td></tr>" in page
    assert "<tr><td>Waste sorting and collection · general</td><td>1 working day</td></tr>" in page
    assert "<tr><td>The day itself does not count; first day</td><td>Tue 17 Nov</td></tr>" in page
    assert '<tr class="sum__total"><td>Close of business of that day</td><td>17 Nov 17:30</td></tr>' in page


def test_page_shows_faults_with_their_evidence(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    MandateFactory(item="3.1", party__name_en="Committee")
    case = logged_case(by=coordinator)
    sweep_clocks(at=FRIDAY)

    faults = page_of(browser_of(coordinator), case).split("<h2>Faults</h2>")[1].split("</section>")[0]

    assert "Anju, Committee" in faults
    assert "since 17 Nov 17:30" in faults
    assert f'<a href="/duties/{case.estate.code}/3.1/">What the duty list says</a>' in faults


def test_page_says_which_faults_are_settled(browser_of: BrowserOf, coordinator: Membership, lead: Membership) -> None:
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="x", at=MONDAY + timedelta(hours=1))
    reassign_case(case, by=coordinator, lead=PartyFactory(), reason="y", at=MONDAY + timedelta(hours=2))

    faults = page_of(browser_of(coordinator), case).split("<h2>Faults</h2>")[1].split("</section>")[0]

    assert "Anju returned it" in faults
    assert "settled 16 Nov 11:14" in faults


def test_page_tells_the_story_by_day(browser_of: BrowserOf, lead: Membership) -> None:
    case = logged_case()
    sign_for_case(case, by=lead, at=FRIDAY)

    page = page_of(browser_of(lead), case)

    days = [part.split("</h3>")[0] for part in page.split('class="story__day">')[1:]]
    assert days == ["Fri 20 Nov (today)", "Mon 16 Nov"]


def test_page_names_those_who_support(browser_of: BrowserOf, lead: Membership) -> None:
    MandateFactory(item="3.1", role=Mandate.Role.SUPPORT, party__name_en="Greens")

    assert "Support: Greens" in page_of(browser_of(lead), logged_case())


def test_page_masks_the_reporter(browser_of: BrowserOf, lead: Membership) -> None:
    page = page_of(browser_of(lead), logged_case(reporter_name="刘桂兰", reporter_phone="13800002607"))

    assert "刘**" in page
    assert "138****2607" in page
    assert "桂兰" not in page
    assert "13800002607" not in page


@pytest.mark.parametrize(
    ("given", "said"),
    [({"reporter_is_anonymous": True}, "anonymous"), ({}, "not given"), ({"reporter_phone": "12345"}, "****")],
)
def test_page_says_what_is_known_of_the_reporter(
    browser_of: BrowserOf, lead: Membership, given: dict[str, str], said: str
) -> None:
    reporter = page_of(browser_of(lead), logged_case(**given)).split("<dt>Reporter</dt>")[1].split("</dd>")[0]

    assert said in reporter
    assert "12345" not in reporter


def buttons(page: str) -> list[str]:
    """What the bar at the foot offers, in its order."""
    if 'class="actions"' not in page:
        return []
    bar = page.split('class="actions"')[1].split("<details")[0]
    return [part.split('/"')[0] for part in bar.split("/actions/")[1:]]


def test_page_offers_only_what_is_allowed_now(browser_of: BrowserOf, coordinator: Membership, lead: Membership) -> None:
    case = logged_case(by=coordinator)
    auditor = MembershipFactory(auditor=True)

    for step in (
        lambda: None,
        lambda: sign_for_case(case, by=lead),
        lambda: resolve_case(case, by=lead, reason="x"),
        lambda: close_case(case, by=coordinator, reason="x"),
    ):
        step()
        case.refresh_from_db()
        for member in (lead, coordinator, auditor):
            offered = buttons(page_of(browser_of(member), case))
            assert set(offered) <= set(allowed_actions(member, case))
            assert bool(offered) == bool(set(allowed_actions(member, case)) & set(DEEDS))


def test_page_of_a_case_that_has_ended_stands_still(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    closed, void = logged_case(by=coordinator), logged_case(by=coordinator, need_item=item("1.1"))
    at = MONDAY + timedelta(hours=2)
    sign_for_case(closed, by=lead, at=at)
    resolve_case(closed, by=lead, reason="x", at=at)
    close_case(closed, by=coordinator, reason="x", at=at)
    void_case(void, by=coordinator, reason="x", at=at)

    assert "In time, 1 working day 4 h early" in page_of(browser_of(coordinator), closed)
    assert "16 Nov 09:14 – 11:14" in page_of(browser_of(coordinator), closed)
    assert "now" not in page_of(browser_of(coordinator), void).split('class="holders"')[1].split("</ol>")[0]


def test_page_of_a_case_without_place_and_item(browser_of: BrowserOf, coordinator: Membership) -> None:
    case = logged_case(by=coordinator, need_item=None)
    Case.objects.update(estate=None, building=None, grid=None, location_note="城南某小区")

    page = page_of(browser_of(coordinator), case)

    assert "not known yet 城南某小区" in page
    assert "not classified yet" in page
    assert "To be located" in page


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_length_of_history(
    browser_of: BrowserOf,
    coordinator: Membership,
    lead: Membership,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    case = logged_case(by=coordinator)
    for _ in range(count):
        reassign_case(case, by=coordinator, lead=PartyFactory(), reason="y")
    browser = browser_of(coordinator)

    # session, user, membership · inbox and notices on the bar · case · two for the working calendar
    # events and the names in them · custody · findings
    with django_assert_num_queries(11):
        browser.get(case.get_absolute_url())


def test_page_escapes_what_people_wrote(browser_of: BrowserOf, coordinator: Membership, lead: Membership) -> None:
    code = "<script>alert(1)</script>"
    lead.party.name_en = code
    lead.party.save()
    case = logged_case(
        by=coordinator, title=code, description=code, location_note=code, reporter_name=code, external_id=code
    )
    return_case(case, by=lead, ground=code, legal_basis=code)

    assert "<script>" not in page_of(browser_of(coordinator), case)


def test_page_is_not_there_for_who_may_not_see_the_case(browser_of: BrowserOf, lead: Membership) -> None:
    case = logged_case(need_item=item("1.1"))
    others = [
        lead,
        MembershipFactory(grid_worker=True),
        MembershipFactory(coordinator=True, area=BuildingFactory().estate.area),
    ]

    for other in others:
        assert browser_of(other).get(case.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("number", ["AZ-20261116-9999", "x", "%00", "字"])
def test_page_is_not_there_for_an_unknown_number(browser_of: BrowserOf, coordinator: Membership, number: str) -> None:
    assert browser_of(coordinator).get(f"/cases/{number}/").status_code == 404


def test_page_is_for_members(client: Client) -> None:
    case = logged_case()

    assert client.get(case.get_absolute_url()).status_code == 302
    client.force_login(UserFactory())
    assert client.get(case.get_absolute_url()).status_code == 403

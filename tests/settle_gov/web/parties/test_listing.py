"""The list of parties."""

import pytest
from django.utils import timezone

from stakeholders.models import Mandate, Party
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.cases import logged_case
from tests.factories.stakeholders import (
    LONG_AGO,
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/parties/"


@pytest.fixture
def coordinator():
    return MembershipFactory(coordinator=True, party__code="z-town", party__name="镇政府", party__name_en="Town")


@pytest.fixture
def browser(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def anju():
    return PartyFactory(code="anju", name="安居物业", name_en="Anju Property")


def codes(answer) -> list[str]:
    return [row.party.code for row in answer.context["rows"]]


def test_list_counts_what_each_answers_for(browser, anju):
    urban = PartyFactory(code="urban")
    MandateFactory(party=anju, item="3.1")
    MandateFactory(party=anju, item="3.2")
    MandateFactory(party=anju, item="4.1", valid_until=timezone.now())
    MandateFactory(party=anju, item="4.2", role=Mandate.Role.DISCLAIM)
    MandateFactory(party=anju, item="5.1", recorded_at=LONG_AGO, withdrawn_at=timezone.now())
    MandateFactory(party=urban, item="3.1")
    MandateFactory(party=urban, item="1.1", role=Mandate.Role.BACKSTOP)
    EstateFactory()
    refresh_episodes()

    rows = browser.get(LIST).context["rows"]

    assert [(row.party.code, row.mandates, row.heads) for row in rows] == [
        ("anju", 2, 1),
        ("urban", 2, 2),
        ("z-town", 0, 0),
    ]


def test_list_leads_to_the_page_and_to_the_open_cases(browser, anju, coordinator):
    MandateFactory(party=anju)
    PartyFactory(code="idle")
    logged_case(by=coordinator)

    page = browser.get(LIST).content.decode()

    assert '<a href="/parties/anju/">Anju Property</a>' in page
    assert '<a href="/cases/?lead=anju&amp;open=true">1</a>' in page
    assert ["/parties/idle/#papers" in page, "lead=idle" in page] == [False, False]


def test_list_counts_only_what_the_reader_sees(signed_in, anju, coordinator):
    estate = EstateFactory()
    building = BuildingFactory(estate=estate)
    MandateFactory(party=anju, estate=estate)
    MandateFactory(estate=estate)
    logged_case(building=building, by=coordinator)
    refresh_episodes()

    rows = signed_in(MembershipFactory(auditor=True, area=AreaFactory(), party__code="b")).get(LIST).context["rows"]

    assert [(row.mandates, row.cases, row.heads) for row in rows if row.party == anju] == [(0, 0, 0)]


def test_list_shows_only_parties_that_the_reader_sees(signed_in, browser, anju):
    elsewhere = PartyFactory(code="elsewhere", area=AreaFactory())
    reader = MembershipFactory(auditor=True, area=AreaFactory(), party__code="b")

    assert codes(signed_in(reader).get(LIST)) == ["anju", "b", "z-town"]
    assert elsewhere.code in codes(browser.get(LIST))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "安居"}, ["anju"]),
        ({"q": "property anju"}, ["anju"]),
        ({"q": "anju town"}, []),
        ({"kind": "URBAN"}, ["urban"]),
        ({"q": "anju", "kind": "URBAN"}, []),
        ({"q": "", "kind": ""}, ["anju", "urban", "z-town"]),
    ],
)
def test_list_finds_by_name_and_kind(browser, anju, asked, found):
    PartyFactory(code="urban", name="城管", name_en="Management", kind=Party.Kind.URBAN)

    assert codes(browser.get(LIST, asked)) == found


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"kind": "NOBODY"}, "Kind: There is no such kind. You see all."),
        ({"q": "a\0b"}, "Name: Null characters are not allowed."),
        ({"after": "../x"}, "After: This is no page of the list."),
    ],
)
def test_list_names_what_makes_no_sense_and_shows_all(browser, anju, asked, message):
    answer = browser.get(LIST, asked)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert codes(answer) == ["anju", "z-town"]


def test_list_goes_on_behind_the_last_party(browser, anju, monkeypatch):
    monkeypatch.setattr("settle_gov.web.parties.listing.PAGE_SIZE", 2)
    PartyFactory(code="b", name="安居分公司")
    PartyFactory(code="c", name="安居总公司")

    first = browser.get(LIST, {"q": "安居"})
    second = browser.get(first.context["next"])

    assert (codes(first), first.context["count"], first.context["first"]) == (["anju", "b"], 3, "")
    assert (codes(second), second.context["next"]) == (["c"], "")
    assert codes(browser.get(second.context["first"])) == ["anju", "b"]


def test_list_says_that_nothing_matches(browser, anju):
    assert "No party matches" in browser.get(LIST, {"q": "消防"}).content.decode()


def test_list_wants_somebody_who_is_signed_in(client, anju):
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number_of_parties(browser, coordinator, django_assert_num_queries, count):
    for _ in range(count - 1):
        MandateFactory(party=PartyFactory(area=AreaFactory()))

    with django_assert_num_queries(10):
        browser.get(LIST)

"""Addresses as somebody may mistype or forge them: what makes no sense is named or left aside, and no page breaks."""

import pytest
from django.test import Client

from stakeholders.models import Estate
from tests.factories.stakeholders import EstateFactory, MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
CELL = "/duties/donghu/3.1/"
EXPORT = "/duties/gaps/export/"
PLACES = ["area", "estate", "building", "need_class", "need_item", "parties"]
NAMES = {
    "/duties/": ["at", "known", "known_on", "area", "state", "fold", "page"],
    CELL: ["at", "known", "known_on", "building"],
    "/duties/gaps/": [*PLACES, "at", "state", "coming", "cases", "sort"],
    EXPORT: [*PLACES, "at", "state", "coming", "cases", "sort"],
    "/parties/": ["q", "kind", "after"],
    "/parties/anju/": ["at", "known", "known_on", "period"],
}


@pytest.fixture
def estate():
    return EstateFactory(code="donghu")


@pytest.fixture
def browser(signed_in, estate: Estate) -> Client:
    MandateFactory(party=PartyFactory(code="anju"), estate=estate, item="3.1")
    return signed_in(MembershipFactory(coordinator=True))


@pytest.mark.parametrize("page", NAMES)
def test_pages_refuse_a_nul_in_any_parameter(browser: Client, page: str) -> None:
    refused = [name for name in NAMES[page] if browser.get(page, {name: "\0"}).status_code == 422]

    assert refused == NAMES[page]


@pytest.mark.parametrize("page", ["/duties/mandates/new/", "/duties/what-if/"])
def test_forms_leave_a_code_aside_that_holds_a_nul(browser: Client, page: str) -> None:
    assert [browser.get(page, {name: "\0"}).status_code for name in ("estate", "item")] == [200, 200]


@pytest.mark.parametrize("page", ["/duties/", CELL, "/parties/anju/"])
@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_pages_show_the_first_day_there_is_and_the_last(browser: Client, page: str, day: str) -> None:
    known = ({}, {"known": "then"}, {"known": day}, {"known": "on", "known_on": day})

    assert [browser.get(page, {"at": day, **each}).status_code for each in known] == [200] * 4


@pytest.mark.parametrize("page", ["/duties/gaps/", EXPORT])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_register_names_the_years_that_can_be_meant(browser: Client, page: str, day: str) -> None:
    for more in ({}, {"coming": "true"}):
        answer = browser.get(page, {"at": day, **more})

        assert answer.status_code == 422
        assert "As it stood on: Give a date from 1900 to 2200." in answer.content.decode()


@pytest.mark.parametrize("page", ["/duties/", CELL, "/parties/anju/"])
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_pages_name_the_years_that_can_be_meant(browser: Client, page: str, day: str) -> None:
    for asked in ({"at": day}, {"known": day}, {"known": "on", "known_on": day}):
        answer = browser.get(page, asked)

        assert answer.status_code == 422
        assert "Give a date from 1900 to 2200." in answer.content.decode()

"""The list of cases."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from cases.views import list_cases
from stakeholders.models import Membership
from tests.cases.views.conftest import BrowserOf
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def titles(page: str) -> list[str]:
    """The titles on a page, from top to bottom."""
    return [part.split("</a>")[0].split(">")[1] for part in page.split('class="work__title"')[1:]]


def test_list_shows_cases_newest_first(browser_of: BrowserOf, coordinator: Membership) -> None:
    logged_case(title="早", at=MONDAY)
    logged_case(title="晚", at=MONDAY + timedelta(hours=1))

    assert titles(browser_of(coordinator).get("/cases/").content.decode()) == ["晚", "早"]


def test_list_leaves_out_what_a_member_may_not_see(browser_of: BrowserOf) -> None:
    lead = MembershipFactory(party=MandateFactory(item="3.1").party)
    logged_case(title="ours")
    logged_case(title="theirs", need_item=item("1.1"))

    assert titles(browser_of(lead).get("/cases/").content.decode()) == ["ours"]


def test_list_sends_who_is_not_signed_in_to_sign_in(client: Client) -> None:
    assert client.get("/cases/").headers["location"] == "/sign-in/?next=/cases/"


def test_list_tells_who_acts_for_nobody_whom_to_ask(client: Client) -> None:
    client.force_login(UserFactory())

    answer = client.get("/cases/", headers={"accept-language": "en"})

    assert answer.status_code == 403
    assert "You act for no party yet." in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number_of_cases(
    browser_of: BrowserOf,
    coordinator: Membership,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    MandateFactory(item="3.1")
    for _ in range(count):
        logged_case()
    browser = browser_of(coordinator)

    # session, user, membership · inbox and notices on the bar · cases · two for the working calendar
    with django_assert_num_queries(7):
        assert len(titles(browser.get("/cases/").content.decode())) == count


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("stage=opened", ["vacuum"]),
        ("stage=dispatched,opened", ["vacuum", "held"]),
        ("responsibility=vacuum", ["vacuum"]),
        ("q=hel", ["held"]),
        ("need_item=3.1", ["held"]),
        ("count=true", ["vacuum", "held"]),
    ],
)
def test_list_filters(browser_of: BrowserOf, coordinator: Membership, query: str, expected: list[str]) -> None:
    MandateFactory(item="3.1")
    logged_case(title="held")
    logged_case(title="vacuum", need_item=item("1.1"))

    assert titles(browser_of(coordinator).get(f"/cases/?{query}").content.decode()) == expected


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("stage=lost", "stage: Select a valid choice."),
        ("colour=red", "There is no filter “colour”."),
        ("lead=nobody", "lead: There is no “nobody” here."),
        ("q=a%00b", "search: Null characters are not allowed."),
    ],
)
def test_list_names_a_filter_that_makes_no_sense(
    browser_of: BrowserOf, coordinator: Membership, query: str, said: str
) -> None:
    logged_case()

    answer = browser_of(coordinator).get(f"/cases/?{query}")

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert titles(answer.content.decode()) == []


def test_list_goes_on_behind_the_last_row(
    browser_of: BrowserOf, coordinator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_cases, "PAGE_SIZE", 2)
    for number in range(5):  # the same moment for all: the number of the row decides
        logged_case(title=str(number))
    browser = browser_of(coordinator)

    seen, address = [], "/cases/"
    while address:
        page = browser.get(address).content.decode()
        seen += titles(page)
        address = page.split('rel="next"')[0].split('href="')[-1].split('"')[0] if 'rel="next"' in page else ""
        address = address.replace("&amp;", "&")
        logged_case(title="arrives meanwhile")

    assert seen == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize("key", ["x", "1", "1.2.3", "-" + "9" * 17 + ".1", "1." + "9" * 19, "-1", "一.一"])
def test_list_refuses_what_is_no_page(browser_of: BrowserOf, coordinator: Membership, key: str) -> None:
    answer = browser_of(coordinator).get(f"/cases/?after={key}")

    assert answer.status_code == 400
    assert "This is no page of the list." in answer.content.decode()


def test_list_is_empty_behind_the_last_page(browser_of: BrowserOf, coordinator: Membership) -> None:
    logged_case()

    answer = browser_of(coordinator).get("/cases/?after=0.1")

    assert (answer.status_code, titles(answer.content.decode())) == (200, [])


def test_list_counts_only_when_asked(browser_of: BrowserOf, coordinator: Membership) -> None:
    logged_case()
    logged_case()
    browser = browser_of(coordinator)

    assert "2 cases" not in browser.get("/cases/").content.decode()
    assert "2 cases" in browser.get("/cases/?count=true").content.decode()


def test_list_says_why_it_is_empty(browser_of: BrowserOf, coordinator: Membership) -> None:
    browser = browser_of(coordinator)

    assert "No case yet" in browser.get("/cases/").content.decode()
    logged_case()
    assert "No case matches “路登”" in browser.get("/cases/?q=路登").content.decode()
    assert "No case matches" in browser.get("/cases/?stage=void").content.decode()


def test_list_shows_each_filter_with_a_way_out(browser_of: BrowserOf, coordinator: Membership) -> None:
    logged_case()

    page = browser_of(coordinator).get("/cases/?stage=opened,handling&urgency=G").content.decode()

    assert "Stage: opened, in handling ✕" in page
    assert 'href="/cases/?stage=opened%2Chandling"' in page
    assert 'href="/cases/?urgency=G"' in page


def test_list_marks_the_view_that_it_is(browser_of: BrowserOf, coordinator: Membership) -> None:
    page = browser_of(coordinator).get("/cases/?overdue=true").content.decode()

    assert '<a href="/cases/?overdue=true" aria-current="page">Overdue</a>' in page


def test_list_offers_selects_when_asked(browser_of: BrowserOf, coordinator: Membership) -> None:
    case = logged_case()

    page = browser_of(coordinator).get("/cases/?choose=true&urgency=G").content.decode()

    assert f'<option value="{case.estate.code}">' in page
    assert '<option value="G" selected>' in page
    assert '<optgroup label="Environmental sanitation">' in page


def test_list_escapes_what_people_wrote(browser_of: BrowserOf, coordinator: Membership) -> None:
    logged_case(title="<script>alert(1)</script>", location_note="<img src=x>")
    Case.objects.update(estate=None, building=None)

    page = browser_of(coordinator).get("/cases/").content.decode()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>" not in browser_of(coordinator).get("/cases/?q=<b>x").content.decode().split("<main")[1]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_list_is_only_read(browser_of: BrowserOf, coordinator: Membership, method: str) -> None:
    assert getattr(browser_of(coordinator), method)("/cases/").status_code == 405

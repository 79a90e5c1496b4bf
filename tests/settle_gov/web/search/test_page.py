"""The page of the search, of which the palette shows a part."""

import re

import pytest
from django.test import Client

from tests.factories.cases import logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MembershipFactory,
    PartyFactory,
    ResidentFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(signed_in):
    return signed_in(MembershipFactory(coordinator=True))


def text(page: str) -> str:
    """What a reader reads, without what marks it."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_page_shows_what_was_found_with_the_words_marked(browser) -> None:
    case = logged_case(title="3 栋路灯不亮")

    page = browser.get("/search/", {"q": "路灯 栋"}).content.decode()

    assert f'href="/cases/{case.number}/"' in page
    title = page.split('class="find__title">')[1].split("</span>")[0]
    assert "".join(title.split()) == "3<mark>栋</mark><mark>路灯</mark>不亮"
    assert 'role="status">1 hit</p>' in page


def test_page_keeps_what_was_typed_and_marks_it_up_as_text(browser) -> None:
    logged_case(title="<b>bold</b> 路灯")

    page = browser.get("/search/", {"q": '路灯"><script>'}).content.decode()
    hits = browser.get("/search/", {"q": "路灯"}).content.decode()

    assert 'value="路灯&quot;&gt;&lt;script&gt;"' in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in hits


@pytest.mark.parametrize("q", ["没有的东西", "。！", "13800002607"])
def test_page_says_that_nothing_matches_and_where_to_go_on(browser, q: str) -> None:
    logged_case()

    answer = browser.get("/search/", {"q": q})

    assert answer.status_code == 200
    assert f"Nothing matches “{q}”" in text(answer.content.decode())
    assert '<a class="btn" href="/cases/">All cases</a>' in answer.content.decode()


@pytest.mark.parametrize("q", [None, "", "   ", "\t\u3000"])
def test_page_without_words_says_what_can_be_found_and_has_the_focus(browser, q: str | None) -> None:
    logged_case()

    page = browser.get("/search/", {} if q is None else {"q": q}).content.decode()

    assert "by the last four digits of a phone number." in page
    assert "autofocus" in page
    assert ['class="find"' in page, "Nothing matches" in page] == [False, False]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": "a\0b"}, "Null characters are not allowed."),
        ({"q": "路" * 10_000}, "Ensure this value has at most 200 characters (it has 10000)."),
        ({"q": "路", "kind": "cats"}, "There is no such kind."),
    ],
)
def test_page_names_what_cannot_be_searched_for(browser, asked: dict[str, str], said: str) -> None:
    logged_case(title="路灯")

    answer = browser.get("/search/", asked)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'class="find"' not in answer.content.decode()


def test_page_takes_two_hundred_words(browser) -> None:
    assert browser.get("/search/", {"q": "路 " * 100}).status_code == 200


def test_page_of_one_kind_leads_back_to_all(browser) -> None:
    EstateFactory(name="东湖新居")
    logged_case(title="东湖的事")

    page = browser.get("/search/", {"q": "东湖", "kind": "places"}).content.decode()

    assert page.count('class="find"') == 1
    assert 'href="/search/?q=%E4%B8%9C%E6%B9%96">Search in everything</a>' in page


def test_page_wants_somebody_who_acts_for_a_party(client: Client) -> None:
    assert client.get("/search/?q=1").headers["location"] == "/sign-in/?next=/search/%3Fq%3D1"

    client.force_login(UserFactory())
    assert client.get("/search/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_hits(signed_in, django_assert_num_queries, count: int) -> None:
    coordinator = MembershipFactory(coordinator=True)
    for number in range(count):
        building = BuildingFactory(name=f"刘桂兰{number}", estate=EstateFactory(name=f"刘桂兰苑{number}"))
        logged_case(title="刘桂兰的事", building=building, by=coordinator)
        PartyFactory(name="刘桂兰物业")
        MembershipFactory(user__name="刘桂兰")
        ResidentFactory(name="刘桂兰", household__building=building)
    browser = signed_in(coordinator)

    # session, user, membership · inbox and notices on the bar · cases, estates, buildings, parties, members, residents
    with django_assert_num_queries(11):
        page = browser.get("/search/", {"q": "刘桂兰"}).content.decode()

    assert page.count('class="find"') == 6 * count


def test_page_has_no_second_box_and_every_other_page_a_palette(browser) -> None:
    search, cases = (browser.get(address).content.decode() for address in ("/search/", "/cases/"))

    assert [page.count('id="palette"') for page in (search, cases)] == [0, 1]
    assert [page.count('action="/search/"') for page in (search, cases)] == [1, 2]
    assert '<a class="btn btn--quiet btn--icon only-phone" href="/search/" aria-label="Search">' in cases


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_names_its_one_control(signed_in, language: str) -> None:
    page = signed_in(MembershipFactory(), language).get("/search/?q=路").content.decode()
    main = page.split("<main")[1].split("</main>")[0]

    assert re.findall(r'<input [^>]*id="([^"]+)"', main) == re.findall(r'<label[^>]* for="([^"]+)"', main) == ["q"]

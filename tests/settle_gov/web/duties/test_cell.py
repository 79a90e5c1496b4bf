"""One cell of the matrix."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from stakeholders.models import Mandate, NeedClass
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    LONG_AGO,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
CELL = "/duties/donghu/3.1/"


@pytest.fixture
def browser(signed_in):
    return signed_in(MembershipFactory(coordinator=True))


@pytest.fixture
def estate():
    return EstateFactory(code="donghu", name_en="Donghu")


@pytest.fixture
def anju():
    return PartyFactory(name_en="Anju", code="a-anju")


@pytest.fixture
def urban():
    return PartyFactory(name_en="Urban", code="b-urban")


def words_of(answer) -> str:
    """The page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def sentences(answer) -> list[tuple[str, list[str]]]:
    return [(place.sentence, place.names) for place in answer.context["places"]]


def test_cell_says_that_nobody_answers(browser, estate):
    answer = browser.get(CELL)

    assert sentences(answer) == [("Nobody answers for it.", ["Common area"])]
    assert "No paper names anybody" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["donghu/%00", "donghu/a%00b", "%00/3.1", "donghu/3.1%00", "donghu/%D9%A3.1", "donghu/3.1111", "donghu/3"]
)
def test_cell_knows_no_other_address(browser, estate, path):
    assert browser.get(f"/duties/{path}/").status_code == 404


def test_cell_says_who_answers(browser, estate, anju):
    MandateFactory(party=anju)

    assert sentences(browser.get(CELL)) == [("Anju answers for it.", ["Common area"])]


def test_cell_says_who_claims(browser, estate, anju, urban):
    MandateFactory(party=anju)
    MandateFactory(party=urban, item="3.1")

    assert sentences(browser.get(CELL)) == [("2 parties each answer for it: Anju, Urban.", ["Common area"])]


def test_cell_says_who_stands_behind(browser, estate, anju):
    MandateFactory(party=anju, role=Mandate.Role.BACKSTOP)

    assert sentences(browser.get(CELL)) == [("Nobody leads; Anju stands behind it.", ["Common area"])]


def test_cell_shows_the_ruling_that_decides(browser, estate, anju, urban):
    MandateFactory(party=urban)
    RulingFactory(lead=anju, estate=estate, need_item=item("3.1"), reason="By the contract", document_no="No. 12")

    answer = browser.get(CELL)

    assert sentences(answer) == [("Anju answers for it, as ruled.", ["Common area"])]
    assert "By the contract" in answer.content.decode()
    assert "No. 12" in answer.content.decode()


def test_cell_shows_every_paper_with_its_scope_and_its_days(browser, estate, anju, urban):
    year = {
        "valid_from": datetime(2026, 1, 1, tzinfo=SHANGHAI),
        "valid_until": datetime(2027, 1, 1, tzinfo=SHANGHAI),
    }
    MandateFactory(party=anju, estate=estate, need_class=NeedClass.objects.get(code="3"), basis="Contract § 8", **year)
    MandateFactory(party=urban, role=Mandate.Role.SUPPORT, item="3.1")
    MandateFactory(item="4.1", basis="Nothing to do with it")

    page = browser.get(CELL, {"at": "2026-06-01"}).content.decode()

    assert re.findall(
        r'<td>([^<]+· [^<]+?)\s*</td>\s*<td class="num">(.+?)</td>\s*<td class="num">(.+?)</td>', page
    ) == [
        ("Donghu · all of Environmental sanitation", "2026-01-01", "2026-12-31"),
        ("Qinghe Town · 3.1 Waste sorting and collection", "2020-01-01", '<span class="quiet">open</span>'),
    ]
    assert "Contract § 8" in page
    assert "Nothing to do with it" not in page


def test_cell_says_where_places_differ_worst_first(browser, estate, anju, urban):
    first, second, _third = (BuildingFactory(estate=estate, name=f"{number} 栋") for number in (1, 2, 3))
    MandateFactory(party=anju, estate=estate)
    MandateFactory(party=urban, building=second)
    RulingFactory(lead=urban, building=first)

    answer = browser.get(CELL)

    assert sentences(answer) == [
        ("2 parties each answer for it: Anju, Urban.", ["2 栋"]),
        ("Urban answers for it, as ruled.", ["1 栋"]),
        ("Anju answers for it.", ["Common area", "3 栋"]),
    ]
    assert "Where places differ" in answer.content.decode()


def test_cell_shows_what_hangs_on_it_and_leads_to_the_list(browser, estate):
    building = BuildingFactory(estate=estate)
    case = logged_case(building=building, title="Bins overflow")
    logged_case(building=building, title="Another matter", need_item=item("4.1"))

    page = browser.get(CELL).content.decode()

    assert "Bins overflow" in page
    assert f'href="{case.get_absolute_url()}"' in page
    assert 'href="/cases/?estate=donghu&amp;need_item=3.1&amp;open=true">1 case</a>' in page
    assert "Another matter" not in page


def test_cell_carries_the_day_back_to_the_matrix(browser, estate):
    assert 'href="/duties/?at=2026-03-01"' in browser.get(CELL, {"at": "2026-03-01"}).content.decode()


def test_cell_names_a_day_that_is_none_and_shows_today(browser, estate, anju):
    MandateFactory(party=anju)

    answer = browser.get(CELL, {"at": "2026-02-30"})

    assert answer.status_code == 422
    assert "As it stood on: Give a day as 2026-11-20. You see today." in answer.content.decode()
    assert sentences(answer) == [("Anju answers for it.", ["Common area"])]


@pytest.mark.parametrize("address", ["/duties/elsewhere/3.1/", "/duties/donghu/99.9/", "/duties/donghu/x/"])
def test_cell_is_not_found_where_there_is_none(browser, estate, address):
    assert browser.get(address).status_code == 404


def test_cell_is_not_found_outside_the_area(signed_in, estate):
    assert signed_in(MembershipFactory(area=EstateFactory().area)).get(CELL).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_cell_costs_the_same_for_any_number_of_papers(browser, estate, django_assert_num_queries, count):
    for _ in range(count):
        building = BuildingFactory(estate=estate)
        MandateFactory(building=building)
        RulingFactory(building=building)
        logged_case(building=building)

    with django_assert_num_queries(33):
        browser.get(CELL)


def test_cell_tells_how_it_stood_over_time(browser, estate, anju, urban):
    day = datetime(2026, 3, 1, tzinfo=SHANGHAI)
    MandateFactory(party=anju, valid_from=day, item="3.1")
    MandateFactory(party=urban, valid_from=day.replace(month=5), valid_until=day.replace(month=7), item="3.1")

    answer = browser.get(CELL)

    assert [
        (each.mark.value, each.parties, str(each.first_day), str(each.last_day)) for each in answer.context["past"]
    ] == [
        ("clear", ["Anju"], "2026-07-01", "None"),
        ("multi_head", ["Anju", "Urban"], "2026-05-01", "2026-06-30"),
        ("clear", ["Anju"], "2026-03-01", "2026-04-30"),
        ("vacuum", [], "None", "2026-02-28"),
    ]
    assert [each.days is not None for each in answer.context["past"]] == [True, False, False, False]


def test_cell_tells_the_time_where_two_stretches_share_a_day(browser, estate, anju, urban):
    MandateFactory(party=anju, valid_from=datetime(2026, 3, 1, tzinfo=SHANGHAI), item="3.1")
    MandateFactory(party=urban, valid_from=datetime(2026, 5, 1, 10, 47, tzinfo=SHANGHAI), item="3.1")

    words = words_of(browser.get(CELL))

    assert "2026-05-01 10:47 – open" in words
    assert "2026-03-01 – 2026-05-01 10:47" in words


def test_cell_looks_at_one_place_if_asked(browser, estate, anju, urban):
    first, second = (BuildingFactory(estate=estate, name=f"{number} 栋", code=f"donghu-{number}") for number in (1, 2))
    MandateFactory(party=anju, estate=estate)
    MandateFactory(party=urban, building=second)
    logged_case(building=first, title="Of the first")
    logged_case(building=second, title="Of the second")

    def seen(address):
        look = browser.get(address).context["look"]
        return (
            look.spot.name,
            look.present.mark.value,
            [case.title for case in look.cases(MembershipFactory(coordinator=True))],
        )

    assert seen(CELL) == ("2 栋", "multi_head", ["Of the second"])
    assert seen(f"{CELL}?building=donghu-1") == ("1 栋", "clear", ["Of the first"])
    assert seen(f"{CELL}?building=") == ("Common area", "clear", [])


def test_cell_counts_the_cases_of_the_places_that_it_speaks_of(browser, estate, anju, urban):
    buildings = [BuildingFactory(estate=estate, code=f"donghu-{number}") for number in (1, 2, 3)]
    MandateFactory(party=anju, estate=estate)
    for building in buildings[1:]:
        MandateFactory(party=urban, building=building)
    for building in (*buildings, buildings[2]):
        logged_case(building=building)

    def counted(address):
        context = browser.get(address).context
        listed = browser.get(context["cases_url"]).context["rows"]
        return context["counts"]["open"], context["cases_url"], len(list(listed))

    common = "/cases/?place={}&need_item=3.1&open=true"
    assert counted(CELL) == (3, common.format("building%3Adonghu-2%2Cbuilding%3Adonghu-3"), 3)
    assert counted(f"{CELL}?building=donghu-1") == (1, common.format("building%3Adonghu-1"), 1)
    assert counted(f"{CELL}?building=") == (0, common.format("estate%3Adonghu"), 0)
    assert '<a href="/cases/?estate=donghu&amp;need_item=3.1&amp;open=true">4 cases in the whole estate</a>' in (
        browser.get(CELL).content.decode()
    )


def test_cell_of_another_day_says_that_open_cases_are_those_of_now(browser, estate):
    logged_case(estate=estate, building=None)

    def told(address):
        page = browser.get(address).content.decode()
        return re.findall(r"<h2>(Open cases[^<]*)</h2>", page), "hangs on it" in page

    assert told(CELL) == (["Open cases"], True)
    assert told(f"{CELL}?at=2026-03-01") == (["Open cases now"], False)
    assert told(f"{CELL}?known=2026-03-01") == (["Open cases now"], False)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ({}, "None of the cases that you see."),
        ({"grid_worker": True}, "None of the cases that you see."),
        ({"auditor": True}, "1 open case hangs on it"),
    ],
)
def test_cell_says_that_there_is_none_only_to_those_who_see_all_cases(signed_in, estate, role, words):
    logged_case(estate=estate, building=None)
    given = role | {"grid": GridFactory(area=estate.area)} if "grid_worker" in role else role

    page = signed_in(MembershipFactory(**given)).get(CELL).content.decode()

    assert words in page
    assert "No open case hangs on it" not in page


@pytest.mark.parametrize("code", ["elsewhere-1", "donghu-9", "\x00"])
def test_cell_names_a_building_that_is_none_and_shows_the_worst_place(browser, estate, anju, code):
    BuildingFactory(code="elsewhere-1")
    MandateFactory(party=anju)

    answer = browser.get(CELL, {"building": code})

    assert answer.status_code == 422
    assert "Building: " in answer.content.decode()
    assert answer.context["look"].spot.name == "Common area"


def test_cell_links_the_places_that_differ(browser, estate, urban):
    second = BuildingFactory(estate=estate, name="2 栋", code="donghu-2")
    MandateFactory(party=urban, building=second)

    page = browser.get(CELL, {"at": "2026-03-01"}).content.decode()

    assert re.findall(r'href="([^"]+building=[^"]*)"', page) == [
        "/duties/donghu/3.1/?at=2026-03-01&amp;building=",
        "/duties/donghu/3.1/?at=2026-03-01&amp;building=donghu-2",
    ]


def test_cell_says_who_answered_as_known_on_a_day(browser, estate, anju, urban):
    recorded = {"recorded_at": datetime(2026, 2, 1, tzinfo=SHANGHAI), "item": "3.1"}
    MandateFactory(party=anju, withdrawn_at=datetime(2026, 4, 1, tzinfo=SHANGHAI), **recorded)
    MandateFactory(party=urban, recorded_at=datetime(2026, 4, 1, tzinfo=SHANGHAI), item="3.1")

    def told(known):
        answer = browser.get(CELL, {"at": "2026-03-01", "known": known})
        papers = answer.context["look"].papers
        return (
            sentences(answer)[0][0],
            [str(paper.party) for paper in papers.counting],
            [str(paper.party) for paper in papers.withdrawn],
        )

    assert told("2026-01-15") == ("Nobody answers for it.", [], [])
    assert told("2026-03-05") == ("Anju answers for it.", ["Anju"], [])
    assert told("") == ("Urban answers for it.", ["Urban"], ["Anju"])


def test_cell_says_since_when_and_what_hangs_on_it(browser, estate, anju, urban):
    MandateFactory(party=anju, item="3.1")
    MandateFactory(party=urban, item="3.1", valid_from=timezone.now() - timedelta(days=98, hours=1))
    logged_case(estate=estate, building=None)
    since = timezone.localdate() - timedelta(days=98)

    page = re.sub(r"\s+", " ", browser.get(CELL).content.decode())

    assert "for 98 days" in page
    assert f"Since {since}." in page
    assert '&amp;open=true">1 open case hangs on it</a>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_cell_costs_little_for_those_who_only_read(signed_in, estate, django_assert_num_queries, count):
    reader = signed_in(MembershipFactory())
    for _ in range(count):
        building = BuildingFactory(estate=estate)
        MandateFactory(building=building)
        MandateFactory(building=building, recorded_at=LONG_AGO, withdrawn_at=timezone.now())

    with django_assert_num_queries(15):
        reader.get(CELL)


def test_cell_offers_to_end_and_withdraw_what_is_kept_in_the_area_of_the_reader(signed_in, estate):
    wide, narrow = MandateFactory(), MandateFactory(estate=estate)
    wide_ruling, narrow_ruling = RulingFactory(), RulingFactory(building=BuildingFactory(estate=estate))
    own = [f"mandates/{narrow.pk}/end", f"mandates/{narrow.pk}/withdraw", f"rulings/{narrow_ruling.pk}/withdraw"]
    town = [f"mandates/{wide.pk}/end", f"mandates/{wide.pk}/withdraw", f"rulings/{wide_ruling.pk}/withdraw"]

    def offered(**who) -> list[str]:
        page = signed_in(MembershipFactory(**who)).get(CELL).content.decode()
        return re.findall(r'href="/duties/((?:mandates|rulings)/\d+/\w+)/', page)

    assert sorted(offered(coordinator=True, area=estate.area)) == sorted(own)
    assert sorted(offered(coordinator=True)) == sorted(own + town)
    assert offered() == []


def test_cell_says_since_when_the_party_has_answered_or_since_when_it_is_ruled(browser, estate, anju):
    MandateFactory(party=anju, estate=estate, valid_from=datetime(2024, 1, 1, tzinfo=SHANGHAI))
    ruled = {"valid_from": datetime(2025, 1, 1, tzinfo=SHANGHAI), "valid_until": datetime(2026, 1, 1, tzinfo=SHANGHAI)}
    RulingFactory(lead=anju, estate=estate, **ruled)

    def since(day: str) -> str:
        page = browser.get(CELL, {"at": day}).content.decode()
        return re.search(r"(Since [-0-9]+|As long as there are records)\.", page)[1]

    assert "With these parties since" not in browser.get(CELL).content.decode()
    assert since("2023-06-01") == "As long as there are records"
    assert since("2024-06-01") == "Since 2024-01-01"
    assert since("2025-06-01") == "Since 2025-01-01"
    assert since("2026-06-01") == "Since 2024-01-01"


def test_cell_counts_the_state_from_before_one_more_party_joined(browser, estate, anju, urban):
    now = timezone.now()
    for party, days in ((anju, 90), (urban, 60), (PartyFactory(), 10)):
        MandateFactory(party=party, estate=estate, item="3.1", valid_from=now - timedelta(days=days))

    page = browser.get("/duties/donghu/3.1/").content.decode()

    assert "for 60 days" in page
    assert f"Since {timezone.localdate(now - timedelta(days=60))}." in page
    assert f"With these parties since {timezone.localdate(now - timedelta(days=10))}." in page

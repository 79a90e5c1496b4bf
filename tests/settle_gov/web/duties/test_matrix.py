"""The responsibility matrix."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from cases.services.void_case import void_case
from settle_gov.web.duties.marks import Mark
from stakeholders.models import Mandate
from stakeholders.services.refresh_episodes import refresh_episodes
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    MandateFactory,
    MembershipFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def browser(signed_in):
    return signed_in(MembershipFactory(coordinator=True))


@pytest.fixture
def estate():
    return EstateFactory(code="donghu", name_en="Donghu")


def marks(answer) -> dict[str, Mark]:
    """The marks of the first estate by item."""
    (row, *_others) = answer.context["table"].rows
    return {cell.item.code: cell.mark for block in row.blocks for cell in block.cells}


def labels(answer) -> list[str]:
    return re.findall(r'<a class="cell[^>]+aria-label="([^"]+)"', answer.content.decode())


def test_matrix_shows_each_state_by_its_mark(browser, estate):
    MandateFactory(item="3.1")
    MandateFactory(item="3.2")
    MandateFactory(item="3.2")
    MandateFactory(item="3.3", role=Mandate.Role.BACKSTOP)
    RulingFactory(estate=estate, need_item=item("4.1"))

    shown = marks(browser.get("/duties/"))

    assert [shown[code] for code in ("3.1", "3.2", "3.3", "4.1", "4.2")] == [
        Mark.CLEAR,
        Mark.MULTI_HEAD,
        Mark.BACKSTOP,
        Mark.RULED,
        Mark.VACUUM,
    ]
    assert len(shown) == 31


def test_matrix_says_in_words_what_a_cell_shows(browser, estate):
    BuildingFactory(estate=estate)
    building = BuildingFactory(estate=estate)
    MandateFactory(item="3.1")
    MandateFactory(item="3.1", building=building)
    logged_case(building=building)

    assert "Donghu, Waste sorting and collection: Multi-head, in some buildings only, open cases" in labels(
        browser.get("/duties/")
    )


def test_matrix_draws_the_mark_of_each_cell(browser, estate):
    MandateFactory(item="3.1")
    MandateFactory(item="3.2", role=Mandate.Role.BACKSTOP)

    page = browser.get("/duties/?fold=1,2,4,5,6,7,8,9,10,11").content.decode()

    cells = re.findall(r'<a class="cell" [^>]+>\s*<span class="mark ([\w-]+)" aria-hidden="true">(\w*)</span>', page)
    assert cells == [("mark--clear", ""), ("mark--back", "B"), ("mark--void", "V")]


def test_matrix_forgets_cases_that_have_ended(browser, estate):
    coordinator = MembershipFactory(coordinator=True)
    case = logged_case(building=BuildingFactory(estate=estate), by=coordinator)
    void_case(case, reason="twice", by=coordinator)

    assert not any("open cases" in label for label in labels(browser.get("/duties/")))


@pytest.mark.parametrize("days", [-1, 1])
def test_matrix_of_another_day_marks_no_cases(browser, estate, days):
    logged_case(building=BuildingFactory(estate=estate))

    shown = labels(browser.get("/duties/", {"at": timezone.localdate() + timedelta(days=days)}))

    assert len(shown) == 31
    assert not any("open cases" in label for label in shown)


def test_matrix_counts_every_state_in_its_legend_and_looks_for_one(browser, estate):
    MandateFactory(item="3.1")

    answer = browser.get("/duties/?state=clear")

    assert dict(answer.context["legend"]) == {
        Mark.VACUUM: 30,
        Mark.MULTI_HEAD: 0,
        Mark.BACKSTOP: 0,
        Mark.RULED: 0,
        Mark.CLEAR: 1,
    }
    assert labels(answer) == ["Donghu, Waste sorting and collection: Clear"]


def test_matrix_says_that_no_cell_is_in_the_state_that_is_looked_for(browser, estate):
    assert "No cell is in this state" in browser.get("/duties/?state=multi_head").content.decode()


def test_matrix_folds_classes_and_keeps_their_gaps(browser, estate):
    MandateFactory(item="3.1")

    answer = browser.get("/duties/?fold=3,4")

    folded = re.findall(r'<a class="fold" [^>]*href="([^"]+)" aria-label="([^"]+)"', answer.content.decode())
    assert folded == [
        ("/duties/?fold=4", "Environmental sanitation: 2 gaps"),
        ("/duties/?fold=3", "Public safety: 3 gaps"),
    ]
    assert len(labels(answer)) == 25


def test_matrix_shows_any_day(browser, estate):
    today = timezone.localdate()
    began = datetime.combine(today - timedelta(days=10), datetime.min.time(), SHANGHAI)
    ends = datetime.combine(today + timedelta(days=10), datetime.min.time(), SHANGHAI)
    MandateFactory(item="3.1", valid_from=began, valid_until=ends)

    shown = {
        days: marks(browser.get(f"/duties/?at={today + timedelta(days=days)}"))["3.1"] for days in (-11, -10, 0, 9, 10)
    }

    assert shown == {-11: Mark.VACUUM, -10: Mark.CLEAR, 0: Mark.CLEAR, 9: Mark.CLEAR, 10: Mark.VACUUM}


def test_matrix_carries_the_day_into_its_links(browser, estate):
    page = browser.get("/duties/?at=2026-03-01&fold=4").content.decode()

    assert 'href="/duties/donghu/3.1/?at=2026-03-01"' in page
    assert 'href="/duties/?at=2026-03-01&amp;fold=4&amp;state=vacuum"' in page
    assert 'value="2026-03-01"' in page


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31", "2024-02-29", "20240229"])
def test_matrix_takes_odd_days(browser, estate, day):
    assert browser.get("/duties/", {"at": day}).status_code == 200


@pytest.mark.parametrize(
    "day", ["2026-13-01", "2026-02-29", "yesterday", "10000-01-01", "0000-01-01", "1 OR 1=1", "\x00"]
)
def test_matrix_names_a_day_that_is_none_and_shows_today(browser, estate, day):
    MandateFactory(item="3.1")

    answer = browser.get("/duties/", {"at": day})

    assert answer.status_code == 422
    assert "As it stood on: Give a day as 2026-11-20. You see today." in answer.content.decode()
    assert marks(answer)["3.1"] is Mark.CLEAR


@pytest.mark.parametrize(("name", "label"), [("state", "State"), ("fold", "Folded classes")])
def test_matrix_names_what_else_makes_no_sense(browser, estate, name, label):
    answer = browser.get("/duties/", {name: "<b>nonsense"})

    assert answer.status_code == 422
    assert f"<span>{label}: " in answer.content.decode()
    assert len(labels(answer)) == 31


def test_matrix_says_that_there_is_no_estate_yet(browser):
    assert "No estate in your area" in browser.get("/duties/").content.decode()


def test_matrix_shows_estates_of_the_area_only(signed_in, estate):
    other = EstateFactory(name_en="Elsewhere")

    answer = signed_in(MembershipFactory(area=other.area)).get("/duties/")

    assert [row.estate for row in answer.context["table"].rows] == [other]


def test_matrix_shows_a_grid_worker_the_own_community(signed_in, estate):
    EstateFactory()
    neighbour = EstateFactory(grid=GridFactory(area=estate.area))
    worker = MembershipFactory(grid_worker=True, grid=estate.grid)

    answer = signed_in(worker).get("/duties/")

    assert {row.estate for row in answer.context["table"].rows} == {estate, neighbour}


def test_matrix_shows_no_cases_of_others(signed_in, estate):
    logged_case(building=BuildingFactory(estate=estate))

    answer = signed_in(MembershipFactory()).get("/duties/")

    assert not any("open cases" in label for label in labels(answer))


def test_matrix_shows_what_was_known_on_a_day(browser, estate):
    """The mandate was written down late: for months nobody knew of it."""
    with time_machine.travel("2026-03-20T00:00:00+00:00"):
        MandateFactory(item="3.1", valid_from=datetime(2026, 1, 1, tzinfo=SHANGHAI))

    shown = {
        days: marks(browser.get(f"/duties/?{days}"))["3.1"]
        for days in (
            "at=2026-02-01",
            "at=2026-02-01&known=then",
            "at=2026-02-01&known=2026-03-19",
            "at=2026-02-01&known=2026-03-20",
            "at=2026-02-01&known=on&known_on=2026-03-19",
        )
    }

    assert list(shown.values()) == [Mark.CLEAR, Mark.VACUUM, Mark.VACUUM, Mark.CLEAR, Mark.VACUUM]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("at=2026-02-01&known=then", "at=2026-02-01&amp;known=then"),
        ("at=2026-02-01&known=on&known_on=2026-03-19", "at=2026-02-01&amp;known=2026-03-19"),
        ("known=20260319", "known=2026-03-19"),
    ],
)
def test_matrix_carries_what_was_known_into_its_links(browser, estate, asked, kept):
    page = browser.get(f"/duties/?{asked}").content.decode()

    assert f'href="/duties/donghu/3.1/?{kept}"' in page
    assert f'href="/duties/?{kept}&amp;state=vacuum"' in page


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ({"known": "2026-02-30"}, "As known"),
        ({"known": "on"}, "As known on"),
        ({"known": "on", "known_on": "soon"}, "As known on"),
    ],
)
def test_matrix_names_a_day_of_knowing_that_is_none(browser, estate, asked, label):
    answer = browser.get("/duties/", asked)

    assert answer.status_code == 422
    assert f"{label}: Give a day as 2026-11-20. You see what is known now." in answer.content.decode()


def test_matrix_names_a_choice_of_knowing_that_is_none(browser, estate):
    answer = browser.get("/duties/?known=zzz")

    assert answer.status_code == 422
    assert "As known: There is no such choice. You see what is known now." in answer.content.decode()
    assert (answer.context["form"].known_choice, answer.context["form"].typed_known) == ("", "")


def test_matrix_keeps_what_it_looks_for_when_another_day_is_asked(browser, estate):
    page = browser.get("/duties/?state=vacuum&fold=3").content.decode()

    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)" form="days">', page) == [
        ("state", "vacuum"),
        ("fold", "3"),
    ]


def test_matrix_looks_at_one_area(browser, estate):
    other = EstateFactory()

    answer = browser.get("/duties/", {"area": other.area_id})

    assert [row.estate for row in answer.context["table"].rows] == [other]
    assert answer.context["axis"].months[0].vacuum == 0  # no episode of either is stored


@pytest.mark.parametrize(
    ("asked", "register"),
    [
        ({}, "/duties/gaps/"),
        ({"fold": "3", "known": "then", "at": "2026-02-01"}, "/duties/gaps/?at=2026-02-01"),
    ],
)
def test_matrix_leads_to_the_gaps_of_the_same_day(browser, estate, asked, register):
    answer = browser.get("/duties/", asked)

    assert answer.context["register"] == register
    assert browser.get(register).status_code == 200


def test_matrix_offers_to_import_a_duty_list_to_those_who_keep_duties_only(browser, signed_in, estate):
    pages = [each.get("/duties/").content.decode() for each in (browser, signed_in(MembershipFactory()))]

    assert ["Import a duty list" in page for page in pages] == [True, False]


def test_matrix_leads_to_the_gaps_of_the_same_community(browser, estate):
    EstateFactory()

    register = browser.get("/duties/", {"area": estate.area_id}).context["register"]

    assert register == f"/duties/gaps/?area={estate.area_id}"
    assert browser.get(register).status_code == 200


def test_matrix_leads_to_all_gaps_from_a_division_that_the_register_does_not_know(signed_in, estate):
    county = AreaFactory(code="379926000000")
    AreaFactory(code="379926102000")
    EstateFactory(grid=GridFactory(area=AreaFactory(code="379926102001")))

    answer = signed_in(MembershipFactory(coordinator=True, area=county)).get("/duties/", {"area": "379926102000"})

    assert (answer.status_code, answer.context["estates"], answer.context["register"]) == (200, 1, "/duties/gaps/")


def test_matrix_offers_no_area_where_there_is_one_community(browser, estate):
    EstateFactory(grid=estate.grid)

    assert 'name="area"' not in browser.get("/duties/").content.decode()


def test_matrix_names_an_area_that_it_does_not_know_and_shows_all(signed_in, estate):
    EstateFactory()
    hidden = EstateFactory()

    answer = signed_in(MembershipFactory(area=estate.area)).get("/duties/", {"area": hidden.area_id})

    assert answer.status_code == 422
    assert "Area: There is no such area here. You see all." in answer.content.decode()
    assert [row.estate for row in answer.context["table"].rows] == [estate]


def test_matrix_counts_gaps_by_community(browser, estate):
    EstateFactory(grid=estate.grid)
    MandateFactory(item="3.1", estate=estate)

    answer = browser.get("/duties/")

    assert [(group.community, len(group.rows), group.count) for group in answer.context["table"].groups] == [
        (estate.area, 2, 30 + 31)
    ]


def test_matrix_counts_what_it_shows_where_it_looks_for_one_state(browser, estate):
    MandateFactory(item="3.1")
    MandateFactory(item="3.2")
    MandateFactory(item="3.2")

    answer = browser.get("/duties/?state=multi_head&fold=4")

    (group,) = answer.context["table"].groups
    assert (group.count, group.rows[0].count) == (1, 1)
    assert sum(count for _column, counts in answer.context["table"].foot for count in counts) == 1
    assert "Estates in this state" in answer.content.decode()


def test_matrix_counts_the_gaps_that_the_register_lists(browser, estate):
    """A cell with places in two states is two lines of the register, and a backstop is one too."""
    EstateFactory()
    building = BuildingFactory(estate=estate)
    MandateFactory(building=building, item="3.1")
    MandateFactory(building=building, item="3.1")
    MandateFactory(estate=estate, item="3.2", role=Mandate.Role.BACKSTOP)
    refresh_episodes()

    answers = [browser.get("/duties/", asked) for asked in ({}, {"area": estate.area_id}, {"state": "vacuum"})]

    registers = [browser.get(answer.context["register"]) for answer in answers]
    assert [answer.context["gaps"] for answer in answers] == [answer.context["total"] for answer in registers]
    assert answers[1].context["gaps"] == 32


@pytest.mark.parametrize(("known", "is_counted"), [("then", False), ("2020-01-01", False), ("", True)])
def test_matrix_has_no_count_of_gaps_as_they_were_known(browser, estate, known, is_counted):
    answer = browser.get("/duties/", {"at": "2026-02-01", "known": known})

    assert (answer.context["gaps"] is not None) == is_counted
    assert ('<span class="count">' in answer.content.decode().split('id="gap-count"')[1].split("</a>")[0]) == is_counted


def test_matrix_says_that_a_day_lies_before_all_records(browser, estate):
    MandateFactory(item="3.1", valid_from=datetime(2024, 6, 5, tzinfo=SHANGHAI))
    other = MandateFactory(item="3.1", valid_from=datetime(2023, 1, 1, tzinfo=SHANGHAI))
    withdraw_mandate(other, by=MembershipFactory(coordinator=True))

    before, after = (browser.get("/duties/", {"at": day}).content.decode() for day in ("2024-06-04", "2024-06-05"))

    words = "On this day there was no duty record yet; the first holds from 2024-06-05."
    assert [words in page for page in (before, after)] == [True, False]


def test_matrix_changes_its_size_and_its_bars_with_the_area(browser, estate):
    """htmx takes the parts by these ids."""
    page = browser.get("/duties/").content.decode()

    (parts,) = set(re.findall(r'hx-select-oob="(#[^"]+)"', page.split("<main")[1].split("</main>")[0]))
    assert [page.count(f'id="{part[1:]}"') for part in parts.split(",")] == [1, 1, 1, 1]


def test_matrix_shows_a_page_of_estates_and_counts_all(browser, monkeypatch):
    monkeypatch.setattr("settle_gov.web.duties.table.PAGE", 2)
    for _ in range(3):
        EstateFactory()

    first, second, beyond = (browser.get("/duties/", {"page": page, "fold": "3"}) for page in (1, 2, 9))

    assert [len(labels(answer)) for answer in (first, second, beyond)] == [2 * 28, 28, 28]
    assert {answer.context["table"].counts[Mark.VACUUM] for answer in (first, second)} == {3 * 31}
    assert 'href="/duties/?fold=3&amp;page=2" rel="next"' in first.content.decode()
    assert "Estates 3 to 3 of 3" in second.content.decode()


def test_matrix_names_a_page_that_is_none(browser, estate):
    answer = browser.get("/duties/?page=0")

    assert answer.status_code == 422
    assert "Page: There is no such page. You see the first." in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_matrix_costs_the_same_for_any_number_of_estates(browser, django_assert_num_queries, count):
    EstateFactory()  # of another community, so that there are areas to choose from
    for _ in range(count):
        building = BuildingFactory()
        MandateFactory(building=building, item="3.1")
        logged_case(building=building)

    with django_assert_num_queries(14):
        browser.get("/duties/")

"""The time line of a cell."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
CELL = "/duties/donghu/3.1/"


def day(year: int, month: int = 1, number: int = 1) -> datetime:
    return datetime(year, month, number, tzinfo=SHANGHAI)


@pytest.fixture
def browser(signed_in):
    with time_machine.travel(day(2026, 7), tick=False):
        yield signed_in(MembershipFactory())


@pytest.fixture
def estate():
    return EstateFactory(code="donghu", name_en="Donghu")


def line(answer):
    return answer.context["look"].line


def rows(answer) -> list[tuple[str, str, str | None, str | None]]:
    return [(row.party, row.role, row.bar and row.bar.x, row.bar and row.bar.width) for row in line(answer).rows]


def test_bars_show_every_paper_that_ever_held_from_the_first_year_to_a_while_from_now(browser, estate):
    anju, village = PartyFactory(name_en="Anju", code="a"), PartyFactory(name_en="Village", code="b")
    MandateFactory(party=anju, valid_from=day(2025), item="3.1")
    MandateFactory(party=village, valid_from=day(2024), valid_until=day(2025, 7), item="3.1")
    RulingFactory(lead=anju, estate=estate, valid_from=day(2026), decided_at=day(2026))

    answer = browser.get(CELL)

    # 2024-01-01 to 2026-08-30 are 972 days
    assert rows(answer) == [
        ("Village", "Lead", "0.00%", "56.28%"),
        ("Anju", "Lead", "37.65%", "62.35%"),
        ("Anju", "Ruled", "75.21%", "24.79%"),
    ]
    assert [(tick.label, tick.x) for tick in line(answer).years] == [("2024", "0.00%"), ("2025", "37.65%")]
    assert (line(answer).today.label, line(answer).today.x) == ("Today", "93.83%")


def test_bars_end_in_how_the_place_stood_with_counts_where_there_is_room(browser, estate):
    anju, urban = PartyFactory(name_en="Anju", code="a"), PartyFactory(name_en="Urban", code="b")
    MandateFactory(party=anju, valid_from=day(2026), item="3.1")
    MandateFactory(party=urban, valid_from=day(2026, 4), valid_until=day(2026, 4, 5), item="3.1")

    answer = browser.get(CELL)

    assert [(bar.look, bar.label, bar.title) for bar in line(answer).states] == [
        ("bar-clear", "1 party", "Anju answers for it."),
        ("bar-many", "", "2 parties each answer for it: Anju, Urban."),
        ("bar-clear", "1 party", "Anju answers for it."),
    ]


def test_bars_of_a_party_that_was_closed_down_end_with_it(browser, estate):
    MandateFactory(party=PartyFactory(closed_at=day(2026, 3)), valid_from=day(2026), item="3.1")

    (row,) = line(browser.get(CELL)).rows

    assert (row.bar.x, row.bar.width) == ("0.00%", "24.48%")


def test_bars_leave_out_the_papers_of_other_buildings(browser, estate):
    first, second = BuildingFactory(estate=estate, code="d-1"), BuildingFactory(estate=estate, code="d-2")
    MandateFactory(party__name_en="Of the first", building=first)
    MandateFactory(party__name_en="Of the second", building=second)

    assert [row.party for row in line(browser.get(f"{CELL}?building=d-2")).rows] == ["Of the second"]
    assert [row.party for row in line(browser.get(f"{CELL}?building=")).rows] == []


def test_bars_name_a_day_that_is_not_today(browser, estate):
    drawn = line(browser.get(f"{CELL}?at=2026-03-01"))

    # 2026-01-01 to 2026-08-30 are 241 days: the present is in the drawing as well
    assert (drawn.today.label, drawn.today.x) == ("1 Mar", "24.90%")


@pytest.mark.parametrize("at", ["1900-01-01", "1900-01-02", "2024-02-29", "2200-12-30", "2200-12-31"])
def test_bars_are_drawn_for_odd_days(browser, estate, at):
    MandateFactory(valid_from=day(2026), valid_until=day(2027), item="3.1")
    MandateFactory(valid_from=day(2026, 3), item="3.1")

    answer = browser.get(CELL, {"at": at})

    assert answer.status_code == 200
    assert all(0 <= float(bar.x[:-1]) <= 100 and 0 <= float(bar.width[:-1]) <= 100 for bar in line(answer).states)


def test_bars_say_in_words_what_they_show(browser, estate):
    MandateFactory(party__name_en="Anju", valid_from=day(2026), item="3.1")

    page = browser.get(CELL).content.decode()

    assert '<svg class="chart" height="110" role="img" aria-labelledby="bars-title bars-text">' in page
    assert '<desc id="bars-text">Anju answers for it. Since 2026-01-01.</desc>' in page

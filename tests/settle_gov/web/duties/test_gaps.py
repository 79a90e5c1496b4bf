"""The gap register."""

import csv
import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cases.models import Case
from settle_gov.web.duties import gap_sheet, gaps
from stakeholders.models import Episode, StaleScope
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day(days: int) -> datetime:
    """Midnight of a day before or after today."""
    return datetime.combine(timezone.localdate() + timedelta(days=days), datetime.min.time(), SHANGHAI)


@pytest.fixture
def browser(signed_in):
    return signed_in(MembershipFactory(coordinator=True))


@pytest.fixture
def estate():
    return EstateFactory(code="donghu", name_en="Donghu")


def gap(estate, code="3.1", *, parties=(), **given):
    """An episode of the estate, written as it is."""
    values = {"state": "multi_head" if parties else "vacuum", "building": None} | given
    episode = Episode.objects.create(estate=estate, need_item=item(code), **values)
    episode.parties.set(parties)
    return episode


def lines(answer) -> list[str]:
    """The titles, from top to bottom."""
    return [f"{row.estate} {row.item.code}" for row, _cause in answer.context["rows"]]


def links(answer, words: str) -> list[str]:
    return [
        href.replace("&amp;", "&") for href in re.findall(rf'href="([^"]+)"[^>]*>{words}<', answer.content.decode())
    ]


def test_gaps_come_by_age(browser, estate):
    gap(estate, "3.1", since=day(-2))
    gap(estate, "3.2", since=day(-9))
    gap(estate, "3.3")
    gap(estate, "4.1", since=day(3))
    gap(estate, "4.2", since=day(-9), until=day(-3))

    answer = browser.get("/duties/gaps/")

    assert lines(answer) == ["Donghu 3.3", "Donghu 3.2", "Donghu 3.1"]
    assert re.findall(r"<b>(\d+ days?)</b>", answer.content.decode()) == ["9 days", "2 days"]
    assert answer.content.decode().count("since before all records") == 1


def test_gaps_of_places_alike_are_one_line(browser, estate):
    for number in range(5):
        gap(estate, building=BuildingFactory(estate=estate, name=f"{number}"))
    gap(estate)

    (row, _cause), *others = browser.get("/duties/gaps/").context["rows"]

    assert (row.where, others) == ("the whole estate", [])


def test_gaps_of_places_that_differ_stand_apart(browser, estate):
    ours, theirs, other = (PartyFactory(code=code) for code in "abc")
    houses = [BuildingFactory(estate=estate, code=f"h{number}", name=f"No. {number}") for number in range(1, 8)]
    gap(estate, parties=[ours, theirs])
    gap(estate, parties=[ours, theirs], building=houses[0])
    gap(estate, parties=[ours, other], building=houses[1])
    for house in houses[2:]:
        gap(estate, building=house)

    rows = [row for row, _cause in browser.get("/duties/gaps/").context["rows"]]

    assert [(row.mark.value, row.where, row.sentence) for row in rows] == [
        ("multi_head", "Common area, No. 1", f"2 parties each answer for it: {ours}, {theirs}."),
        ("multi_head", "No. 2", f"2 parties each answer for it: {ours}, {other}."),
        ("vacuum", "No. 3, No. 4, No. 5 and more, 5 places in all", "Nobody answers for it."),
    ]
    assert [row.url for row in rows] == [
        "/duties/donghu/3.1/",
        f"/duties/donghu/3.1/?building={houses[1].code}",
        f"/duties/donghu/3.1/?building={houses[2].code}",
    ]


def test_gaps_tell_the_open_cases_of_their_places_and_lead_to_just_these(browser, estate):
    inside, outside = BuildingFactory(estate=estate), BuildingFactory(estate=estate)
    gap(estate)
    gap(estate, building=inside)
    late = logged_case(building=inside)
    logged_case(estate=estate)
    logged_case(building=outside)
    logged_case(building=inside, need_item=item("3.2"))
    Case.objects.exclude(pk=late.pk).update(resolve_due_at=day(9))
    Case.objects.filter(pk=late.pk).update(resolve_due_at=day(-1))

    answer = browser.get("/duties/gaps/")
    ((row, _cause),) = answer.context["rows"]

    assert row.hanging == (2, 1)
    assert [len(browser.get(link).context["rows"]) for link in links(answer, "2 open cases")] == [2]
    assert [len(browser.get(link).context["rows"]) for link in links(answer, "1 overdue")] == [1]


def test_gaps_of_a_whole_estate_lead_to_its_cases(browser, estate):
    gap(estate)
    logged_case(estate=estate)

    assert links(browser.get("/duties/gaps/"), "1 open case") == ["/cases/?estate=donghu&need_item=3.1&open=true"]


def test_gaps_tell_no_cases_of_others(signed_in, estate):
    gap(estate)
    logged_case(estate=estate)

    ((row, _cause),) = signed_in(MembershipFactory()).get("/duties/gaps/").context["rows"]

    assert row.hanging == (0, 0)


def test_gaps_with_most_open_cases_come_first_and_those_without_not_at_all(browser, estate):
    for code, since in (("3.1", None), ("3.2", day(-3)), ("3.3", day(-9)), ("4.1", None)):
        gap(estate, code, since=since)
    for code in ("3.1", "3.2", "3.2", "3.3", "3.3"):
        logged_case(estate=estate, need_item=item(code))

    answer = browser.get("/duties/gaps/?sort=harm")

    assert lines(answer) == ["Donghu 3.3", "Donghu 3.2", "Donghu 3.1"]
    assert lines(browser.get("/duties/gaps/?cases=true")) == ["Donghu 3.1", "Donghu 3.3", "Donghu 3.2"]
    assert dict(answer.context["legend"])["vacuum"] == 3
    assert "3 cells · only those on which open cases hang" in " ".join(answer.content.decode().split())


def test_gaps_are_counted_cell_by_cell_in_each_state(browser, estate):
    gap(estate)
    gap(estate, building=BuildingFactory(estate=estate))
    gap(estate, building=BuildingFactory(estate=estate), parties=PartyFactory.create_batch(2))
    gap(estate, "3.2", state="backstop")

    answer = browser.get("/duties/gaps/?state=backstop")

    assert dict(answer.context["legend"]) == {"vacuum": 1, "multi_head": 1, "backstop": 1}
    assert lines(answer) == ["Donghu 3.2"]
    assert "1 / 3 cells" in answer.content.decode()


def test_gaps_of_any_day(browser, estate):
    gap(estate, "3.1", since=day(-20), until=day(-10))
    gap(estate, "3.2", since=day(10))

    shown = {days: lines(browser.get(f"/duties/gaps/?at={day(days):%Y-%m-%d}")) for days in (-21, -20, -11, -10, 9, 10)}

    assert shown == {
        -21: [],
        -20: ["Donghu 3.1"],
        -11: ["Donghu 3.1"],
        -10: [],
        9: [],
        10: ["Donghu 3.2"],
    }


def test_gaps_to_come_say_what_ends(browser, estate):
    parties = PartyFactory.create_batch(3)
    MandateFactory(item="3.1", party=parties[0], valid_until=day(40))
    RulingFactory(estate=estate, need_item=item("3.2"), lead=parties[1], valid_until=day(20))
    MandateFactory(item="3.3", valid_until=day(100))
    MandateFactory(item="4.1", party=parties[2], valid_until=day(40))
    MandateFactory(item="4.1", valid_from=day(40))
    refresh_episodes()

    answer = browser.get("/duties/gaps/?coming=true")

    assert [(row.item.code, row.days_ahead, cause) for row, cause in answer.context["rows"]] == [
        ("3.2", 20, f"The ruling for {parties[1]} ends."),
        ("3.1", 40, f"The duty of {parties[0]} ends."),
    ]
    assert f"/duties/donghu/3.1/?at={day(40):%Y-%m-%d}" in answer.content.decode()


def test_gaps_to_come_say_what_begins_and_who_is_closed_down(browser, estate):
    closing, leading, second, disclaiming = PartyFactory.create_batch(4)
    for code in ("3.1", "3.2"):
        MandateFactory(item=code, party=closing, role="lead" if code == "3.1" else "support")
    closing.closed_at = day(10)
    closing.save()
    for code in ("1.1", "1.2"):
        MandateFactory(item=code, party=leading)
    MandateFactory(item="1.1", party=second, valid_from=day(20), valid_until=day(60))
    MandateFactory(item="1.2", party=second, role="support", valid_from=day(20))
    MandateFactory(item="4.1", party=disclaiming)
    MandateFactory(item="4.1", party=disclaiming, role="disclaim", estate=estate, valid_from=day(30))
    refresh_episodes()

    answer = browser.get("/duties/gaps/?coming=true")

    assert [(row.item.code, row.days_ahead, cause) for row, cause in answer.context["rows"]] == [
        ("3.1", 10, f"{closing} is closed down."),
        ("1.1", 20, f"A duty of {second} begins."),
        ("4.1", 30, f"{disclaiming} disclaims it."),
    ]


def test_a_gap_that_only_changes_is_not_about_to_come(browser, estate):
    gap(estate, until=day(5))
    gap(estate, since=day(5), parties=PartyFactory.create_batch(2))
    gap(estate, "3.2", since=day(5))

    assert lines(browser.get("/duties/gaps/?coming=true")) == ["Donghu 3.2"]


@pytest.mark.parametrize("order", ["", "&sort=harm"])
def test_gaps_go_on_behind_the_last_line(browser, monkeypatch, order):
    monkeypatch.setattr(gaps, "PAGE_SIZE", 2)
    for number in range(3):
        estate = EstateFactory(name_en=f"E{number}")
        for code, since in (("3.1", None), ("3.2", day(-3)), ("3.3", day(-3))):
            gap(estate, code, since=since)
            logged_case(estate=estate, need_item=item(code))
    expected = [f"E{number} 3.1" for number in range(3)]
    expected += [f"E{number} {code}" for number in range(3) for code in ("3.2", "3.3")]

    seen, address = [], f"/duties/gaps/?state=vacuum{order}"
    while address:
        answer = browser.get(address)
        seen += lines(answer)
        address = answer.context["next"]

    assert seen == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=vacuum", ["Donghu 3.1"]),
        ("need_item=1.1", ["Donghu 1.1"]),
        ("need_class=3", ["Donghu 3.1"]),
        ("estate=donghu", ["Donghu 1.1", "Donghu 3.1"]),
        ("parties=anju", ["Donghu 1.1"]),
        ("area=379926101999", ["Elsewhere 4.1"]),
        ("area=&estate=&need_item=", ["Donghu 1.1", "Donghu 3.1", "Elsewhere 4.1"]),
    ],
)
def test_gaps_filter(browser, estate, query, expected):
    gap(estate, "1.1", parties=[PartyFactory(code="anju"), PartyFactory()])
    gap(estate, "3.1")
    elsewhere = EstateFactory(name_en="Elsewhere", grid__area=AreaFactory(code="379926101999"))
    gap(elsewhere, "4.1", state="backstop")

    assert sorted(lines(browser.get(f"/duties/gaps/?{query}"))) == expected


@pytest.mark.parametrize("address", ["/duties/gaps/", "/duties/gaps/export/"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("state=clear", "State: Select a valid choice."),
        ("colour=red", "There is no filter “colour”."),
        ("open=true", "There is no filter “open”."),
        ("estate=nowhere", "estate: There is no “nowhere” here."),
        ("at=2026-02-30", "As it stood on: Give a day as 2026-11-20."),
        ("coming=1", "Coming gaps: Select a valid choice."),
        ("sort=name", "Order: Select a valid choice."),
        ("parties=a%00b", "parties: Null characters are not allowed."),
    ],
)
def test_gaps_name_what_makes_no_sense(browser, estate, address, query, said):
    gap(estate)

    answer = browser.get(f"{address}?{query}")

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Donghu" not in answer.content.decode()


@pytest.mark.parametrize("key", ["x", "0..1.1", "0..1.1.clear", "0.9" + "9" * 17 + ".1.1.vacuum", "0.1.1.1.vacuum.2"])
def test_gaps_refuse_what_is_no_page(browser, estate, key):
    gap(estate)

    assert browser.get(f"/duties/gaps/?after={key}").status_code == 400


def test_gaps_of_the_area_only(signed_in, estate):
    other = EstateFactory(name_en="Elsewhere")
    gap(estate)
    gap(other)
    browser = signed_in(MembershipFactory(coordinator=True, area=other.area))

    assert lines(browser.get("/duties/gaps/")) == ["Elsewhere 3.1"]
    assert browser.get("/duties/gaps/?estate=donghu").status_code == 422
    assert table(browser.get("/duties/gaps/export/"))[1][2] == "Elsewhere"


def test_gaps_offer_to_rule_to_those_who_may_and_only_today(signed_in, estate):
    gap(estate)
    coordinator, auditor = (signed_in(MembershipFactory(**{role: True})) for role in ("coordinator", "auditor"))

    assert links(coordinator.get("/duties/gaps/"), "Rule on it") == ["/duties/donghu/3.1/#rule"]
    assert links(coordinator.get(f"/duties/gaps/?at={day(-1):%Y-%m-%d}"), "Rule on it") == []
    assert links(auditor.get("/duties/gaps/"), "Rule on it") == []


def test_gaps_say_that_changes_are_being_reckoned(browser, signed_in, estate):
    StaleScope.objects.create(estate=estate)
    elsewhere = signed_in(MembershipFactory(coordinator=True, area=AreaFactory()))

    assert "1 change is being reckoned" in browser.get("/duties/gaps/").content.decode()
    assert "being reckoned" not in elsewhere.get("/duties/gaps/").content.decode()


@pytest.mark.parametrize(
    ("query", "said"), [("", "No gap<"), ("?coming=true", "No gap is coming"), ("?state=vacuum", "No gap matches")]
)
def test_gaps_say_why_there_are_none(browser, estate, query, said):
    assert said in browser.get(f"/duties/gaps/{query}").content.decode()


def test_gaps_show_each_filter_with_a_way_out(browser, estate):
    gap(estate)

    page = browser.get("/duties/gaps/?estate=donghu&at=2026-03-01&cases=true").content.decode()

    assert "Estate: Donghu ✕" in page
    assert 'href="/duties/gaps/?estate=donghu&amp;at=2026-03-01"' in page


def test_gaps_offer_selects_when_asked(browser, estate):
    page = browser.get("/duties/gaps/?choose=true&estate=donghu&state=vacuum").content.decode()

    assert '<option value="donghu" selected>' in page
    assert '<input type="hidden" name="state" value="vacuum">' in page


@pytest.mark.parametrize("count", [1, 3])
def test_gaps_cost_the_same_for_any_number(browser, django_assert_num_queries, count):
    for _ in range(count):
        estate = EstateFactory()
        gap(estate, building=BuildingFactory(estate=estate), parties=PartyFactory.create_batch(2))
        gap(estate, since=day(-3))
        logged_case(estate=estate)

    # session, user, membership · inbox and notices on the bar · counts · cells begun before and in the records
    # · episodes, parties, buildings, cases of the page · changes not yet reckoned, cells that drifted
    with django_assert_num_queries(14):
        assert len(browser.get("/duties/gaps/").context["rows"]) == 2 * count


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("address", ["/duties/gaps/", "/duties/gaps/export/"])
def test_gaps_are_only_read(browser, method, address):
    assert getattr(browser, method)(address).status_code == 405


def table(answer) -> list[list[str]]:
    """The exported table, as a spreadsheet reads it."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_export_gives_one_row_a_place(browser, estate):
    building = BuildingFactory(estate=estate, name="3 栋")
    parties = [PartyFactory(code=code) for code in "ab"]
    gap(estate, since=day(-8), parties=parties)
    gap(estate, building=building, since=day(-8), until=day(5), parties=parties)
    logged_case(building=building)
    Case.objects.update(resolve_due_at=day(9))
    gap(estate, "3.2", state="backstop")

    answer = browser.get("/duties/gaps/export/?state=multi_head")
    head, *rows = table(answer)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="gaps-{timezone.localdate()}.csv"'
    assert head[:3] == ["State", "Community", "Estate"]
    names, since = f"{parties[0]}, {parties[1]}", f"{day(-8):%Y-%m-%d} 00:00"
    assert [row[2:4] + row[5:6] + row[7:13] for row in rows] == [
        ["Donghu", "Common area", "3.1", names, since, "", "8", "0", "0"],
        ["Donghu", "3 栋", "3.1", names, since, f"{day(5):%Y-%m-%d} 00:00", "8", "1", "0"],
    ]


def test_export_speaks_the_language_of_the_reader_to_its_end(signed_in, estate, monkeypatch):
    monkeypatch.setattr(gap_sheet, "AT_ONCE", 1)
    estate.name = "东湖新居"
    estate.save()
    gap(estate, "3.1")
    gap(estate, "3.2")

    answer = signed_in(MembershipFactory(coordinator=True), "zh-hans").get("/duties/gaps/export/")

    assert [row[2] for row in table(answer)[1:]] == ["东湖新居", "东湖新居"]


def test_export_lets_no_text_begin_a_formula(browser):
    for number, name in enumerate(("=1+1", "+1", "-1", "@x", "fine")):
        gap(EstateFactory(code=f"e{number}", name_en=name))

    assert [row[2] for row in table(browser.get("/duties/gaps/export/"))[1:]] == ["'=1+1", "'+1", "'-1", "'@x", "fine"]


def test_export_costs_the_same_for_any_number_of_rows(browser, estate, django_assert_num_queries):
    counts = []
    for code in ("3.1", "3.2", "3.3"):
        gap(estate, code)
        counts.append(len(table(browser.get("/duties/gaps/export/"))))
        with django_assert_num_queries(6):  # session, user, membership · episodes, parties, cases
            table(browser.get("/duties/gaps/export/"))

    assert counts == [2, 3, 4]

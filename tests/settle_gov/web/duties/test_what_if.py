"""Trying out duties: rows that stand on the page only, and what they would change."""

import html
import re
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.outcome import EffectName
from stakeholders.models import Mandate
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

PAGE = "/duties/what-if/"
DAY = timedelta(days=1)
NEW_YEAR = datetime(2026, 1, 1)  # noqa: DTZ001 -- made aware where it is used


@pytest.fixture
def browser(signed_in):
    return signed_in(MembershipFactory(coordinator=True))


@pytest.fixture
def estate():
    return EstateFactory(code="donghu", name_en="Donghu")


@pytest.fixture
def party():
    return PartyFactory(code="anju", name_en="Anju Property")


def row(prefix="new", **given):
    """What is typed into one row."""
    today = timezone.localdate().isoformat()
    values = {"party": "anju", "role": "lead", "place": "estate:donghu", "matter": "item:3.1", "valid_from": today}
    return {f"{prefix}-{name}": value for name, value in (values | given).items()}


def text(answer) -> str:
    """The words of the page."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return html.unescape(re.sub(r"\s+", " ", plain))


def hidden(answer) -> dict[str, str]:
    """What the page keeps of the rows that were added."""
    inputs = re.findall(r'<input type="hidden" name="(row[0-9][^"]+)" value="([^"]*)"', answer.content.decode())
    return dict(inputs)


def counts(answer) -> dict[str, int]:
    return {name.name: count for name, count in answer.context["outcome"].counts}


def complaints(answer) -> list[str]:
    return [f"{label}: {error}" for label, _target, error in answer.context["drafts"].complaints]


def row_counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def duty_list(*lines: str) -> SimpleUploadedFile:
    header = "party,role,estate,matter,from,basis"
    return SimpleUploadedFile("list.csv", "\n".join([header, *lines]).encode())


def test_what_if_begins_empty_and_with_what_the_address_names(browser, estate, party):
    answer = browser.get(f"{PAGE}?estate=donghu&item=3.1")

    assert answer.status_code == 200
    new = answer.context["drafts"].new
    assert (new["place"].value(), new["matter"].value(), new["role"].value()) == ("estate:donghu", "item:3.1", "lead")
    assert "outcome" not in answer.context
    assert browser.get(f"{PAGE}?estate=nowhere&item=99.9").context["drafts"].new["place"].value() == ""


def test_what_if_shows_what_a_row_would_change(browser, estate, party):
    BuildingFactory(estate=estate)

    answer = browser.post(PAGE, {"rows": "0"} | row())

    assert answer.status_code == 200
    assert counts(answer) == {"CLOSED": 2, "OPENED": 0, "ALTERED": 0, "MOVED": 0}
    outcome = answer.context["outcome"]
    [(shown, [pair])] = outcome.rows
    assert (shown, pair.before, pair.after) == (estate, Mark.VACUUM, Mark.CLEAR)
    assert pair.label == "Donghu, Waste sorting and collection: Vacuum, then Clear"
    [line] = outcome.lines
    assert (line.before.where, line.before.sentence) == ("Common area and all buildings", "Nobody answers for it.")
    assert line.after.sentence == "Anju Property answers for it."
    assert "Nothing is saved" in text(answer)


def test_what_if_takes_row_after_row(browser, estate, party):
    PartyFactory(code="other")

    first = browser.post(PAGE, {"rows": "0"} | row())
    second = browser.post(PAGE, {"rows": "1"} | hidden(first) | row(party="other"))

    assert hidden(first) == row("row0")
    assert hidden(second) == row("row0") | row("row1", party="other")
    assert counts(second) == {"CLOSED": 0, "OPENED": 0, "ALTERED": 1, "MOVED": 0}
    new = second.context["drafts"].new
    assert (new["party"].value(), new["place"].value()) == ("", "estate:donghu")
    again = browser.post(PAGE, {"rows": "2"} | hidden(second) | row(party="", matter="", place=""))
    assert hidden(again) == hidden(second)
    assert counts(again) == counts(second)


def test_what_if_takes_a_row_out_and_keeps_what_is_being_typed(browser, estate, party):
    rows = row("row0") | row("row1", matter="item:1.1")

    answer = browser.post(PAGE, {"rows": "2", "remove": "0"} | rows | row(party="", matter="item:4.1"))

    assert hidden(answer) == row("row0", matter="item:1.1")
    assert answer.status_code == 200
    assert [each.code for each in answer.context["outcome"].items] == ["1.1"]
    assert answer.context["drafts"].new["matter"].value() == "item:4.1"


@pytest.mark.parametrize(
    ("place", "matter", "cells"),
    [
        ("estate:donghu", "class:3", 6),
        ("estate:donghu", "all", 62),
        ("building:donghu-1", "item:3.1", 1),
        ("area:379926101000", "item:3.1", 2),
    ],
)
def test_what_if_takes_every_width_of_place_and_matter(browser, estate, party, place, matter, cells):
    BuildingFactory(estate=estate, code="donghu-1")

    assert counts(browser.post(PAGE, {"rows": "0"} | row(place=place, matter=matter)))["CLOSED"] == cells


def test_what_if_tells_gaps_opened_altered_and_moved_apart(browser, party):
    for code, role in (("a", "lead"), ("b", "backstop")):
        MandateFactory(estate=EstateFactory(code=code), role=role)

    rows = row("row0", place="estate:a") | row("row1", place="estate:b", role="backstop")
    answer = browser.post(PAGE, {"rows": "2"} | rows)

    assert counts(answer) == {"CLOSED": 0, "OPENED": 1, "ALTERED": 1, "MOVED": 0}
    assert "2 parties each answer for it" in text(answer)
    assert [str(name.label) for name in EffectName] == ["Gaps closed", "Gaps opened", "Gaps altered", "In other hands"]


def test_what_if_draws_the_worst_of_the_places_and_leaves_out_what_does_not_change(browser, estate, party):
    building = BuildingFactory(estate=estate, code="donghu-1")
    BuildingFactory(estate=estate)
    other = EstateFactory()
    RulingFactory(estate=other, need_item=item("3.1"))

    rows = row("row0", place=f"building:{building.code}") | row("row1", place=f"estate:{other.code}", matter="item:1.1")
    answer = browser.post(PAGE, {"rows": "2"} | rows)

    grid = {
        shown: [(pair.item.code, pair.before, pair.after) for pair in pairs]
        for shown, pairs in answer.context["outcome"].rows
    }
    assert grid == {
        estate: [("1.1", Mark.VACUUM, None), ("3.1", Mark.VACUUM, Mark.VACUUM)],
        other: [("1.1", Mark.VACUUM, Mark.CLEAR), ("3.1", Mark.RULED, None)],
    }
    assert [line.before.where for line in answer.context["outcome"].lines] == [building.name, "Common area"]


def test_what_if_says_that_nothing_would_change(browser, estate, party):
    RulingFactory(estate=estate)

    assert "Nothing would change" in text(browser.post(PAGE, {"rows": "0"} | row()))


def test_what_if_looks_at_the_day_on_which_all_rows_hold(browser, estate, party):
    today = timezone.localdate()
    first, later = today + 30 * DAY, today + 60 * DAY
    rows = row("row0", valid_from=first.isoformat()) | row("row1", matter="item:1.1", valid_from=later.isoformat())

    by_itself = browser.post(PAGE, {"rows": "2"} | rows)
    asked = browser.post(PAGE, {"rows": "2", "at": first.isoformat()} | rows)

    assert (by_itself.context["drafts"].day, counts(by_itself)["CLOSED"]) == (later, 2)
    assert (asked.context["drafts"].day, counts(asked)["CLOSED"]) == (first, 1)
    assert "1 duty has not begun by that day" in text(asked)


def test_what_if_names_cases_that_would_have_gone_out_at_once(browser, estate, party):
    building = BuildingFactory(estate=estate)
    yesterday = timezone.now() - DAY
    case = logged_case(building=building, at=yesterday)
    logged_case(building=building, at=yesterday, need_item=item("1.1"))

    answer = browser.post(PAGE, {"rows": "0"} | row())

    assert f'href="{case.get_absolute_url()}"' in answer.content.decode()
    assert "1 case of the last quarter would have gone out at once" in text(answer)
    assert "to Anju Property" in text(answer)
    assert "Of the cases that you see, 2 were reported in the 90 days before" in text(answer)


def test_what_if_names_row_and_field_and_keeps_what_was_typed(browser, estate, party):
    rows = row("row0") | row("row1", party="nobody", valid_from="yesterday")

    answer = browser.post(PAGE, {"rows": "2", "at": "31.12."} | rows | row(matter="", valid_from="2026-02-30"))

    assert answer.status_code == 422
    assert "outcome" not in answer.context
    assert complaints(answer) == [
        "Row 2 · Party: Select a valid choice. nobody is not one of the available choices.",
        "Row 2 · First day: Give a day as 2026-11-20.",
        "New row · For what: Choose for what it holds.",
        "New row · First day: Give a day as 2026-11-20.",
        "Day to look at: Give a day as 2026-11-20.",
    ]
    assert hidden(answer) == row("row0")
    page = answer.content.decode()
    for target in re.findall(r'<a href="#([^"]+)">', page):
        assert f'id="{target}"' in page
    for typed in ("yesterday", "2026-02-30", "31.12."):
        assert f'value="{typed}"' in page


def test_what_if_takes_fifty_rows_and_no_more(browser, estate, party):
    full: dict[str, str] = {"rows": "50"}
    for number in range(50):
        full |= row(f"row{number}")

    assert browser.post(PAGE, full | row(party="", matter="", place="")).status_code == 200
    answer = browser.post(PAGE, full | row())

    assert answer.status_code == 422
    assert complaints(answer) == ["New row: At most 50 rows can be typed; put a longer list into a file."]
    assert browser.post(PAGE, full | {"rows": "51"}).status_code == 422
    assert browser.post(PAGE, row()).status_code == 422


def test_what_if_reads_a_duty_list_and_tries_out_its_good_rows(browser, estate, party):
    MandateFactory(party=party, estate=estate, item="1.1", basis="x", valid_from=timezone.make_aware(NEW_YEAR))
    file = duty_list(
        "anju,lead,donghu,3.1,2026-01-01,x",
        "anju,lead,donghu,1.1,2026-01-01,x",
        "nobody,lead,donghu,3.2,2026-01-01,x",
    )

    answer = browser.post(PAGE, {"rows": "1", "file": file} | row("row0", matter="item:4.1"))

    assert answer.status_code == 200
    assert counts(answer)["CLOSED"] == 2
    words = text(answer)
    assert "1 duty is tried out." in words
    assert "1 row stands in the ledger already." in words
    assert "1 row cannot be used and is left out:" in words
    assert "Row 4: " in words
    assert "nobody" in words


def test_what_if_names_a_file_that_is_no_duty_list(browser, estate, party):
    for file in (
        SimpleUploadedFile("list.pdf", b"%PDF"),
        SimpleUploadedFile("list.csv", b""),
        SimpleUploadedFile("list.csv", b"a,b\n1,2"),
    ):
        answer = browser.post(PAGE, {"rows": "1", "file": file} | row("row0"))

        assert answer.status_code == 422
        assert [each.partition(":")[0] for each in complaints(answer)] == ["Duty list"]
        assert hidden(answer) == row("row0")


def test_what_if_refuses_a_file_that_is_too_large(browser, estate, party, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000

    answer = browser.post(PAGE, {"rows": "0", "file": duty_list("x" * 2001)})

    assert answer.status_code == 422
    assert "at most 2.0 KB are taken" in complaints(answer)[0].replace("\xa0", " ")


def test_what_if_refuses_a_file_of_too_many_rows(browser, estate, party):
    answer = browser.post(PAGE, {"rows": "0", "file": SimpleUploadedFile("list.csv", b"a\n" * 20_001)})

    assert answer.status_code == 422
    assert complaints(answer) == [
        "Duty list: The file has more than 20,000 rows, empty ones counted. Split it, or delete the empty rows."
    ]
    assert "CSV or XLSX, at most 20,000 rows." in text(answer)


def test_what_if_saves_nothing(browser, estate, party, django_capture_on_commit_callbacks):
    known = MandateFactory(estate=estate)
    logged_case(building=BuildingFactory(estate=estate), at=timezone.now() - DAY)
    browser.get(PAGE)
    before = row_counts()

    with django_capture_on_commit_callbacks() as callbacks:
        answer = browser.post(PAGE, {"rows": "0", "file": duty_list("anju,lead,donghu,3.2,2026-01-01,x")} | row())

    assert counts(answer)["OPENED"] > 0
    assert (row_counts(), callbacks) == (before, [])
    assert Mandate.objects.get() == known


def test_what_if_offers_and_shows_only_what_is_seen(signed_in, estate, party):
    elsewhere = EstateFactory(code="elsewhere")
    building = BuildingFactory(estate=elsewhere)
    logged_case(building=building, at=timezone.now() - DAY)
    PartyFactory(code="foreign", area=AreaFactory(code="440106001000"))
    PartyFactory(code="closed", closed_at=timezone.now() - DAY)
    browser = signed_in(MembershipFactory(auditor=True, area=estate.area))

    offered = browser.get(PAGE).content.decode()
    refused = browser.post(PAGE, {"rows": "0"} | row(place="estate:elsewhere", party="foreign"))
    answer = browser.post(PAGE, {"rows": "0"} | row(place=f"area:{estate.area_id}", matter="all"))

    assert re.findall(r'value="((?:estate|building|area):[^"]+)"', offered) == [
        "estate:donghu",
        f"area:{estate.area_id}",
    ]
    assert 'value="anju"' in offered
    assert 'value="foreign"' not in offered
    assert 'value="closed"' not in offered
    assert len(complaints(refused)) == 2
    assert [shown for shown, _pairs in answer.context["outcome"].rows] == [estate]
    assert answer.context["hindsight"].considered == 0


def test_what_if_counts_for_a_grid_worker_only_the_own_community(signed_in, estate, party):
    EstateFactory()
    worker = MembershipFactory(grid_worker=True, grid=estate.grid)

    answer = signed_in(worker).post(PAGE, {"rows": "0"} | row(place="area:379926101000"))

    assert counts(answer)["CLOSED"] == 1


def test_what_if_draws_marks_in_the_language_of_the_reader(signed_in, estate, party):
    for language, drawn in (("en", "V"), ("zh-hans", "空")):
        browser = signed_in(MembershipFactory(coordinator=True), language)

        answer = browser.post(PAGE, {"rows": "0"} | row())

        [(_estate, [pair])] = answer.context["outcome"].rows
        assert re.findall(r"mark--void[^>]*>([^<]+)<", pair.drawing) == [drawn]


def test_what_if_is_for_members(client):
    assert client.get(PAGE).status_code == 302


def test_what_if_cuts_what_is_too_long_and_says_so(browser, party, monkeypatch):
    monkeypatch.setattr("settle_gov.web.duties.outcome.MOST_ESTATES", 2)
    monkeypatch.setattr("settle_gov.web.duties.outcome.MOST_LINES", 1)
    for _each in range(3):
        EstateFactory()

    answer = browser.post(PAGE, {"rows": "0"} | row(place="area:379926101000"))

    assert (len(answer.context["outcome"].rows), len(answer.context["outcome"].lines)) == (2, 1)
    assert "1 more estate changes and is not drawn." in text(answer)
    assert "2 more changes are counted above, but not listed." in text(answer)


@pytest.mark.parametrize("count", [1, 3])
def test_what_if_costs_the_same_for_any_number_of_rows(browser, party, django_assert_num_queries, count):
    rows: dict[str, str] = {}
    for number in range(count):
        building = BuildingFactory()
        logged_case(building=building, at=timezone.now() - DAY)
        rows |= row(f"row{number}", place=f"building:{building.code}")
    browser.get(PAGE)

    # who asks; what there is to choose from; what is reached, and its ledger; past cases, and who is closed down;
    # the ledger for the matrix; names of what changes; the two numbers on top of every page
    with django_assert_num_queries(3 + 5 + 3 + 3 + 5 + 3 + 2 + 2):
        answer = browser.post(PAGE, {"rows": str(count)} | rows)

    assert counts(answer)["CLOSED"] == count
    assert len(answer.context["cases"]) == count


def test_what_if_refuses_a_party_that_is_closed_down_by_then(browser, estate):
    PartyFactory(code="anju", closed_at=timezone.now() + 5 * DAY)
    today = timezone.localdate()

    answer = browser.post(PAGE, {"rows": "0"} | row(valid_from=(today + 9 * DAY).isoformat()))

    assert answer.status_code == 422
    assert complaints(answer) == ["New row · Party: This party is closed down."]
    assert browser.post(PAGE, {"rows": "0"} | row(valid_from=today.isoformat())).status_code == 200

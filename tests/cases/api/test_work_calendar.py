"""The work calendar by REST."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from cases.calendar_source import source_words
from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.work_calendar import load_work_calendar
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
CALENDAR = "work-calendar/"
THURSDAY = "work-calendar/2026-11-19/"


@pytest.fixture
def keeper() -> ApiClient:
    return ApiClient(MembershipFactory(administrator=True, user__name="赵敏"))


@pytest.fixture
def reader() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def correct(client: ApiClient, path: str, body: Any) -> Any:
    return client.patch(ROOT + path, body, content_type="application/json")


@pytest.mark.parametrize("rows", [1, 3])
def test_work_calendar_reads_a_year_in_as_many_queries_for_one_day_as_for_three(
    reader: ApiClient, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    kept = WorkCalendarDay.objects.filter(date__year=2026).order_by("date")[:rows]
    days = [{"date": str(day.date), "kind": day.kind, "reason": day.name, "source": day.source} for day in kept]
    WorkCalendarDay.objects.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    source = WorkCalendarYear.objects.get(year=2026).source
    reader.read(CALENDAR, year=2026)

    with django_assert_num_queries(3):
        answer = reader.read(CALENDAR, year=2026)
    assert answer == {"year": 2026, "is_confirmed": True, "source": source, "days": days}


def test_work_calendar_of_a_year_that_nobody_expects_is_not_confirmed(reader: ApiClient) -> None:
    assert reader.read(CALENDAR, year=2199) == {"year": 2199, "is_confirmed": False, "source": "", "days": []}


def test_day_is_corrected_and_put_back(keeper: ApiClient) -> None:
    day = {"date": "2026-11-19", "kind": "off", "reason": "停工", "source": "by hand: 赵敏"}

    assert correct(keeper, THURSDAY, {"kind": "off", "reason": "停工"}).json() == day
    assert not load_work_calendar().is_working_day(date(2026, 11, 19))
    assert correct(keeper, THURSDAY, {"kind": "off"}).json() == day
    answer = correct(keeper, THURSDAY, {"kind": "work"})
    assert (answer.status_code, answer.json()) == (200, {**day, "kind": "work", "reason": "", "source": ""})
    assert load_work_calendar().is_working_day(date(2026, 11, 19))


def test_day_without_a_reason_is_called_after_its_kind_in_the_language_of_the_reader(keeper: ApiClient) -> None:
    shown = correct(keeper, "work-calendar/2026-11-21/", {"kind": "work"}).json()

    assert (shown["reason"], shown["source"]) == ("make-up working day", "by hand: 赵敏")
    assert WorkCalendarDay.objects.get(date="2026-11-21").name == ""
    with translation.override("zh-hans"):
        words = {"reason": str(WorkCalendarDay.Kind.WORK.label), "source": source_words("by hand: 赵敏")}
    chinese = ApiClient(MembershipFactory(coordinator=True), language="zh-CN").read(CALENDAR, year=2026)["days"]
    assert [each for each in chinese if each["date"] == "2026-11-21"] == [
        {"date": "2026-11-21", "kind": "work", **words}
    ]
    assert words["reason"] != "make-up working day"


def test_year_is_confirmed_once(keeper: ApiClient) -> None:
    year = timezone.localdate().year + 1
    WorkCalendarYear.objects.filter(year=year).update(status="provisional")

    answer = keeper.send(f"work-calendar/{year}/confirm/").json()
    assert (answer["is_confirmed"], answer["source"]) == (True, "by hand: 赵敏")
    assert keeper.read(CALENDAR, year=year) == answer
    assert year in load_work_calendar().confirmed_years
    refused(keeper.send(f"work-calendar/{year}/confirm/"), 400, "year")
    back = keeper.send(f"work-calendar/{year}/withdraw/").json()
    assert back == answer | {"is_confirmed": False}
    assert year not in load_work_calendar().confirmed_years
    refused(keeper.send(f"work-calendar/{year}/withdraw/"), 400, "year")


@pytest.mark.parametrize("year", [timezone.localdate().year + 3, 2200])
def test_year_that_is_not_announced_is_not_confirmed(keeper: ApiClient, year: int) -> None:
    problem = refused(keeper.send(f"work-calendar/{year}/confirm/"), 400, "year")

    assert "not announced yet" in problem["errors"][0]["reason"]
    assert problem["errors"][0]["code"] == "not_announced"


def test_year_without_a_day_off_is_not_confirmed(keeper: ApiClient) -> None:
    problem = refused(keeper.send("work-calendar/1999/confirm/"), 400, "year")

    assert problem["errors"][0]["reason"].startswith("No day off of 1999 is entered")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["year"]),
        ("?year=", ["year"]),
        ("?year=1899", ["year"]),
        ("?year=2201", ["year"]),
        ("?year=9999", ["year"]),
        ("?year=10000", ["year"]),
        (f"?year={10**30}", ["year"]),
        ("?year=-1", ["year"]),
        ("?year=20%0026", ["year"]),
        ("?year=2026&year=2027", ["year"]),
        ("?year=2026&fields=days", ["fields"]),
    ],
)
def test_work_calendar_names_what_is_wrong_with_its_address(reader: ApiClient, query: str, names: list[str]) -> None:
    refused(reader.get(f"{ROOT}{CALENDAR}{query}"), 400, *names)


@pytest.mark.parametrize(
    ("day", "body", "names"),
    [
        ("2026-02-30", {"kind": "off"}, ["date"]),
        ("2026-W47-4", {"kind": "off"}, ["date"]),
        ("20%00-1-1", {"kind": "off"}, ["date"]),
        ("0001-01-01", {"kind": "off"}, ["date"]),
        ("1899-12-29", {"kind": "off"}, ["date"]),
        ("2201-01-01", {"kind": "off"}, ["date"]),
        ("9999-12-31", {"kind": "off"}, ["date"]),
        ("2026-11-22", {"kind": "off"}, ["date"]),
        ("2026-11-19", {"kind": "work"}, ["date"]),
        ("2026-11-19", {}, ["kind"]),
        ("2026-11-19", {"kind": ["off"]}, ["kind"]),
        ("2026-11-19", {"kind": "off", "reason": "a\0"}, ["reason"]),
        ("2026-11-19", {"kind": "off", "reason": ""}, ["reason"]),
        ("2026-11-19", {"kind": "off", "reason": "x" * 81}, ["reason"]),
        ("2026-11-19", {"kind": "off", "name": "x"}, ["name"]),
        ("2026-10-01", {"kind": "work", "reason": "x"}, ["reason"]),
    ],
)
def test_day_names_what_is_wrong(keeper: ApiClient, day: str, body: Any, names: list[str]) -> None:
    before = list(WorkCalendarDay.objects.values())

    refused(correct(keeper, f"work-calendar/{day}/", body), 400, *names)
    assert list(WorkCalendarDay.objects.values()) == before


@pytest.mark.parametrize(
    ("year", "body", "name"),
    [("26", {}, "year"), ("9999", {}, "year"), ("9" * 30, {}, "year"), ("2027", {"by": "me"}, "by")],
)
@pytest.mark.parametrize("done", ["confirm", "withdraw"])
def test_confirming_a_year_names_what_is_wrong(keeper: ApiClient, done: str, year: str, body: Any, name: str) -> None:
    refused(keeper.send(f"work-calendar/{year}/{done}/", body), 400, name)


def test_last_day_that_a_calendar_can_hold_is_reckoned_with(keeper: ApiClient) -> None:
    assert correct(keeper, "work-calendar/2200-12-31/", {"kind": "off"}).status_code == 200
    assert not load_work_calendar().is_working_day(date(2200, 12, 31))


def test_work_calendar_is_read_by_who_sees_an_area_and_written_by_administrators(reader: ApiClient) -> None:
    refused(correct(reader, THURSDAY, {"kind": "off"}), 403)
    refused(reader.send("work-calendar/2027/confirm/"), 403)
    refused(reader.send("work-calendar/2026/withdraw/"), 403)
    refused(ApiClient(MembershipFactory()).get(f"{ROOT}{CALENDAR}?year=2026"), 403)


def test_work_calendar_is_written_by_those_whose_area_is_the_whole_installation() -> None:
    estate = EstateFactory()
    narrow = ApiClient(MembershipFactory(administrator=True, area=estate.area))
    assert correct(narrow, THURSDAY, {"kind": "off"}).status_code == 200  # while there is nothing elsewhere
    EstateFactory()

    for answer in (
        correct(narrow, THURSDAY, {"kind": "work"}),
        narrow.send("work-calendar/2027/confirm/"),
        narrow.send("work-calendar/2026/withdraw/"),
    ):
        assert "holds for the whole installation" in refused(answer, 403)["detail"]
    assert narrow.read(CALENDAR, year=2026)["is_confirmed"]
    assert not load_work_calendar().is_working_day(date(2026, 11, 19))

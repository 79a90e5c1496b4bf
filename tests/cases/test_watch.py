"""Reading the clocks of cases."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from cases.clocks import set_clock
from cases.models import Case, DeadlineRule
from cases.watch import Reading, Watch
from cases.work_calendar import load_work_calendar
from cases.worktime import Unit
from tests.factories.cases import MONDAY, logged_case

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
DUE = datetime(2026, 11, 17, 17, 30, tzinfo=ZONE)
Clock = DeadlineRule.Clock


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def reading(case: Case, now: datetime, clock: Clock = Clock.RESOLVE) -> Reading | None:
    return Watch(now, load_work_calendar()).read(case, clock)


def told(case: Case, now: datetime, clock: Clock = Clock.RESOLVE) -> tuple[str, str] | None:
    read = reading(case, now, clock)
    return (read.tone, read.long_text) if read else None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MONDAY, ("", "1 working day 6 h left")),
        (datetime(2026, 11, 17, 8, tzinfo=ZONE), ("", "1 working day left")),
        (datetime(2026, 11, 17, 14, 10, 59, tzinfo=ZONE), ("", "3 h 19 min left")),
        (datetime(2026, 11, 17, 14, 11, tzinfo=ZONE), ("soon", "3 h 19 min left")),  # a quarter of 13 h 16 min
        (datetime(2026, 11, 17, 15, 20, tzinfo=ZONE), ("soon", "2 h 10 min left")),
        (datetime(2026, 11, 17, 17, 29, 30, tzinfo=ZONE), ("soon", "less than 1 min left")),
        (DUE, ("soon", "less than 1 min left")),
        (DUE + timedelta(seconds=1), ("over", "Overdue")),
        (datetime(2026, 11, 18, 9, 0, tzinfo=ZONE), ("over", "Overdue by 30 min")),
        (datetime(2026, 11, 20, 15, 20, tzinfo=ZONE), ("over", "Overdue by 2 working days 4 h")),
        (datetime(2027, 3, 1, 15, 20, tzinfo=ZONE), ("over", "Overdue by 68 working days")),
    ],
)
def test_watch_counts_working_time_for_a_deadline_in_working_days(now: datetime, expected: tuple[str, str]) -> None:
    case = logged_case()
    assert case.resolve_due_at == DUE

    assert told(case, now) == expected


def test_watch_counts_all_time_for_a_deadline_in_hours() -> None:
    case = logged_case()
    set_clock(case, Clock.RESOLVE, 200, Unit.HOUR, load_work_calendar(), at=DUE - timedelta(hours=200))

    assert told(case, DUE - timedelta(days=2, hours=3, minutes=4)) == ("", "2 days 3 h left")
    assert told(case, DUE - timedelta(days=1, seconds=1)) == ("", "1 day left")
    assert told(case, DUE - timedelta(days=1)) == ("soon", "1 day left")
    assert told(case, DUE + timedelta(hours=14)) == ("over", "Overdue by 14 h")


def test_watch_calls_soon_what_a_query_for_it_finds() -> None:
    case = logged_case()

    for now in (case.due_soon_at - timedelta(microseconds=1), case.due_soon_at):
        found = Case.objects.filter(due_soon_at__lte=now).exists()
        assert (reading(case, now).tone == "soon") is found


def test_watch_reads_when_each_clock_is_near() -> None:
    case = logged_case()  # to be contacted within four working hours

    assert case.contact_due_at == datetime(2026, 11, 16, 15, 14, tzinfo=ZONE)
    assert told(case, datetime(2026, 11, 16, 14, 13, tzinfo=ZONE), Clock.CONTACT) == ("", "1 h 1 min left")
    assert told(case, datetime(2026, 11, 16, 14, 14, tzinfo=ZONE), Clock.CONTACT) == ("soon", "1 h left")


def test_watch_calls_the_last_day_soon_where_it_was_not_written_when_that_begins() -> None:
    case = logged_case()
    del case.deadlines["contact"]["soon_at"]

    assert told(case, MONDAY, Clock.CONTACT) == ("soon", "4 h left")


def test_watch_reads_a_deadline_without_arithmetic() -> None:
    case = logged_case()
    case.deadlines = {}

    assert told(case, DUE + timedelta(days=3)) == ("over", "Overdue by 3 days")


def test_watch_reads_what_has_stopped() -> None:
    case = logged_case()
    case.resolved_at = DUE - timedelta(hours=1)

    assert told(case, DUE + timedelta(days=9)) == ("done", "In time, 1 h early")
    assert reading(case, DUE).text == "In time"
    case.resolved_at = DUE + timedelta(days=1)
    assert told(case, DUE + timedelta(days=9)) == ("late", "Late by 1 working day")


def test_watch_reads_each_clock_by_what_stops_it() -> None:
    case = logged_case()
    case.contacted_at = MONDAY + timedelta(minutes=16)

    assert told(case, DUE, Clock.CONTACT) == ("done", "In time, 3 h 44 min early")
    assert told(case, DUE, Clock.SIGN) is None


def test_watch_has_nothing_to_read_without_a_deadline() -> None:
    case = logged_case()

    case.stage = Case.Stage.VOID
    assert told(case, DUE) is None
    case.stage, case.resolve_due_at = Case.Stage.OPENED, None
    assert told(case, DUE) is None


def test_watch_reads_a_case_on_hold() -> None:
    case = logged_case()
    case.stage = Case.Stage.ON_HOLD

    assert told(case, DUE + timedelta(days=9)) == ("pause", "On hold")


def test_watch_says_that_a_deadline_is_provisional_while_it_runs() -> None:
    case = logged_case(at=datetime(2031, 3, 3, 9, tzinfo=ZONE))
    assert case.due_is_provisional

    assert reading(case, case.reported_at).is_provisional
    case.resolved_at = case.reported_at
    assert not reading(case, case.reported_at).is_provisional


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (datetime(2026, 11, 20, 15, 20, tzinfo=ZONE), timedelta(hours=2, minutes=10)),
        (datetime(2026, 11, 20, 7, 0, tzinfo=ZONE), timedelta(hours=7)),
        (datetime(2026, 11, 20, 18, 0, tzinfo=ZONE), timedelta()),
        (datetime(2026, 11, 21, 10, 0, tzinfo=ZONE), timedelta()),
        (datetime(2026, 11, 20, 23, 0, tzinfo=ZoneInfo("UTC")), timedelta()),
    ],
)
def test_watch_knows_how_much_is_left_of_today(now: datetime, left: timedelta) -> None:
    assert Watch(now, load_work_calendar()).left_today() == left

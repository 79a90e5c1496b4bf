"""Times as people and spreadsheets write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from cases.worktime import ZONE
from spreadsheets.moments import parse_moment
from tests.spreadsheets.files import WIDE

MORNING = datetime(2019, 4, 25, 9, 32, tzinfo=ZONE)
MIDNIGHT = datetime(2019, 4, 25, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2019/4/25 09:32:09", MORNING + timedelta(seconds=9)),
        ("2019-04-25 09:32", MORNING),
        ("2019-04-25T09:32:00", MORNING),
        ("2019.4.25 9:32", MORNING),
        ("  2019-04-25   09:32 ", MORNING),
        ("2019-04-25 09:32".translate(WIDE), MORNING),
        ("2019年4月25日 9时32分", MORNING),
        ("2019年4月25日9时32分09秒", MORNING + timedelta(seconds=9)),
        ("2019年4月25日9时", MORNING - timedelta(minutes=32)),
        ("2019年4月25日", MIDNIGHT),
        ("2019-4-25", MIDNIGHT),
        ("2019-04-25T09:32:00.123456", MORNING),
        ("2019-04-25T01:32:00Z", datetime(2019, 4, 25, 1, 32, tzinfo=UTC)),
        ("2019-04-25T09:32:00+08:00", MORNING),
        ("2019-04-25 09:32 -0530", datetime(2019, 4, 25, 9, 32, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
        (datetime(2019, 4, 25, 9, 32), MORNING),  # noqa: DTZ001 -- as a spreadsheet gives it
        (date(2019, 4, 25), MIDNIGHT),
    ],
)
def test_parse_moment_reads_what_offices_write(written: object, moment: datetime) -> None:
    assert parse_moment(written, ZONE) == moment


@pytest.mark.parametrize(
    "written",
    [
        "", None, "明天", "2019-13-01", "2019-02-29", "2019-04-25 24:00", "2019-04-25 9:60", "25/4/2019", "2019-04",
        "20190425", "2019-4-109:32", 43580.397, 2019, "2019-04-25 09:32 之前", "2019-04-25 上午", True,
    ],
)  # fmt: skip
def test_parse_moment_guesses_nothing(written: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(written, ZONE)

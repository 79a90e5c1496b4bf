"""A ledger of messages is taken over: figures, history, idempotence, and what is refused."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.importing.report import ImportReport
from cases.importing.span import Span
from cases.models import Case, CaseEvent, Finding, NumberSeries
from cases.services import import_cases as module
from cases.services.import_cases import import_cases
from cases.services.sweep_clocks import sweep_clocks
from cases.worktime import ZONE
from spreadsheets.open_table import open_table
from tests.factories.stakeholders import AreaFactory, TownFactory
from tests.spreadsheets.files import Rows, csv_file, xlsx_file

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "samples" / "messages.csv"
HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复时间"]


@pytest.fixture(autouse=True)
def _town() -> None:
    TownFactory()


def sample_rows() -> list[list[str]]:
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def message(number: int | str, reported: str = "2019/3/4 08:12:00", answered: str = "", title: str = "灯") -> list[str]:
    return [str(number), "居民甲", title, reported, "楼道全黑", answered]


def take(rows: Rows, **given: object) -> ImportReport:
    return import_cases(csv_file([HEADER, *rows]), name="messages.csv", **given)


def figures(report: ImportReport) -> Sequence[int]:
    """Rows, added, known, refused."""
    return report.rows, report.added, report.known, len(report.refusals)


def as_date(written: object) -> datetime:
    """A date cell: spreadsheets know no time zones."""
    return datetime.strptime(f"{written} +0800", "%Y/%m/%d %H:%M:%S %z").replace(tzinfo=None)


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Case, CaseEvent, Finding, NumberSeries))


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "gb18030", "xlsx", "xlsx with dates"])
@pytest.mark.parametrize(
    ("due", "late"),
    [
        (None, 9),
        (Span.parse("15 calendar_day"), 9),
        (Span.parse("5 working_day"), 22),
        (Span.parse("15 working_day"), 4),
    ],
)
def test_the_sample_is_late_as_often_as_a_calendar_on_the_wall_says(form: str, due: Span | None, late: int) -> None:
    rows: list[list[object]] = list(sample_rows())
    if form == "xlsx with dates":
        rows[1:] = [[*row[:3], as_date(row[3]), row[4], as_date(row[5])] for row in rows[1:]]
    file = xlsx_file(rows) if form.startswith("xlsx") else csv_file(rows, form)

    report = import_cases(file, name="m.xlsx" if form.startswith("xlsx") else "m.csv", due=due)

    assert figures(report) == (30, 30, 0, 0)
    assert (report.closed, report.late, report.open, report.overdue) == (30, late, 0, 0)


def test_an_answered_row_becomes_a_closed_case_with_its_real_times() -> None:
    with SAMPLE.open("rb") as file:
        import_cases(file, name="messages.csv")

    case = Case.objects.get(external_id="QH-1005")
    reported = datetime(2019, 3, 4, 10, 1, tzinfo=ZONE)
    assert (case.reported_at, case.opened_at) == (reported, reported)
    assert case.resolved_at == case.closed_at == datetime(2019, 3, 19, 17, 30, 1, tzinfo=ZONE)
    assert case.resolve_due_at == datetime(2019, 3, 19, 17, 30, tzinfo=ZONE)
    assert (case.stage, case.responsibility, case.channel) == ("closed", "unlocated", "hotline")
    assert (case.area, case.reporter_name, case.logged_by) == (TownFactory(), "居民戊", None)
    assert case.number == "AZ-20190304-0005"
    assert list(Case.objects.matching("漫步机")) == list(Case.objects.matching("20190304 0005")) == [case]


def test_history_tells_from_which_row_a_case_comes() -> None:
    take([message(1)])

    event = CaseEvent.objects.get(kind="imported")
    assert (event.kind, event.by, event.digest) == ("imported", None, event.digest_after(""))
    assert event.details == {"file": "messages.csv", "row": 2, "mapping": "messages"}
    assert timezone.now() - event.at < timedelta(minutes=1)


def test_deadlines_name_the_rule_or_that_there_is_none() -> None:
    take([message(1)])
    take([message(2)], due=Span.parse("5 working_day"))

    by_rule, by_span = (case.deadlines["resolve"] for case in Case.objects.order_by("id"))
    assert (by_rule["amount"], by_rule["unit"], by_rule["rule"] is None) == (15, "calendar_day", False)
    assert (by_span["amount"], by_span["unit"], by_span["rule"]) == (5, "working_day", None)


def test_open_rows_wait_to_be_located_and_the_first_sweep_flags_what_is_overdue() -> None:
    now = timezone.localtime()
    rows = [message(1), message(2, "2024/2/29 08:00:00"), message(3, f"{now:%Y-%m-%d} 00:00")]

    report = take([*rows, message(4, answered="2019/3/5 08:00:00")])

    assert (report.open, report.overdue, report.closed, report.late) == (3, 2, 1, 0)
    assert Case.objects.to_locate().count() == Case.objects.filter(stage="opened").count() == 3
    assert sweep_clocks() == 2
    before = everything()
    assert sweep_clocks() == 0
    assert everything() == before


def test_a_second_run_adds_nothing_and_says_the_same() -> None:
    first = take(sample_rows()[1:])
    before = everything()

    second = take(sample_rows()[1:])

    assert everything() == before
    assert figures(second) == (30, 0, 30, 0)
    assert (second.closed, second.late) == (first.closed, first.late)


def test_a_dry_run_writes_nothing_and_says_the_same() -> None:
    take([message("QH-1001")])
    before, rows = everything(), [*sample_rows()[1:], message("", title="")]

    dry = take(rows, dry_run=True)

    assert everything() == before
    assert figures(dry) == figures(take(rows)) == (31, 29, 1, 1)
    assert dry.late == 9


def test_the_number_elsewhere_counts_per_channel() -> None:
    Case.objects.create(
        number="AZ-20190303-0001", title="灯", channel="wechat", external_id="1", area=TownFactory(),
        responsibility="unlocated", reported_at=timezone.now(),
    )  # fmt: skip

    assert figures(take([message(1)])) == (1, 1, 0, 0)


def test_a_number_repeated_in_a_file_is_known_or_refused() -> None:
    report = take([message(1), message(2), message(1), message(2, title="水"), message("", title="")])

    assert figures(report) == (5, 2, 1, 2)
    assert [refusal.number for refusal in report.refusals] == [5, 6]
    assert (report.open, Case.objects.get(external_id="2").title) == (2, "灯")


def test_a_row_repeated_after_a_refused_one_is_taken() -> None:
    assert figures(take([message(1, title=""), message(1)])) == (2, 1, 0, 1)


def test_good_rows_are_kept_and_refused_ones_come_back_with_reasons() -> None:
    rows = [["来信台账", "", "", "", "", ""], HEADER, message(1), message(2, "昨天"), message(3, title="灯" * 121)]
    rows.append([*message(4), "多"])
    target = io.BytesIO()

    report = import_cases(csv_file(rows, "gb18030"), name="a.csv")
    report.write_errors(target)

    assert figures(report) == (4, 1, 0, 3)
    lines = list(csv.reader(io.StringIO(target.getvalue().decode("gb18030"))))
    assert [line[:6] for line in lines] == [rows[0], *[row[:6] for row in (HEADER, *rows[3:])]]
    assert [line[6:7] for line in lines[2:]] == [list(refusal.problems) for refusal in report.refusals]
    assert lines[2][6].startswith("留言时间")
    assert lines[4][7] == "多"


def test_a_mended_file_of_errors_is_taken_and_comes_back_with_one_column_of_reasons() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    take([message(1, "昨天"), message(2, "前天")]).write_errors(first)
    mended = io.BytesIO(first.getvalue().decode("utf-8-sig").replace("昨天", "2019-03-04").encode("utf-8-sig"))

    report = import_cases(mended, name="messages.errors.csv")
    report.write_errors(second)

    assert (figures(report), report.unread) == ((2, 1, 0, 1), [])
    before, after = (list(open_table(each, "a.csv").rows()) for each in (first, second))
    assert after == [before[0], (2, before[2][1])]


def test_what_is_done_stays_when_an_import_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 10)

    def die(done: int, total: int) -> None:
        if (done, total) == (20, 30):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(sample_rows()[1:], progress=die)

    assert Case.objects.count() == CaseEvent.objects.count() == 20
    assert figures(take(sample_rows()[1:])) == (30, 10, 20, 0)


def test_a_row_that_somebody_else_adds_meanwhile_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    take([message(1)])
    looked, really = [], module._unknown

    def unknown(readings: dict[int, module.Reading]) -> dict[int, module.Reading]:
        looked.append(len(readings))
        return readings if len(looked) == 1 else really(readings)  # the first look is a moment too early

    monkeypatch.setattr(module, "_unknown", unknown)

    assert figures(take([message(1), message(2)])) == (2, 1, 1, 0)
    assert looked == [2, 2]
    added = Case.objects.get(external_id="2")
    assert (added.version, added.head_digest) == (1, added.events.last().digest)
    assert added.resolve_due_at is not None


@pytest.mark.usefixtures("known_rules")
@pytest.mark.parametrize("count", [1, 3])
def test_an_import_is_set_based(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [message(number) for number in range(count)]

    with django_assert_num_queries(14):  # 5 about places, items and parties, 1 about rules and the calendar, 8 a chunk
        take(rows)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (csv_file([HEADER, message(1)], "utf-16"), "a.csv"),
        (csv_file([HEADER[:4], message(1)[:4]]), "a.csv"),
        (csv_file([HEADER, message(1)]), "a.xlsx"),
        (xlsx_file([HEADER, message(1)]), "a.csv"),
        (io.BytesIO(xlsx_file([HEADER, message(1)]).getvalue()[:-100]), "a.xlsx"),
        (io.BytesIO(csv_file([HEADER, message(1)]).getvalue() + '2,"甲'.encode()), "a.csv"),
        (csv_file([[*HEADER, "留言主题"], [*message(1), "水"]]), "a.csv"),
    ],
    ids=["encoding", "missing column", "text as workbook", "workbook as text", "broken", "open quote", "column twice"],
)
def test_a_bad_file_changes_nothing(file: io.BytesIO, name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        import_cases(file, name=name)

    assert refused.value.messages[0].startswith("a.")
    assert everything() == (0, 0, 0, 0)


def test_the_area_must_be_known_where_there_is_not_one_town() -> None:
    with pytest.raises(ValidationError):
        take([message(1)], area="999999999999")
    TownFactory(code="379926102000")
    with pytest.raises(ValidationError):
        take([message(1)])
    assert not Case.objects.exists()

    community = AreaFactory()
    take([message(1)], area=community.code)

    assert Case.objects.get().area == community


def test_without_a_town_the_area_must_be_named() -> None:
    TownFactory().delete()

    with pytest.raises(ValidationError):
        take([message(1)])

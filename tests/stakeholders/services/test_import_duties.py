"""A duty list becomes mandates: all good rows at once, or none."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.db.models import F
from openpyxl import Workbook
from pytest_django import DjangoAssertNumQueries

from stakeholders.coverage import State
from stakeholders.models import Episode, Estate, Mandate, Membership, StaleScope
from stakeholders.services import import_duties as service
from stakeholders.services.import_duties import import_duties
from stakeholders.services.refresh_episodes import refresh_episodes
from stakeholders.services.withdraw_mandate import withdraw_mandate
from stakeholders.what_if import Effect
from tests.factories.cases import item
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
)
from tests.spreadsheets.files import xlsx_file
from tests.stakeholders.duty_list.lists import HEADER, duty_file, duty_row

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, tzinfo=UTC)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def donghu() -> Estate:
    PartyFactory(code="anju", name="安居物业")
    PartyFactory(code="donghu", name="东湖社区居委会")
    return EstateFactory(code="donghu", name="东湖新居")


def run(file: io.BytesIO, by: Membership, name: str = "清单.csv", **options: object):
    return import_duties(file, name=name, by=by, **{"at": NOW, **options})


def test_good_rows_become_mandates(coordinator, donghu):
    file = duty_file(duty_row("anju", 小区="donghu"), duty_row("donghu", 小区="donghu", 职责="协办", 事项="3"))

    report = run(file, coordinator)

    assert (len(report.good), report.known, report.refusals, report.rows) == (2, 0, [], 2)
    assert list(
        Mandate.objects.order_by("id").values_list("party__code", "role", "need_item__code", "need_class__code")
    ) == [("anju", "lead", "3.1", None), ("donghu", "support", None, "3")]
    assert set(Mandate.objects.values_list("estate", "recorded_at", "recorded_by")) == {
        (donghu.pk, NOW, coordinator.pk)
    }


def test_episodes_follow_after_commit(coordinator, donghu, django_capture_on_commit_callbacks):
    refresh_episodes()

    with django_capture_on_commit_callbacks(execute=True):
        run(duty_file(duty_row("anju", 小区="donghu"), duty_row("donghu", 小区="donghu")), coordinator)

    episodes = Episode.objects.filter(need_item=item("3.1")).order_by(F("since").asc(nulls_first=True))
    assert [(each.state, each.since, each.until) for each in episodes] == [
        (State.VACUUM, None, NEW_YEAR),
        (State.MULTI_HEAD, NEW_YEAR, None),
    ]
    assert not StaleScope.objects.exists()


def test_dry_run_says_what_would_change_and_writes_nothing(coordinator, donghu):
    BuildingFactory(estate=donghu)
    MandateFactory(estate=donghu, item="3.2")

    report = run(
        duty_file(
            duty_row("anju", 小区="donghu"),
            duty_row("anju", 小区="donghu", 事项="3.2"),
            duty_row("anju", 小区="donghu", 事项="3.3", 职责="兜底"),
        ),
        coordinator,
        dry_run=True,
    )

    assert report.effects == {Effect.CLOSED: 2, Effect.OPENED: 2, Effect.ALTERED: 2}
    assert {(each.item.need_item, each.before.state, each.after.state) for each in report.changes} == {
        (item("3.1").pk, State.VACUUM, State.CLEAR),
        (item("3.2").pk, State.CLEAR, State.MULTI_HEAD),
        (item("3.3").pk, State.VACUUM, State.BACKSTOP),
    }
    assert Mandate.objects.count() == 1
    assert not StaleScope.objects.exists()


def test_changes_are_told_for_the_day_when_the_last_row_has_begun(coordinator, donghu):
    now = run(duty_file(duty_row("anju", 小区="donghu")), coordinator, dry_run=True)
    later = run(
        duty_file(duty_row("anju", 小区="donghu"), duty_row("donghu", 小区="donghu", 起始日期="2027-03-01")),
        coordinator,
        dry_run=True,
    )

    assert now.at == NOW
    assert later.at == datetime(2027, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [change.after.state for change in later.changes] == [State.MULTI_HEAD]


def test_second_run_knows_every_row(coordinator, donghu):
    rows = [duty_row("anju", 小区="donghu", 截止日期="2027-12-31"), duty_row("donghu", 区划=donghu.area_id)]
    run(duty_file(*rows), coordinator)

    report = run(duty_file(*rows), coordinator)

    assert (len(report.good), report.known, report.changes) == (0, 2, [])
    assert Mandate.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        {"职责": "协办"},
        {"事项": "3.2"},
        {"事项": "3"},
        {"起始日期": "2026-01-02"},
        {"截止日期": "2027-12-31"},
        {"依据": "移交纪要"},
        {"小区": "", "区划": "379926101000"},
    ],
)
def test_row_that_differs_in_anything_is_not_known(coordinator, donghu, other):
    run(duty_file(duty_row("anju", 小区="donghu")), coordinator)

    assert len(run(duty_file(duty_row("anju", **{"小区": "donghu"} | other)), coordinator).good) == 1


def test_row_of_a_mandate_that_was_withdrawn_is_not_known(coordinator, donghu):
    run(duty_file(duty_row("anju", 小区="donghu")), coordinator, at=NOW - timedelta(days=1))
    withdraw_mandate(Mandate.objects.get(), by=coordinator, at=NOW)

    assert len(run(duty_file(duty_row("anju", 小区="donghu")), coordinator).good) == 1


def test_row_that_the_file_repeats_is_known_and_one_with_other_evidence_refused(coordinator, donghu):
    row = duty_row("anju", 小区="donghu")

    report = run(duty_file(row, duty_row("安居物业", 小区="东湖新居"), [*row[:-1], "第 9 条"]), coordinator)

    assert (list(report.good), report.known) == ([2], 1)
    assert [(each.number, *each.problems) for each in report.refusals] == [
        (4, "佐证: Row 2 names the same duty with other evidence; keep one of them.")
    ]


def test_row_that_differs_from_the_ledger_in_its_evidence_only_is_refused(coordinator, donghu):
    rows = [duty_row("anju", 小区="donghu", 事项=code, 佐证=f"第 {code} 条") for code in ("3.1", "3.2", "3.3")]
    run(duty_file(*rows), coordinator)
    rows[0][-1], rows[1][-1] = "第 9 条", ""

    report = run(duty_file(*rows, duty_row("nobody", 小区="donghu")), coordinator)

    assert (report.good, report.known) == ({}, 2)
    assert [(each.number, each.cells[-1], *each.problems) for each in report.refusals] == [
        (
            2,
            "第 9 条",
            "佐证: The ledger has this duty with other evidence. Withdraw it there, then record it with this evidence.",
        ),
        (5, "", "责任单位: “nobody” is not known here."),
    ]


def test_three_bad_rows_among_two_hundred_leave_the_others(coordinator, donghu):
    rows = [duty_row("anju", 小区="donghu", 依据=f"合同第 {number} 条") for number in range(200)]
    rows[10] = duty_row("nobody", 小区="donghu")
    rows[20] = duty_row("anju", 小区="donghu", 截止日期="2025-01-01")
    rows[30] = duty_row("anju", 小区="donghu", 事项="3.1", 类别="1")

    report = run(duty_file(*rows), coordinator)

    assert Mandate.objects.count() == len(report.good) == 197
    assert [(each.number, *each.problems) for each in report.refusals] == [
        (12, "责任单位: “nobody” is not known here."),
        (22, "截止日期: The end must be later than the beginning."),
        (32, "事项: This is no item of the class Property and housing."),
    ]


def test_refused_rows_come_back_in_a_file_like_the_one_that_was_sent(coordinator, donghu):
    sent = duty_file(duty_row("nobody", 小区="donghu"), duty_row("anju", 小区="donghu"), encoding="gb18030")
    target = io.BytesIO()

    run(sent, coordinator).write_refused(target)

    header, row = target.getvalue().decode("gb18030").splitlines()
    assert header == ",".join([*HEADER, "What is wrong"])
    assert row == "nobody,主责,,donghu,,,3.1,2026-01-01,,物业服务合同第 8 条,,责任单位: “nobody” is not known here."
    again = run(io.BytesIO(target.getvalue().replace(b"nobody", b"anju")), coordinator, dry_run=True)
    assert (again.known, again.refusals, again.unread) == (1, [], [])


def test_nothing_stays_of_an_import_that_dies(coordinator, donghu, monkeypatch):
    def die(*_args: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(service, "refresh_after_commit", die)

    with pytest.raises(DatabaseError):
        run(duty_file(duty_row("anju", 小区="donghu")), coordinator)
    assert not Mandate.objects.exists()


def test_outcome_that_has_changed_since_is_not_recorded(coordinator, donghu):
    file = duty_file(duty_row("anju", 小区="donghu"))
    outcome = run(file, coordinator, dry_run=True).outcome
    mandate = MandateFactory(estate=donghu, item="3.1")

    with pytest.raises(ValidationError) as refused:
        run(file, coordinator, outcome=outcome)

    assert refused.value.code == "changed"
    assert Mandate.objects.get() == mandate


def test_outcome_that_is_the_same_is_recorded_though_time_went_by(coordinator, donghu):
    file = duty_file(duty_row("anju", 小区="donghu"), duty_row("nobody"))
    outcome = run(file, coordinator, dry_run=True).outcome

    run(file, coordinator, outcome=outcome, at=NOW + timedelta(minutes=5))

    assert Mandate.objects.count() == 1


@pytest.mark.parametrize("role", ["auditor", "administrator", "api_client", "grid_worker"])
def test_who_may_not_keep_the_ledger_may_not_even_try(donghu, role):
    for dry_run in (True, False):
        with pytest.raises(PermissionDenied):
            run(duty_file(duty_row("anju", 小区="donghu")), MembershipFactory(**{role: True}), dry_run=dry_run)
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("清单.csv", b"", "empty"),
        ("清单.xlsx", b"PK\x03\x04 nonsense", "xlsx"),
        ("清单.xls", b"", "suffix"),
        ("清单.pdf", b"%PDF-1.7", "suffix"),
        ("清单.csv", "编号,标题\n1,路灯\n".encode(), "header"),
        ("清单.csv", b"\xff\xfe\x00", "encoding"),
    ],
)
def test_file_that_is_no_duty_list_is_refused(coordinator, name, content, code):
    with pytest.raises(ValidationError) as refused:
        run(io.BytesIO(content), coordinator, name=name)

    assert refused.value.code == code


def test_list_without_rows_comes_to_nothing(coordinator):
    report = run(duty_file(), coordinator)

    assert (report.rows, report.changes) == (0, [])


@pytest.mark.parametrize("mark", [b"", "\ufeff".encode("gb18030")])
def test_list_in_gb18030_is_read_with_and_without_a_byte_order_mark(coordinator, donghu, mark):
    content = duty_file(duty_row("安居物业", 小区="东湖新居"), encoding="gb18030").getvalue()

    assert len(run(io.BytesIO(mark + content), coordinator).good) == 1


def test_workbook_is_read_with_dates_as_dates_and_as_text(coordinator, donghu):
    days = [NEW_YEAR.replace(tzinfo=None), NEW_YEAR.date(), "2026-01-01", "2026年1月1日", "2026/1/1"]
    rows = [duty_row("anju", 小区="donghu", 起始日期=day, 依据=f"第 {at} 条") for at, day in enumerate(days)]

    report = run(xlsx_file([HEADER, *rows]), coordinator, name="清单.xlsx")

    assert [mandate.valid_from for mandate in report.good.values()] == [NEW_YEAR] * 5


def test_formula_that_was_never_reckoned_is_an_empty_cell(coordinator, donghu):
    book, file = Workbook(), io.BytesIO()
    for row in (HEADER, duty_row("anju", 小区="donghu", 依据='="第" & 8 & "条"')):
        book.active.append(row)
    book.save(file)

    (refusal,) = run(file, coordinator, name="清单.xlsx").refusals

    assert refusal.problems == ("依据: This is empty.",)


@pytest.mark.parametrize("count", [1, 3])
def test_dry_run_costs_the_same_for_any_number_of_rows(
    coordinator, django_assert_num_queries: DjangoAssertNumQueries, count
):
    rows = [
        duty_row(PartyFactory().code, 小区=EstateFactory().code, 事项=["3.1", "3", "全部"][number])
        for number in range(count)
    ]

    with django_assert_num_queries(12):
        run(duty_file(*rows), coordinator, dry_run=True)


@pytest.mark.parametrize("count", [1, 3])
def test_import_costs_the_same_for_any_number_of_rows(
    coordinator, django_assert_num_queries: DjangoAssertNumQueries, count
):
    rows = [duty_row(PartyFactory().code, 小区=EstateFactory().code) for _number in range(count)]

    with django_assert_num_queries(17):
        run(duty_file(*rows), coordinator)


@pytest.mark.slow
def test_thousands_of_rows_are_recorded_at_once(coordinator, donghu):
    rows = [duty_row("anju", 小区="donghu", 依据=f"合同第 {number} 条") for number in range(2_500)]
    rows[1_000] = duty_row("nobody")

    report = run(duty_file(*rows), coordinator)

    assert Mandate.objects.count() == len(report.good) == 2_499
    assert [refusal.number for refusal in report.refusals] == [1_002]

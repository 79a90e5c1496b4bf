"""work_off_bulk_job and work_off_bulk_jobs: each row is done once, or says why it was refused."""

from datetime import timedelta
from unittest.mock import DEFAULT, patch

import pytest
from django.db import OperationalError
from django.utils import timezone, translation

from cases.api.bulk_rows import do_row
from cases.models import BulkJob, BulkRow, Case
from cases.models.bulk_job import LEASE
from cases.models.case import CaseQuerySet
from cases.services.log_case import log_case
from cases.services.work_off_bulk_job import RowRefusedError, work_off_bulk_job
from cases.services.work_off_bulk_jobs import work_off_bulk_jobs
from stakeholders.models import Estate, Membership
from tests.cases.cast import Cast
from tests.factories.bulk import bulk_job, rows_to_log, worked_off
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


def told(row: BulkRow) -> list[tuple[str, str]]:
    return [(error["name"], error["code"]) for error in row.errors]


def test_rows_are_done_by_who_sent_them_and_what_they_said_is_dropped(coordinator: Membership) -> None:
    job = bulk_job(coordinator, rows_to_log(2, reporter={"name": "刘桂兰"}))

    rows = worked_off(job)

    assert (job.state, job.lease_until) == ("done", None)
    assert [(row.state, row.body, row.case.title) for row in rows] == [
        ("done", None, "路灯不亮 0"),
        ("done", None, "路灯不亮 1"),
    ]
    assert {(row.case.logged_by_id, row.case.channel, row.case.reported_at) for row in rows} == {
        (coordinator.pk, "api", job.created_at)
    }


def test_what_one_row_gets_wrong_is_its_own_result(coordinator: Membership) -> None:
    good = rows_to_log(external_id="7")[0]
    strange = good | {"external_id": "8", "a\0b": 1, "urgency": "\0"}
    late = (timezone.now() + timedelta(days=1)).isoformat()

    rows = worked_off(bulk_job(coordinator, [good, good, strange, good | {"external_id": "9", "reported_at": late}]))

    assert [row.state for row in rows] == ["done", "refused", "refused", "refused"]
    assert [told(row) for row in rows[1:]] == [
        [("external_id", "taken")],
        [("urgency", "invalid_choice"), ("a\0b", "unknown")],
        [("reported_at", "invalid")],
    ]
    assert Case.objects.count() == 1
    assert {row.body for row in rows} == {None}


def test_reasons_are_in_the_language_of_the_sender(coordinator: Membership) -> None:
    with translation.override("zh-hans"):
        job = bulk_job(coordinator, [{"title": "路灯"}])

    [row] = worked_off(job)

    assert row.errors == [{"name": "estate", "code": "required", "reason": "该字段是必填项。"}]


def test_cases_are_reassigned_for_the_reason_of_the_row_or_of_all() -> None:
    cast = Cast()
    cases = [cast.logged() for _each in range(4)]
    lead = cast.other.party.code
    rows = [
        {"number": cases[0].number, "lead": lead},
        {"number": cases[1].number, "lead": lead, "reason": "合同到期", "supports": [cast.lead.party.code]},
        {"number": cases[2].number, "lead": cast.lead.party.code},
        {"number": cast.closed().number, "lead": lead},
        {"number": "AZ-20260101-9999", "lead": lead},
    ]

    done = worked_off(bulk_job(cast.coordinator, rows, kind="reassign", reason="首接负责"))

    assert [row.state for row in done] == ["done", "done", "refused", "refused", "refused"]
    assert [told(row) for row in done[2:]] == [
        [("lead", "unchanged")],
        [("", "stage")],
        [("number", "does_not_exist")],
    ]
    reasons = [case.events.get(kind="reassigned").details["reason"] for case in cases[:2]]
    assert reasons == ["首接负责", "合同到期"]


def test_a_row_without_any_reason_is_refused() -> None:
    cast = Cast()

    rows = [{"number": cast.logged().number, "lead": cast.other.party.code}]

    [row] = worked_off(bulk_job(cast.coordinator, rows, kind="reassign"))
    assert told(row) == [("reason", "required")]


def test_a_row_outside_the_area_is_refused() -> None:
    [row] = worked_off(bulk_job(MembershipFactory(grid_worker=True), rows_to_log()))

    assert told(row) == [("estate", "does_not_exist")]


def test_the_rest_is_refused_once_the_membership_has_ended(coordinator: Membership) -> None:
    job = bulk_job(coordinator, rows_to_log(2))
    Membership.objects.filter(pk=coordinator.pk).update(until=timezone.now())

    rows = worked_off(job)

    assert job.state == "stopped"
    assert [told(row) for row in rows] == [[("", "membership_ended")]] * 2
    assert not Case.objects.exists()


def test_a_job_that_is_delivered_twice_is_done_once(coordinator: Membership) -> None:
    job = bulk_job(coordinator, rows_to_log(2))

    counts = [work_off_bulk_job(job.pk, do=do_row) for _each in range(2)]

    assert counts == [2, 0]
    assert Case.objects.count() == 2


def test_a_job_that_another_worker_holds_is_left_to_it(coordinator: Membership) -> None:
    job = bulk_job(coordinator)
    now = timezone.now()
    BulkJob.objects.update(state="running", started_at=now, lease_until=now + LEASE)

    assert work_off_bulk_job(job.pk, do=do_row, at=now) == 0
    assert work_off_bulk_jobs(do=do_row, at=now) == 0
    assert work_off_bulk_jobs(do=do_row, at=now + LEASE + timedelta(seconds=1)) == 1


def test_a_lease_from_a_clock_that_ran_ahead_holds_nothing(coordinator: Membership) -> None:
    job = bulk_job(coordinator)
    now = timezone.now()
    BulkJob.objects.update(state="running", started_at=now, lease_until=now + timedelta(days=365))

    assert work_off_bulk_job(job.pk, do=do_row) == 1


@pytest.mark.parametrize("fault", [OperationalError, MemoryError, TypeError])
def test_whatever_ends_one_job_leaves_its_row_waiting_and_holds_up_no_other(
    fault: type[Exception], coordinator: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = bulk_job(coordinator), bulk_job(coordinator)

    def fail_at_first(row: BulkRow, by: Membership) -> Case:
        if row.job_id == first.pk:
            raise fault
        return do_row(row, by)

    assert work_off_bulk_jobs(do=fail_at_first) == 1
    assert [record.getMessage() for record in caplog.records] == [f"Bulk job {first.pk} could not be gone on with"]
    assert first.rows.waiting().count() == 1
    second.refresh_from_db()
    assert second.state == "done"


def test_row_at_which_every_worker_dies_is_refused_after_three_tries_and_the_rest_done(coordinator: Membership) -> None:
    job, now = bulk_job(coordinator, rows_to_log(4)), timezone.now()

    def die_at_the_third(row: BulkRow, by: Membership) -> Case:
        if row.index == 2:
            raise MemoryError
        return do_row(row, by)

    for n in range(4):  # the first did two rows, so it does not count
        with pytest.raises(MemoryError):
            work_off_bulk_job(job.pk, do=die_at_the_third, at=now + 2 * n * LEASE)
    assert job.rows.waiting().count() == 2

    assert work_off_bulk_job(job.pk, do=die_at_the_third, at=now + 8 * LEASE) == 2

    job.refresh_from_db()
    rows = list(job.rows.order_by("index"))
    assert (job.state, job.tries, [row.state for row in rows]) == ("done", 0, ["done", "done", "refused", "done"])
    assert told(rows[2]) == [("", "error")]
    assert rows[2].errors[0]["reason"] == "Work on this row has ended 3 times without a result."


def test_turns_that_end_well_are_no_tries_in_vain(coordinator: Membership) -> None:
    job = bulk_job(coordinator, rows_to_log(101))

    for _turn in range(5):
        work_off_bulk_job(job.pk, do=do_row, seconds=0)

    job.refresh_from_db()
    assert (job.state, job.tries, job.rows.filter(state="done").count()) == ("running", 0, 100)


def test_what_a_refused_row_has_written_is_undone(coordinator: Membership) -> None:
    job = bulk_job(coordinator)

    def refuse_late(row: BulkRow, by: Membership) -> Case:
        do_row(row, by)
        raise RowRefusedError([{"name": "", "code": "x", "reason": "x"}])

    work_off_bulk_job(job.pk, do=refuse_late)

    assert not Case.objects.exists()
    assert job.rows.get().state == "refused"


def test_a_long_job_makes_room_for_others(coordinator: Membership) -> None:
    job = bulk_job(coordinator, rows_to_log(21))

    work_off_bulk_job(job.pk, do=do_row, seconds=0)

    job.refresh_from_db()
    assert (job.state, job.lease_until, job.rows.waiting().count()) == ("running", None, 1)


def test_a_fault_of_ours_refuses_its_row_and_holds_up_no_other(coordinator: Membership) -> None:
    job = bulk_job(coordinator, rows_to_log(3))

    with patch("cases.api.bulk_rows.log_case", side_effect=[RuntimeError("secret"), DEFAULT, DEFAULT], wraps=log_case):
        rows = worked_off(job)

    assert [row.state for row in rows] == ["refused", "done", "done"]
    assert told(rows[0]) == [("", "error")]
    assert "secret" not in str(rows[0].errors)


def test_a_row_that_loses_a_race_is_told_what_stands_in_its_way(coordinator: Membership) -> None:
    [row] = rows_to_log(external_id="7")
    job = bulk_job(coordinator, [row])
    log_case(title="先来的", estate=Estate.objects.get(), channel="api", external_id="7", by=coordinator)
    looks = [Case.objects.none(), Case.objects.filter(external_id="7")]  # the first is a moment too early

    with patch.object(CaseQuerySet, "known_as", side_effect=looks):
        rows = worked_off(job)

    assert told(rows[0]) == [("external_id", "taken")]
    assert Case.objects.count() == 1

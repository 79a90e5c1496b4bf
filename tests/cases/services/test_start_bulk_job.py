"""start_bulk_job: rows are kept as they came, and a worker hears of them."""

from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from cases.models import BulkJob
from cases.services.start_bulk_job import MOST_ROWS
from tests.factories.bulk import bulk_job, rows_to_log
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def test_start_bulk_job_keeps_rows_in_their_order_and_the_language_of_the_sender() -> None:
    rows: list[dict[str, Any]] = [{"title": "a\0b", "n": 1e999}, {}]

    with translation.override("zh-hans"):
        job = bulk_job(MembershipFactory(coordinator=True), rows)

    assert (job.state, job.total, job.language) == ("waiting", 2, "zh-hans")
    assert [(row.index, row.state, row.body) for row in job.rows.all()] == [(0, "waiting", rows[0]), (1, "waiting", {})]


def test_start_bulk_job_tells_a_worker_once_it_is_committed(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda *message: sent.append(message))

    with django_capture_on_commit_callbacks(execute=True):
        job = bulk_job(MembershipFactory(coordinator=True), rows_to_log())
        assert sent == []

    assert sent == [("cases.work_off_bulk_job", [job.pk])]


@pytest.mark.parametrize("count", [0, MOST_ROWS + 1])
def test_start_bulk_job_refuses_none_and_too_many(count: int) -> None:
    with pytest.raises(ValidationError) as refusal:
        bulk_job(MembershipFactory(coordinator=True), [{}] * count)

    assert list(refusal.value.message_dict) == ["rows"]
    assert not BulkJob.objects.exists()


def test_start_bulk_job_refuses_a_reason_that_nothing_asks_for() -> None:
    with pytest.raises(ValidationError) as refusal:
        bulk_job(MembershipFactory(coordinator=True), [{}], reason="首接负责")

    assert list(refusal.value.message_dict) == ["reason"]


@pytest.mark.parametrize(
    ("kind", "who"), [("create", {"auditor": True}), ("reassign", {"auditor": True}), ("reassign", {})], ids=str
)
def test_start_bulk_job_is_not_for_who_may_never(kind: str, who: dict[str, bool]) -> None:
    with pytest.raises(PermissionDenied):
        bulk_job(MembershipFactory(**who), [{}], kind=kind)

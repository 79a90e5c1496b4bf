"""Bulk jobs, sent and done by the services that do it in earnest."""

from typing import Any

from cases.api.bulk_rows import do_row
from cases.models import BulkJob, BulkRow
from cases.services.start_bulk_job import start_bulk_job
from cases.services.work_off_bulk_job import work_off_bulk_job
from stakeholders.models import Membership
from tests.factories.stakeholders import EstateFactory


def rows_to_log(count: int = 1, **given: Any) -> list[dict[str, Any]]:
    """Bodies of cases at one place."""
    estate = EstateFactory()
    return [{"title": f"路灯不亮 {n}", "estate": estate.code, "need_item": "3.1", **given} for n in range(count)]


def bulk_job(by: Membership, rows: list[dict[str, Any]] | None = None, **given: Any) -> BulkJob:
    """A job that waits; of one case to be logged unless told otherwise."""
    kind = given.pop("kind", BulkJob.Kind.CREATE)
    return start_bulk_job(kind, rows if rows is not None else rows_to_log(), by=by, **given)


def worked_off(job: BulkJob) -> list[BulkRow]:
    """Do a job, and return its rows."""
    work_off_bulk_job(job.pk, do=do_row)
    job.refresh_from_db()
    return list(job.rows.select_related("case").order_by("index"))

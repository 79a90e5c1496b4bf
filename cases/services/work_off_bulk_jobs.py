"""Go on with bulk jobs that nobody is at: their worker died, made room for others, or never heard of them."""

import logging
from datetime import datetime

from django.utils import timezone

from cases.models import BulkJob
from cases.services.work_off_bulk_job import Do, work_off_bulk_job

logger = logging.getLogger(__name__)


def work_off_bulk_jobs(*, do: Do, at: datetime | None = None) -> int:
    """Do some of each, oldest first; return how many rows were dealt with.

    Whatever one fails of is logged, and does not hold up the others; it is tried again later.
    """
    at = at or timezone.now()
    dealt_with = 0
    for job_id in list(BulkJob.objects.unclaimed(at).order_by("id").values_list("pk", flat=True)):
        try:
            dealt_with += work_off_bulk_job(job_id, do=do, at=at)
        except Exception:  # a row may fail in any way
            logger.exception("Bulk job %s could not be gone on with", job_id)
    return dealt_with

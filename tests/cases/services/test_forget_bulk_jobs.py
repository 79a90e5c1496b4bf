"""Bulk jobs go 30 days after they have ended, and their cases stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import BulkJob, BulkRow, Case
from cases.services.forget_bulk_jobs import forget_bulk_jobs
from tests.factories.bulk import bulk_job, worked_off
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def test_jobs_go_after_thirty_days() -> None:
    by = MembershipFactory(coordinator=True)
    old, fresh, waiting = bulk_job(by), bulk_job(by), bulk_job(by)
    now = timezone.now()
    for job, age in ((old, timedelta(days=30, seconds=1)), (fresh, timedelta(days=29))):
        worked_off(job)
        BulkJob.objects.filter(pk=job.pk).update(finished_at=now - age)

    assert (forget_bulk_jobs(), forget_bulk_jobs()) == (1, 0)

    assert set(BulkJob.objects.all()) == {fresh, waiting}
    assert (BulkRow.objects.count(), Case.objects.count()) == (2, 2)

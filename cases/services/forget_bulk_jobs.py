"""Remove bulk jobs whose results nobody will ask for any more; what they did to cases stays."""

from datetime import timedelta

from django.utils import timezone

from cases.models import BulkJob

KEPT = timedelta(days=30)  # docs/api.md promises it


def forget_bulk_jobs() -> int:
    """Remove jobs that ended more than 30 days ago, with their rows; return how many jobs."""
    _count, by_model = BulkJob.objects.filter(finished_at__lt=timezone.now() - KEPT).delete()
    return by_model.get(BulkJob._meta.label, 0)

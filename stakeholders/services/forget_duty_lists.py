"""Remove duty lists that were sent and never recorded."""

from datetime import timedelta

from django.utils import timezone

from stakeholders.models import DutyList

KEPT = timedelta(days=1)  # for who looks at the dry run and comes back to it


def forget_duty_lists() -> int:
    """Remove files that nobody has recorded for a day; return how many. What was recorded stays as evidence."""
    forgotten = DutyList.objects.filter(recorded_at__isnull=True, uploaded_at__lt=timezone.now() - KEPT)
    count, _by_model = forgotten.delete()
    return count

"""Remove kept answers that no client will ask for any more."""

from datetime import timedelta

from django.utils import timezone

from stakeholders.models import KeptAnswer

KEPT = timedelta(days=7)  # a client that was cut off comes back within days; docs/api.md promises it


def forget_answers() -> int:
    """Remove answers that are older than a week; return how many."""
    count, _by_model = KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return count

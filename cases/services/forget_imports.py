"""Remove ledgers whose results nobody will ask for any more; the cases that they brought stay."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from cases.models import CaseImport

KEPT = timedelta(days=30)  # docs/api.md promises it


def forget_imports() -> int:
    """Remove imports that ended, or were checked and never started, more than 30 days ago; return how many."""
    before = timezone.now() - KEPT
    never_started = Q(state=CaseImport.State.CHECKED, checked_at__lt=before)
    count, _by_model = CaseImport.objects.filter(Q(finished_at__lt=before) | never_started).delete()
    return count

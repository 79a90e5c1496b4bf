"""Remove old lines of the sign-in log, and tries that count no more."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from stakeholders.models import AccountEvent, SignInTries
from stakeholders.services.take_sign_in_try import SHUT_FOR


def forget_account_events() -> int:
    """Remove lines that were kept for as long as the office wants; return how many."""
    now = timezone.now()
    SignInTries.objects.filter(last_at__lt=now - SHUT_FOR).delete()
    old = AccountEvent.objects.filter(at__lt=now - timedelta(days=settings.SIGN_IN_LOG_DAYS))
    count, _by_model = old.delete()
    return count

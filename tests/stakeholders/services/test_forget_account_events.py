"""The sign-in log is kept for its time, and what counts no more goes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from stakeholders.models import AccountEvent, SignInTries
from stakeholders.services.forget_account_events import forget_account_events
from tests.factories.stakeholders import AccountEventFactory, SignInTriesFactory

pytestmark = pytest.mark.django_db


def test_lines_go_after_as_many_days_as_the_office_wants(settings: Settings) -> None:
    settings.SIGN_IN_LOG_DAYS = 365
    now = timezone.now()
    kept = AccountEventFactory(at=now - timedelta(days=364))
    AccountEventFactory(at=now - timedelta(days=365, seconds=1))

    assert (forget_account_events(), forget_account_events()) == (1, 0)
    assert AccountEvent.objects.get() == kept


def test_what_is_kept_by_default_is_what_the_database_holds(settings: Settings) -> None:
    AccountEventFactory(at=timezone.now() - timedelta(days=settings.SIGN_IN_LOG_DAYS, seconds=1))

    assert forget_account_events() == 1


def test_tries_go_when_they_count_no_more() -> None:
    now = timezone.now()
    fresh = SignInTriesFactory(last_at=now - timedelta(minutes=14))
    SignInTriesFactory(last_at=now - timedelta(minutes=15, seconds=1))

    assert forget_account_events() == 0
    assert SignInTries.objects.get() == fresh

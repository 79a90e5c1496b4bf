"""Answers that were kept for clients that ask again go after a week."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stakeholders.models import KeptAnswer
from stakeholders.services.forget_answers import forget_answers
from tests.factories.stakeholders import KeptAnswerFactory

pytestmark = pytest.mark.django_db


def test_answers_go_after_a_week() -> None:
    now = timezone.now()
    fresh = KeptAnswerFactory(at=now - timedelta(days=6, hours=23))
    KeptAnswerFactory(at=now - timedelta(days=7, seconds=1))

    assert (forget_answers(), forget_answers()) == (1, 0)
    assert KeptAnswer.objects.get() == fresh

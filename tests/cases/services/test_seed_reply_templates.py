"""The reply templates of a fresh installation."""

import pytest

from cases.models import ReplyTemplate
from cases.services.seed_reply_templates import seed_reply_templates

pytestmark = pytest.mark.django_db


def test_each_is_of_an_action_that_asks_for_words() -> None:
    actions = set(ReplyTemplate.objects.values_list("action", flat=True))

    assert actions == {each.value for each in ReplyTemplate.ACTIONS}


def test_what_was_taken_away_does_not_come_back() -> None:
    count = ReplyTemplate.objects.count()
    ReplyTemplate.objects.order_by("pk")[0].delete()

    assert seed_reply_templates() == 0
    assert ReplyTemplate.objects.count() == count - 1


def test_an_installation_from_before_gets_them_all() -> None:
    ReplyTemplate.objects.all().delete()

    assert seed_reply_templates() == ReplyTemplate.objects.count() > 0

"""What was right does not count, and what was wrong before it still does."""

import pytest
from django.utils import timezone

from stakeholders.services.give_try_back import give_try_back
from tests.factories.stakeholders import SignInTriesFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("count", "left"), [(5, 4), (1, 0), (0, 0)])
def test_one_is_taken_out_and_the_door_is_not_shut_by_it(count: int, left: int) -> None:
    tries = SignInTriesFactory(count=count, shut_until=timezone.now() if count == 5 else None)

    give_try_back(tries)

    tries.refresh_from_db()
    assert (tries.count, tries.shut_until) == (left, None)

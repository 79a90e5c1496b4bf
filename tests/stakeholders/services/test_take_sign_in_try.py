"""Five tries from one address, then a quarter of an hour of rest."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from stakeholders.models import SignInTries
from stakeholders.services.take_sign_in_try import take_sign_in_try
from tests.factories.stakeholders import UserFactory

pytestmark = pytest.mark.django_db
HERE, THERE = "192.0.2.7", "192.0.2.8"
MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 09:00 where the site is


def take(name: str, times: int, address: str = HERE) -> None:
    for _each in range(times):
        take_sign_in_try(name, address=address)


@pytest.mark.parametrize("name", ["wang", "nobody"])
@time_machine.travel(MORNING, tick=False)
def test_sixth_try_is_refused_in_the_same_words_whether_or_not_there_is_such_an_account(name: str) -> None:
    UserFactory(username="wang")
    take(name, 5)

    with pytest.raises(ValidationError) as refusal:
        take(name, 1)

    assert refusal.value.messages == [
        "Too many tries: this account is shut to you until 09:15, in 15 min. An administrator can open it before."
    ]


def test_other_addresses_and_other_accounts_are_not_concerned() -> None:
    take("wang", 5)

    take("wang", 1, THERE)
    take("zhao", 1)

    assert sorted(SignInTries.objects.values_list("count", flat=True)) == [1, 1, 5]


def test_door_opens_by_itself_and_counts_anew() -> None:
    with time_machine.travel(MORNING, tick=False):
        take("wang", 5)
    last_moment = MORNING + timedelta(minutes=14, seconds=59)
    with time_machine.travel(last_moment, tick=False), pytest.raises(ValidationError, match="in 1 min"):
        take("wang", 1)
    with time_machine.travel(MORNING + timedelta(minutes=15), tick=False):
        take("wang", 4)

    tries = SignInTries.objects.get()
    assert (tries.count, tries.shut_until) == (4, None)


def test_who_tries_while_it_is_shut_does_not_keep_it_shut() -> None:
    with time_machine.travel(MORNING, tick=False):
        take("wang", 5)
        until = SignInTries.objects.get().shut_until
    with time_machine.travel(MORNING + timedelta(minutes=5), tick=False), pytest.raises(ValidationError):
        take("wang", 1)

    assert SignInTries.objects.get().shut_until == until


def test_few_tries_are_forgotten_after_a_while() -> None:
    with time_machine.travel(MORNING, tick=False):
        take("wang", 4)
    with time_machine.travel(MORNING + timedelta(minutes=15), tick=False):
        take("wang", 1)

    assert SignInTries.objects.get().count == 1


def test_what_was_typed_is_not_kept() -> None:
    UserFactory(username="wang")

    tries = [take_sign_in_try(name, address=HERE) for name in ("wang", "my password")]

    assert [each.account and each.account.username for each in tries] == ["wang", None]
    assert "my password" not in str([vars(each) for each in tries])


def test_count_costs_the_same_for_every_name(django_assert_num_queries) -> None:
    UserFactory(username="wang")

    for name in ("wang", "nobody"):
        with django_assert_num_queries(8):  # account, row, its making, the count; two savepoints of two
            take_sign_in_try(name, address=HERE)

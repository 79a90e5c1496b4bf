"""Each code is good once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from stakeholders.services.use_code import use_code
from tests.factories.accounts import code_now, phone_of, wrong_code
from tests.factories.stakeholders import UserFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
@time_machine.travel(MORNING, tick=False)
def test_clock_of_a_phone_may_be_half_a_minute_off(steps: int, is_good: bool) -> None:
    account = UserFactory()
    secret = phone_of(account)

    assert bool(use_code(account, code_now(secret, steps=steps))) is is_good


def test_code_of_a_phone_is_good_once_however_long_it_would_hold() -> None:
    account = UserFactory()
    secret = phone_of(account)
    with time_machine.travel(MORNING, tick=False):
        code = code_now(secret, steps=1)
        assert use_code(account, f"{code[:3]} {code[3:]}")
    with time_machine.travel(MORNING + timedelta(seconds=59), tick=False):
        assert use_code(account, code) is None
        assert use_code(account, code_now(secret, steps=1))


def test_recovery_code_is_good_once() -> None:
    account = UserFactory()
    phone_of(account)
    [code, *_others] = RecoveryCodes.activate(account).get_unused_codes()

    assert [bool(use_code(account, code)) for _each in range(2)] == [True, False]


def test_wrong_code_and_that_of_somebody_else_are_none() -> None:
    account, other = UserFactory(), UserFactory()
    secret, secret_of_other = phone_of(account), phone_of(other)

    assert use_code(account, wrong_code(secret)) is None
    assert use_code(UserFactory(), code_now(secret_of_other)) is None

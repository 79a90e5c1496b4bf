"""Accounts with a password, and the phone that goes with them."""

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)

from stakeholders.models import User
from tests.factories.stakeholders import UserFactory

PASSWORD = "a long enough secret"


def account_with_password(**given: object) -> User:
    account = UserFactory(**given)
    account.set_password(PASSWORD)
    account.save()
    return account


def phone_of(account: User) -> str:
    """Turn the second step on, without recovery codes; returns the secret that the phone has."""
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    return secret


def code_now(secret: str, *, steps: int = 0) -> str:
    """What the app on the phone shows now, or so many half minutes from now."""
    _before, now, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now + steps))


def wrong_code(secret: str) -> str:
    """Six digits that the app shows neither now nor right before or after."""
    shown = {code_now(secret, steps=steps) for steps in (-2, -1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in shown)

"""The second step is turned on by who shows that the phone has the secret."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.core.exceptions import ValidationError

from stakeholders.models import AccountEvent
from stakeholders.services.turn_on_two_factor import turn_on_two_factor
from stakeholders.services.use_code import use_code
from tests.factories.accounts import PASSWORD, account_with_password, code_now, phone_of, wrong_code

pytestmark = pytest.mark.django_db
SECRET = generate_totp_secret()


def test_ten_recovery_codes_are_given_and_a_line_is_written() -> None:
    account = account_with_password()

    codes = turn_on_two_factor(account, secret=SECRET, code=code_now(SECRET), password=PASSWORD, address="192.0.2.7")

    assert len(set(codes)) == 10
    assert use_code(account, code_now(SECRET)).type == "totp"
    assert use_code(account, codes[0]).type == "recovery_codes"
    line = AccountEvent.objects.get()
    assert (line.account, line.kind, line.address) == (account, "two_factor_on", "192.0.2.7")


@pytest.mark.parametrize(
    ("code", "password", "field"), [(wrong_code, PASSWORD, "code"), (code_now, "wrong", "password")]
)
def test_neither_a_phone_without_the_secret_nor_a_stranger_turns_it_on(code, password: str, field: str) -> None:
    account = account_with_password()

    with pytest.raises(ValidationError) as refusal:
        turn_on_two_factor(account, secret=SECRET, code=code(SECRET), password=password, address="192.0.2.7")

    assert list(refusal.value.error_dict) == [field]
    assert not Authenticator.objects.exists()


def test_another_phone_does_not_take_the_place_of_the_first() -> None:
    account = account_with_password()
    first = phone_of(account)

    with pytest.raises(ValidationError, match="turned on already"):
        turn_on_two_factor(account, secret=SECRET, code=code_now(SECRET), password=PASSWORD, address="192.0.2.7")

    assert Authenticator.objects.get().data["secret"] == first

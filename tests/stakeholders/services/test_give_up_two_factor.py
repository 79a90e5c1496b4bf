"""One's own second step is turned off with the password, where the office leaves that to its people."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from stakeholders.services.give_up_two_factor import give_up_two_factor
from tests.factories.accounts import PASSWORD, account_with_password, phone_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("password", "is_required", "words"),
    [(PASSWORD, True, "Your role needs the second step"), ("wrong", False, "This is not your password")],
)
def test_it_stays_on_for_who_must_have_it_and_for_strangers(password: str, is_required: bool, words: str) -> None:
    account = account_with_password()
    phone_of(account)

    with pytest.raises(ValidationError, match=words):
        give_up_two_factor(account, password=password, is_required=is_required, address="192.0.2.7")

    assert Authenticator.objects.exists()


def test_it_is_off_with_the_password() -> None:
    account = account_with_password()
    phone_of(account)

    give_up_two_factor(account, password=PASSWORD, is_required=False, address="192.0.2.7")

    assert not Authenticator.objects.exists()

"""A password said again is guessed no better than at the door."""

import pytest
from django.core.exceptions import ValidationError

from stakeholders.models import AccountEvent, SignInTries
from stakeholders.services.confirm_password import confirm_password
from tests.factories.accounts import PASSWORD, account_with_password

pytestmark = pytest.mark.django_db
HERE = "192.0.2.7"


def test_right_one_passes_and_counts_nothing() -> None:
    account = account_with_password()

    for _each in range(9):
        confirm_password(account, password=PASSWORD, address=HERE)

    assert SignInTries.objects.get().count == 0
    assert not AccountEvent.objects.exists()


def test_wrong_one_is_refused_at_its_field_and_after_five_even_the_right_one() -> None:
    account = account_with_password()
    for _each in range(5):
        with pytest.raises(ValidationError) as refusal:
            confirm_password(account, password="wrong", address=HERE)
        assert refusal.value.message_dict == {"password": ["This is not your password."]}

    with pytest.raises(ValidationError) as refusal:
        confirm_password(account, password=PASSWORD, address=HERE)

    assert "Too many tries" in refusal.value.message_dict["password"][0]
    assert AccountEvent.objects.filter(account=account, kind="shut").count() == 1

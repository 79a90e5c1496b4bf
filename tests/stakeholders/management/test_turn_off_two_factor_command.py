"""manage.py turn_off_two_factor: nothing, or one line with what is wrong."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from stakeholders.models import AccountEvent
from tests.factories.accounts import phone_of
from tests.factories.stakeholders import UserFactory

pytestmark = pytest.mark.django_db


def test_second_step_is_turned_off_by_the_name_of_the_account() -> None:
    phone_of(UserFactory(username="wang"))

    call_command("turn_off_two_factor", "wang")

    assert not Authenticator.objects.exists()
    assert AccountEvent.objects.get().how == "command"
    with pytest.raises(CommandError, match="signs in without a second step"):
        call_command("turn_off_two_factor", "wang")


def test_nobody_has_none() -> None:
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("turn_off_two_factor", "nobody")

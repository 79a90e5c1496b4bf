"""manage.py open_account: nothing, or one line with what is wrong."""

import pytest
from django.core.management import CommandError, call_command

from stakeholders.models import AccountEvent, SignInTries
from tests.factories.stakeholders import SignInTriesFactory

pytestmark = pytest.mark.django_db


def test_account_is_opened_by_its_name() -> None:
    SignInTriesFactory(account__username="wang")

    call_command("open_account", "wang")

    assert not SignInTries.objects.exists()
    assert AccountEvent.objects.get().how == "command"


def test_nobody_cannot_be_opened() -> None:
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("open_account", "nobody")

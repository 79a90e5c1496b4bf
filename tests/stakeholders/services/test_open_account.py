"""An account is opened again, to all addresses."""

import pytest

from stakeholders.models import AccountEvent, SignInTries
from stakeholders.services.open_account import open_account
from tests.factories.stakeholders import SignInTriesFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_account_is_opened_to_all_addresses_and_no_other_is() -> None:
    shut, other = SignInTriesFactory(), SignInTriesFactory()
    SignInTriesFactory(account=shut.account, address="192.0.2.8")

    assert open_account(shut.account, how=AccountEvent.How.COMMAND)

    assert SignInTries.objects.get() == other
    line = AccountEvent.objects.get()
    assert (line.account, line.kind, line.how, line.address) == (shut.account, "opened", "command", "")


def test_account_that_is_open_leaves_no_line() -> None:
    assert not open_account(UserFactory(), how=AccountEvent.How.COMMAND)
    assert not AccountEvent.objects.exists()

"""Phone and recovery codes are forgotten."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from stakeholders.models import AccountEvent
from stakeholders.services.turn_off_two_factor import turn_off_two_factor
from tests.factories.accounts import phone_of
from tests.factories.stakeholders import UserFactory

pytestmark = pytest.mark.django_db


def test_second_step_of_one_account_is_off() -> None:
    account, other = UserFactory(), UserFactory()
    for each in (account, other):
        phone_of(each)
        RecoveryCodes.activate(each)

    assert turn_off_two_factor(account, how=AccountEvent.How.ADMINISTRATOR, address="192.0.2.7")

    assert set(Authenticator.objects.values_list("user", flat=True)) == {other.pk}
    line = AccountEvent.objects.get()
    assert (line.account, line.kind, line.how) == (account, "two_factor_off", "administrator")


def test_account_without_one_leaves_no_line() -> None:
    assert not turn_off_two_factor(UserFactory(), how=AccountEvent.How.COMMAND)
    assert not AccountEvent.objects.exists()

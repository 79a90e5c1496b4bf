"""New recovery codes take the place of the old ones."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.exceptions import ValidationError

from stakeholders.models import AccountEvent
from stakeholders.services.draw_recovery_codes import draw_recovery_codes
from stakeholders.services.use_code import use_code
from tests.factories.accounts import PASSWORD, account_with_password, phone_of

pytestmark = pytest.mark.django_db
HERE = "192.0.2.7"


def test_new_ones_hold_and_old_ones_do_not() -> None:
    account = account_with_password()
    phone_of(account)
    old = RecoveryCodes.activate(account).get_unused_codes()

    new = draw_recovery_codes(account, password=PASSWORD, address=HERE)

    assert len(set(new)) == 10
    assert use_code(account, old[0]) is None
    assert use_code(account, new[0]).type == "recovery_codes"
    assert AccountEvent.objects.get().kind == "codes_drawn"


@pytest.mark.parametrize(("password", "words"), [("wrong", "not your password"), (PASSWORD, "is not turned on")])
def test_strangers_and_accounts_without_a_phone_get_none(password: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        draw_recovery_codes(account_with_password(), password=password, address=HERE)

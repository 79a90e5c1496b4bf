"""A new password keeps to the rules."""

import pytest
from django.core.exceptions import ValidationError

from stakeholders.models import AccountEvent
from stakeholders.services.change_password import change_password
from tests.factories.accounts import PASSWORD, account_with_password

pytestmark = pytest.mark.django_db
NEW = "清禾-in-the-morning-6"
GIVEN = {"password": PASSWORD, "new_password": NEW, "again": NEW, "address": "192.0.2.7"}


def test_password_is_changed_with_a_line_in_the_log() -> None:
    account = account_with_password()

    change_password(account, **GIVEN)

    account.refresh_from_db()
    assert account.check_password(NEW)
    line = AccountEvent.objects.get()
    assert (line.account, line.kind, line.how) == (account, "password_changed", "password")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"password": "wrong"}, "password", None),
        ({"new_password": "Tr0ub4dor"}, "new_password", "password_too_short"),
        ({"new_password": "basketball"}, "new_password", "password_too_common"),
        ({"new_password": "4821907356"}, "new_password", "password_entirely_numeric"),
        ({"new_password": "wangxiaoming1"}, "new_password", "password_too_similar"),
        ({"new_password": "欧阳娜娜清禾镇东湖社区"}, "new_password", "password_too_similar"),
        ({"again": NEW + "x"}, "again", None),
        ({"new_password": PASSWORD, "again": PASSWORD}, "new_password", None),
    ],
)
def test_password_against_a_rule_changes_nothing(change: dict[str, str], field: str, code: str | None) -> None:
    account = account_with_password(username="wangxiaoming", name="欧阳娜娜清禾镇东湖社")

    with pytest.raises(ValidationError) as refusal:
        change_password(account, **GIVEN | change)

    [(at, [error])] = refusal.value.error_dict.items()
    assert (at, error.code) == (field, code)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert not AccountEvent.objects.filter(kind="password_changed").exists()

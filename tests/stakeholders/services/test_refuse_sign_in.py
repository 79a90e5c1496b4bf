"""Who is turned away leaves a line; at the fifth time a second one."""

import pytest
from django.utils import timezone

from stakeholders.models import AccountEvent
from stakeholders.services.refuse_sign_in import refuse_sign_in
from tests.factories.stakeholders import SignInTriesFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("shut_until", "kinds"), [(None, ["refused"]), (timezone.now(), ["refused", "shut"])])
def test_lines_say_what_was_wrong_and_from_where(shut_until: object, kinds: list[str]) -> None:
    tries = SignInTriesFactory(shut_until=shut_until)

    refuse_sign_in(tries, how=AccountEvent.How.CODE)

    lines = AccountEvent.objects.order_by("id").values_list("account", "kind", "how", "address")
    assert list(lines) == [(tries.account_id, kind, "code", "192.0.2.7") for kind in kinds]


def test_name_that_is_no_account_leaves_a_line_without_one() -> None:
    refuse_sign_in(SignInTriesFactory(account=None, key="0" * 64), how=AccountEvent.How.PASSWORD)

    assert AccountEvent.objects.get().account_id is None

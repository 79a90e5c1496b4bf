"""manage.py revoke_token: how many were taken back, or one line with what is wrong."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from stakeholders.models import Token
from tests.factories.stakeholders import MembershipFactory, TokenFactory

pytestmark = pytest.mark.django_db


def test_all_tokens_of_a_user_with_a_name_are_revoked() -> None:
    left = MembershipFactory(user__username="client", until=timezone.now())
    for secret in "ab":
        TokenFactory(membership=left, name="BI", secret=secret)
    others = {TokenFactory(membership=left, name="other", secret="c"), TokenFactory(name="BI", secret="d")}
    out = StringIO()

    call_command("revoke_token", "client", "BI", stdout=out)

    assert out.getvalue() == "2\n"
    assert set(Token.objects.filter(revoked_at=None)) == others
    with pytest.raises(CommandError, match="no token “BI” in force"):
        call_command("revoke_token", "client", "BI")


def test_nobody_has_no_token() -> None:
    with pytest.raises(CommandError, match="“nobody” has no token"):
        call_command("revoke_token", "nobody", "BI")

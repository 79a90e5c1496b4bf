"""manage.py issue_token: one line with a token, or one line with what is wrong."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from stakeholders.models import Token
from stakeholders.roles import Role
from tests.factories.stakeholders import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def issued(*words: str) -> str:
    out = StringIO()
    call_command("issue_token", *words, stdout=out)
    return out.getvalue()


def test_token_is_printed_alone_on_one_line() -> None:
    membership = MembershipFactory(user__username="client")

    line = issued("client", "--name", "BI", "--days", "30")

    token = Token.objects.get()
    assert line.endswith("\n")
    assert token.digest == Token.digest_of(line.strip())
    assert (token.membership, token.name) == (membership, "BI")
    assert 29 <= (token.expires_at - timezone.now()).days <= 30


def test_party_and_role_tell_memberships_apart() -> None:
    one = MembershipFactory(user__username="client")
    other = MembershipFactory(user=one.user)
    coordinator = MembershipFactory(user=one.user, party=other.party, role=Role.COORDINATOR)

    issued("client", "--party", one.party.code)
    issued("client", "--party", other.party.code, "--role", "coordinator")

    assert [token.membership for token in Token.objects.order_by("id")] == [one, coordinator]


def test_choice_is_named_where_there_is_one() -> None:
    one = MembershipFactory(user__username="client")
    other = MembershipFactory(user=one.user)

    with pytest.raises(CommandError, match=rf"{one.party.code} \(handler\), {other.party.code} \(handler\)"):
        issued("client")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nobody"], "no user “nobody”"),
        (["idle"], "acts for no party"),
        (["former"], "acts for no party"),
        (["client", "--party", "elsewhere"], "does not act so"),
        (["client", "--days", "0"], "1 to 3650 days"),
        (["client", "--days", "99999999999999"], "1 to 3650 days"),
        (["client", "--days", "soon"], "invalid int"),
        (["client", "--name", ""], "blank"),
        (["client", "--name", "x" * 81], "80"),
        (["client", "--role", "king"], "invalid choice"),
        ([], "username"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_issued(words: list[str], message: str) -> None:
    UserFactory(username="idle")
    MembershipFactory(user__username="former", until=timezone.now())
    MembershipFactory(user__username="client")

    with override("en"), pytest.raises(CommandError, match=message):
        issued(*words)

    assert not Token.objects.exists()

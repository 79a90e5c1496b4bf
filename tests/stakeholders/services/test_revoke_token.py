"""A token that is taken back does not hold any more."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from stakeholders.models import Token
from stakeholders.services.revoke_token import revoke_token
from tests.factories.stakeholders import MembershipFactory, TokenFactory

pytestmark = pytest.mark.django_db


def test_token_is_revoked_once_and_for_all() -> None:
    token = TokenFactory()

    first = revoke_token(token, by=token.membership).revoked_at
    second = revoke_token(token, by=token.membership).revoked_at

    assert first == second is not None
    assert not Token.objects.usable(timezone.now()).exists()


def test_person_may_revoke_tokens_of_an_own_membership_that_has_ended() -> None:
    token = TokenFactory(membership__until=timezone.now())

    revoke_token(token, by=MembershipFactory(user=token.membership.user))

    assert Token.objects.get().revoked_at is not None


def test_token_of_somebody_else_stays() -> None:
    token = TokenFactory()

    with pytest.raises(PermissionDenied):
        revoke_token(token, by=MembershipFactory())
    assert Token.objects.get().revoked_at is None

"""Giving a client a token."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from stakeholders.models import Token
from stakeholders.services.issue_token import issue_token
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def test_issue_token_keeps_the_digest_only() -> None:
    token, secret = issue_token(MembershipFactory(api_client=True), name="12345", days=30)

    assert Token.objects.get(digest=Token.digest_of(secret)) == token
    assert secret not in str(vars(token))


def test_token_is_usable_until_it_expires_or_is_revoked() -> None:
    now = timezone.now()
    token, _ = issue_token(MembershipFactory(), name="BI", days=1)

    assert Token.objects.usable(now).get() == token
    assert not Token.objects.usable(now + timedelta(days=2)).exists()

    Token.objects.update(revoked_at=now)

    assert not Token.objects.usable(now).exists()


def test_issue_token_needs_a_name() -> None:
    with pytest.raises(ValidationError):
        issue_token(MembershipFactory(), name="")

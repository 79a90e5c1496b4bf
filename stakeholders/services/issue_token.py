"""Give a REST client a token."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from stakeholders.models import Membership, Token


@transaction.atomic
def issue_token(membership: Membership, *, name: str, days: int = 365) -> tuple[Token, str]:
    """Make a token that acts as `membership`; return it with its secret, which cannot be read again.

    Raises ValidationError for a name or a number of days that makes no sense.
    """
    secret = secrets.token_urlsafe(32)
    token = Token(
        membership=membership,
        name=name,
        digest=Token.digest_of(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    return token, secret

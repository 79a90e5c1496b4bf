"""Give a REST client a token."""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders.models import Membership, Token

MOST_DAYS = 3650


@transaction.atomic
def issue_token(membership: Membership, *, name: str, days: int = 365) -> tuple[Token, str]:
    """Make a token that acts as `membership`; return it with its secret, which cannot be read again.

    Raises ValidationError for a name or a number of days that makes no sense.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(_("A token holds for 1 to %(most)d days."), code="days", params={"most": MOST_DAYS})
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

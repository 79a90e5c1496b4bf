"""Take a token back."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from stakeholders.models import Membership, Token


def revoke_token(token: Token, *, by: Membership) -> Token:
    """Let a token be refused from now on; one that is revoked stays as it is.

    Raises PermissionDenied for the token of somebody else: administrators revoke those in the admin.
    """
    if token.membership.user_id != by.user_id:
        raise PermissionDenied
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    token.refresh_from_db()
    return token

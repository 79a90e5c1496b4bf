"""Who asks: a token acts as its membership, a browser session as the one chosen in it."""

from datetime import datetime, timedelta

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as DjangoSessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from settle_gov.api.throttling import refuse_guessing
from settle_gov.races import is_lock_conflict
from settle_gov.web.second_step import is_missing
from stakeholders.models import Membership, Token, User

SCHEME = "Bearer"
API_KEY = "api_key"
REALM = "settle_gov"
NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; sets the user of the token and `request.membership`."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Find the token; None where the header speaks of something else, or is not there."""
        secret = self.secret_of(request)
        if secret is None:
            return None
        now = timezone.now()
        tokens = Token.objects.usable(now).filter(membership__in=Membership.objects.current(now))
        acting = tokens.select_related("membership__user", "membership__party", "membership__area")
        token = acting.filter(digest=Token.digest_of(secret.strip())).first()
        if token is None:
            refuse_guessing(request)
            # The same words for a token that was revoked, has expired or never was: nothing to learn by trying.
            raise AuthenticationFailed(_("This token is not valid, or not any more."), code="invalid_token")
        # Once a minute is enough to see what is in use, and keeps reading requests from writing.
        if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
            _note_use(token, now)
        vars(request).update(membership=token.membership)
        return token.membership.user, token

    def secret_of(self, request: Request) -> str | None:
        """What the header says."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        return secret if scheme.casefold() == SCHEME.casefold() else None

    def authenticate_header(self, request: Request) -> str:
        """What 401 answers tell the client to bring."""
        return f'{SCHEME} realm="{REALM}"'


def _note_use(token: Token, now: datetime) -> None:
    """Say when a token was used last; who only reads does not wait for that where SQLite lets one write at a time."""
    try:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    except OperationalError as error:
        if not is_lock_conflict(error):
            raise


class ApiKeyAuthentication(TokenAuthentication):
    """The token as the `api_key` of Open311, in the address or in the form; the header does as well."""

    def secret_of(self, request: Request) -> str | None:
        """What the form says, or the address, or the header. A body that cannot be read is refused by the view."""
        form = request.data if request.method == "POST" else {}
        sent = form.get(API_KEY) if isinstance(form, dict) else None
        typed = sent if isinstance(sent, str) else None  # a file is no key
        return typed or request.query_params.get(API_KEY) or super().secret_of(request)


class SessionAuthentication(DjangoSessionAuthentication):
    """The signed-in user of the browser; `MembershipMiddleware` has set `request.membership`."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """As the pages do: refuse whoever has to turn the second step of signing in on first."""
        found: tuple[User, None] | None = super().authenticate(request)
        if found and is_missing(request._request):
            message = _("Your role needs a second step to sign in. Turn it on in the browser first.")
            raise PermissionDenied(message, code="second_step")
        return found

    def enforce_csrf(self, request: Request) -> None:
        """Refuse writes that another site could have sent; the reason is for developers, not for people."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refusal:
            message = _("Writing with the browser session needs the CSRF token of this site.")
            raise PermissionDenied(message, code="csrf") from refusal

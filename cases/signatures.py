"""Secrets of webhooks and what they sign: a copy of the database alone signs nothing, for a key is in the settings."""

import base64
import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

VERSION = "v1"  # of the way to sign; a receiver refuses one that it does not know


def secret_from(salt: str, mark: str) -> str | None:
    """The secret that follows from the salt and the key with this mark; None where the settings have it no more."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(_mark(key, salt), mark):
            drawn = salted_hmac("cases.webhook.secret", salt, secret=key, algorithm="sha256").digest()
            return base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    return None


def mark_of_current_key(salt: str) -> str:
    """Tells the key in use from others, and nothing about it."""
    return _mark(settings.SECRET_KEY, salt)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 of the moment and the body, so that neither can be changed nor sent again much later."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"{VERSION}={digest}"


def _mark(key: str, salt: str) -> str:
    return salted_hmac("cases.webhook.key", salt, secret=key, algorithm="sha256").hexdigest()[:16]

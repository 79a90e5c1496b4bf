"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of a client, as the last of our own proxies saw it.

    What stands further left in `X-Forwarded-For` the client may have written itself.
    """
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if proxies and len(forwarded) >= proxies:
        return str(forwarded[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))

"""A server without a broker would lose every message in silence: nothing that serves or works starts so."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _


def require_broker() -> None:
    """Raise ImproperlyConfigured where the database is a server and no broker is named."""
    if settings.HAS_NO_BROKER:
        raise ImproperlyConfigured(_message())


@register(deploy=True)
def check_broker(**_context: Any) -> list[Error]:
    """Have `manage.py check --deploy` say the same; other commands, such as `migrate`, need no broker."""
    return [Error(_message(), id="settle_gov.E001")] if settings.HAS_NO_BROKER else []


def _message() -> str:
    return _("The database is PostgreSQL but no broker is named: set REDIS_URL, such as redis://127.0.0.1:6379/0.")

"""Who may do what with places, parties and duties: pure predicates, asked by services and by pages."""

from django.core.exceptions import PermissionDenied

from stakeholders.models import Membership
from stakeholders.roles import Permission


def require(allowed: bool) -> None:
    """Raise PermissionDenied, which is 403 everywhere, unless `allowed`."""
    if not allowed:
        raise PermissionDenied


def can_see_duties(by: Membership) -> bool:
    """May read the responsibility ledger and its matrix."""
    return by.allows(Permission.SEE_DUTIES)


def can_keep_duties(by: Membership) -> bool:
    """May record and withdraw mandates and rule on scopes."""
    return by.allows(Permission.KEEP_DUTIES)

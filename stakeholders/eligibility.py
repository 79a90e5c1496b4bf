"""Which parties may be named as answering for something: those that the actor sees and that are not closed down."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stakeholders import policies
from stakeholders.models import Membership, Party


def require_eligible(party: Party, *, by: Membership, at: datetime, field: str) -> None:
    """Raise ValidationError at `field` for a party of another area, or one that is closed down by then."""
    if not policies.can_name_party(by, party):
        raise ValidationError({field: ValidationError(_("This party is not of your area."), code="elsewhere")})
    if not party.is_working(at):
        raise ValidationError({field: ValidationError(_("This party is closed down."), code="closed_down")})

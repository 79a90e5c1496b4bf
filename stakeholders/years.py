"""Which days and moments can be meant: what lies outside of these years is a slip of whoever typed it."""

from datetime import date, datetime, time, timedelta, timezone

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Near the first year and the last that computers know a moment cannot be turned into another zone.
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
OUTSIDE = _("Give a date from 1900 to 2200.")
# The first moment of them and the last, wherever on earth.
_FIRST = datetime.combine(EARLIEST, time.min, timezone(timedelta(hours=14)))
_LAST = datetime.combine(LATEST, time.max, timezone(timedelta(hours=-12)))


def is_meant(day: date | datetime) -> bool:
    """Say whether a day, or an aware moment, lies in these years."""
    return _FIRST <= day <= _LAST if isinstance(day, datetime) else EARLIEST <= day <= LATEST


def require_meant(day: date | datetime) -> None:
    """Raise ValidationError for a day or a moment that lies outside; a validator of fields."""
    if not is_meant(day):
        raise ValidationError(OUTSIDE, code="outside")

"""Confirm a year of the work calendar: its days off are announced, and stand in the tables as they were."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import policies
from cases.calendar_source import by_hand
from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.rule_log import What, note
from stakeholders.models import Membership

MOST_AHEAD = 2  # years; the days off of a year are announced late in the one before it


@transaction.atomic
def confirm_work_calendar_year(
    year: WorkCalendarYear, *, by: Membership, at: datetime | None = None
) -> WorkCalendarYear:
    """Take the days off of a year as announced, so that deadlines that rest on it are provisional no longer.

    The person becomes the source, so that no later seeding takes it back. Raises ValidationError for a year that
    cannot be announced yet, for one without any day off, and for one that is confirmed: who did that remains its
    source.
    """
    policies.permit_for_all(by)
    at = at or timezone.now()
    confirmed = WorkCalendarYear.objects.filter(year=year.year, status=WorkCalendarYear.Status.CONFIRMED)
    if confirmed.select_for_update().exists():
        raise ValidationError({"year": ValidationError(_("This year is confirmed already."), code="confirmed")})
    if why := too_early(year.year, at=at) or _without_days_off(year.year):
        raise ValidationError({"year": ValidationError(why, code="not_announced")})
    year.status, year.source = WorkCalendarYear.Status.CONFIRMED, by_hand(by.user)
    year.full_clean(validate_unique=year._state.adding)
    year.save()
    note(year, What.CONFIRMED, fields=["status"], by=by, at=at)
    return year


def too_early(year: int, *, at: datetime) -> str:
    """Why the days off of a year cannot have been announced yet, in words; empty where they can."""
    last = timezone.localdate(at).year + MOST_AHEAD
    if year <= last:
        return ""
    words = _("The days off of %(year)d are not announced yet; %(last)d is the last year that may be.")
    return words % {"year": year, "last": last}


def no_day_off(year: int) -> str:
    """Why a year without any day off cannot be confirmed, in words."""
    return _("No day off of %(year)d is entered; enter those that were announced first.") % {"year": year}


def _without_days_off(year: int) -> str:
    days_off = WorkCalendarDay.objects.filter(date__year=year, kind=WorkCalendarDay.Kind.OFF)
    return "" if days_off.exists() else no_day_off(year)

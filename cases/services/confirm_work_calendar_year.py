"""Confirm a year of the work calendar: its days off are announced, and stand in the tables as they were."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import WorkCalendarYear
from cases.services.correct_work_calendar import BY_HAND
from stakeholders.models import User


@transaction.atomic
def confirm_work_calendar_year(year: WorkCalendarYear, *, by: User) -> WorkCalendarYear:
    """Take the days off of a year as announced, so that deadlines that rest on it are provisional no longer.

    The person becomes the source, so that no later seeding takes it back. Raises ValidationError for a year that
    makes no sense, and for one that is confirmed: who did that remains its source.
    """
    confirmed = WorkCalendarYear.objects.filter(year=year.year, status=WorkCalendarYear.Status.CONFIRMED)
    if confirmed.select_for_update().exists():
        raise ValidationError({"year": _("This year is confirmed already.")}, code="confirmed")
    year.status, year.source = WorkCalendarYear.Status.CONFIRMED, f"{BY_HAND}: {by}"
    year.full_clean(validate_unique=year._state.adding)
    year.save()
    return year

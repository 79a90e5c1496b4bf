"""Correct the work calendar by hand."""

from django.db import transaction

from cases.models import WorkCalendarDay, WorkCalendarYear
from stakeholders.models import User

BY_HAND = "by hand"


@transaction.atomic
def correct_work_calendar(day: WorkCalendarDay, *, by: User, remove: bool = False) -> None:
    """Save a day that departs from Monday to Friday, or remove it, and note that its year was corrected.

    A day that is moved to another year corrects both. Open deadlines follow (`reckon_deadlines_again`). A year whose
    source is a person is never overwritten by a later seeding. Raises ValidationError for a day that makes no sense,
    such as a day off on a Sunday.
    """
    day.source = f"{BY_HAND}: {by}"
    years = {stored.year for stored in WorkCalendarDay.objects.filter(pk=day.pk).values_list("date", flat=True)}
    if remove:
        day.delete()
    else:
        day.full_clean(validate_unique=day._state.adding)
        day.save()
    for year in years | {day.date.year}:
        WorkCalendarYear.objects.update_or_create(year=year, defaults={"source": day.source})

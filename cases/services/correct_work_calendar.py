"""Correct the work calendar by hand."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import policies
from cases.calendar_source import by_hand
from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.rule_log import What, note
from stakeholders.models import Membership

FIELDS = ("date", "kind", "name")


@transaction.atomic
def correct_work_calendar(
    day: WorkCalendarDay, *, by: Membership, remove: bool = False, at: datetime | None = None
) -> None:
    """Save a day that departs from Monday to Friday, or remove it, and note that its year was corrected.

    A day that is moved to another year corrects both. Open deadlines follow (`reckon_deadlines_again`). A year whose
    source is a person is never overwritten by a later seeding. Raises ValidationError for a day that makes no sense,
    such as a day off on a Sunday.
    """
    policies.permit_for_all(by)
    at = at or timezone.now()
    before = WorkCalendarDay.objects.select_for_update().filter(pk=day.pk).first()
    day.source = by_hand(by.user)
    if remove:
        note(day, What.REMOVED, kind=day.kind, by=by, at=at)
        day.delete()
    else:
        day.full_clean(validate_unique=day._state.adding)
        day.save()
        if before is None:
            note(day, What.ADDED, kind=day.kind, by=by, at=at)
        elif changed := [name for name in FIELDS if getattr(before, name) != getattr(day, name)]:
            note(day, What.CHANGED, fields=changed, kind=day.kind, by=by, at=at)
    for year in {each.date.year for each in (before, day) if each is not None}:
        WorkCalendarYear.objects.update_or_create(year=year, defaults={"source": day.source})

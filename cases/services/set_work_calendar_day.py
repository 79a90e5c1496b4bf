"""Say what one day of the work calendar is."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases import policies
from cases.models import WorkCalendarDay
from cases.services.correct_work_calendar import correct_work_calendar
from cases.worktime import WEEKDAYS
from stakeholders.models import Membership


@transaction.atomic
def set_work_calendar_day(on: date, *, kind: str, by: Membership, reason: str | None = None) -> WorkCalendarDay:
    """Return the day as it is then; one that is as its weekday says is an exception no longer, and is not kept.

    Without a reason it keeps the one that it has, or has none. Raises ValidationError by field name for
    a day that makes no sense, such as a day off on a Sunday that was one already.
    """
    policies.permit_for_all(by)
    found = WorkCalendarDay.objects.select_for_update().filter(date=on).first()
    is_plain = (on.isoweekday() <= WEEKDAYS) == (kind == WorkCalendarDay.Kind.WORK)
    if found is not None and is_plain:
        if reason is not None:
            raise ValidationError({"reason": _("A plain day of the week needs no reason.")}, code="plain")
        correct_work_calendar(found, by=by, remove=True)
        return WorkCalendarDay(date=on, kind=kind)
    day = found or WorkCalendarDay(date=on)
    day.kind = kind
    if reason is not None:
        day.name = reason
    correct_work_calendar(day, by=by)
    return day

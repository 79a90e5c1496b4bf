"""Take back that a year of the work calendar is confirmed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import policies
from cases.calendar_source import by_hand
from cases.models import WorkCalendarYear
from cases.rule_log import What, note
from stakeholders.models import Membership


@transaction.atomic
def withdraw_work_calendar_year(
    year: WorkCalendarYear, *, by: Membership, at: datetime | None = None
) -> WorkCalendarYear:
    """Let a year be provisional again; its days stay, and open deadlines that rest on it say so once more.

    The person becomes the source, so that no later seeding confirms it again. Raises ValidationError for a year that
    is not confirmed.
    """
    policies.permit_for_all(by)
    confirmed = WorkCalendarYear.objects.filter(year=year.year, status=WorkCalendarYear.Status.CONFIRMED)
    found = confirmed.select_for_update().first()
    if found is None:
        raise ValidationError({"year": ValidationError(_("This year is not confirmed."), code="provisional")})
    found.status, found.source = WorkCalendarYear.Status.PROVISIONAL, by_hand(by.user)
    found.save()
    note(found, What.WITHDRAWN, fields=["status"], by=by, at=at or timezone.now())
    return found

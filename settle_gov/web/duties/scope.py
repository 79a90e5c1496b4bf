"""Which estates a membership sees in the matrix, and on which day."""

from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from stakeholders.models import Estate, Membership


def estates_of(membership: Membership) -> QuerySet[Estate]:
    """The estates that the membership sees, in the order of the matrix."""
    return Estate.objects.visible_to(membership).select_related("area").order_by("area", "code")


def moment_of(day: date | None) -> datetime:
    """The instant at which the ledger is asked: the end of a day, or now where none or today is meant."""
    if day is None or day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time.max))

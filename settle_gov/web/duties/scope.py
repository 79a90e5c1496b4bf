"""Which estates a membership sees in the matrix, and on which day."""

from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from stakeholders.models import Estate, Membership
from stakeholders.roles import Role


def estates_of(membership: Membership) -> QuerySet[Estate]:
    """A grid worker sees the estates of the own community; everybody else those of the area they act in."""
    estates = Estate.objects.select_related("area").order_by("area", "code")
    if membership.role == Role.GRID_WORKER and membership.grid:
        return estates.filter(area=membership.grid.area_id)
    return estates.filter(area__code__range=membership.area.code_range)


def moment_of(day: date | None) -> datetime:
    """The instant at which the ledger is asked: the end of a day, or now where none or today is meant."""
    if day is None or day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time.max))

"""Which estates a membership sees in the matrix, and on which day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from stakeholders.models import Area, Estate, Membership
from stakeholders.models.area import ancestry


def estates_of(membership: Membership) -> QuerySet[Estate]:
    """The estates that the membership sees, in the order of the matrix."""
    return Estate.objects.visible_to(membership).select_related("area").order_by("area", "code")


def areas_of(estates: Sequence[Estate], membership: Membership) -> list[Area]:
    """The divisions in the area of the membership that hold some of the estates, but not all of them; one query."""
    communities = [estate.area_id for estate in estates]
    holding = Counter(code for community in communities for code in ancestry(community))
    parts = [code for code, count in holding.items() if count < len(communities)]
    return list(Area.objects.within(membership.area).filter(code__in=parts))


def moment_of(day: date | None) -> datetime:
    """The instant at which the ledger is asked: the end of a day, or now where none or today is meant."""
    if day is None or day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time.max))

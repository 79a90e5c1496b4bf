"""Hand-offs: a case that one party led comes to another. Counted over all cases, they show who passes what to whom."""

from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from cases.measures import Period
from cases.models import Custody
from cases.models.case import CaseQuerySet

# How a lead ended that went on to another party. What was closed and opened again is a new matter.
PASSED_ON = [
    Custody.Ending.REASSIGNED,
    Custody.Ending.HANDED_OVER,
    Custody.Ending.RETURNED,
    Custody.Ending.DUTY_ENDED,
    Custody.Ending.PARTY_CLOSED,
]
HELD = Q(until__isnull=True) | Q(until__gt=F("since"))


def handoffs(cases: CaseQuerySet, period: Period) -> QuerySet[Any]:
    """The custodies by which a case came to a party in the period that another party had led before.

    Each says who (`giver`), from when (`given_since`) till when (`given_at`), and how that ended (`given_by`). A case
    may have lain with nobody in between. Who got it back has not been handed it, and a party that had it for no time,
    passed over by the ladder, neither gave nor got it.
    """
    leads = Custody.objects.filter(HELD, role=Custody.Role.LEAD)
    received = leads.filter(period.has("since"), case__in=cases.order_by().values("pk")).order_by()
    before = FilteredRelation("case__custodies", condition=Q(case__custodies__role=Custody.Role.LEAD))
    given = {"giver": "party", "given_since": "since", "given_at": "until", "given_by": "ending"}
    pairs: QuerySet[Any] = received.annotate(
        before=before, **{name: F(f"before__{field}") for name, field in given.items()}
    )
    between = leads.filter(case=OuterRef("case"), since__gt=OuterRef("given_since"), since__lt=OuterRef("since"))
    handed = pairs.filter(
        given_since__lt=F("since"), given_at__gt=F("given_since"), given_at__lte=F("since"), given_by__in=PASSED_ON
    )
    return handed.exclude(giver=F("party")).exclude(Exists(between))

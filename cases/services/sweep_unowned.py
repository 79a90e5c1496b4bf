"""Flag what nobody has: cases whose holder is gone."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone

from cases import custody, findings, history, routing
from cases.models import Case, Custody
from cases.models.case import CaseQuerySet
from cases.rulebook import Rulebook
from stakeholders.models import Party

BATCH = 100

logger = logging.getLogger(__name__)


def sweep_unowned(*, at: datetime | None = None) -> int:
    """Route again every unsolved case that is said to be held but has no party any more; return how many.

    A party may be closed down while it holds cases. The ledger is asked anew: another party may answer by now, and
    if none does the case becomes an open vacuum instead of waiting for ever at an address where nobody lives. Each
    case has a transaction of its own, and one that cannot be routed is logged and does not hold up the others.
    """
    at = at or timezone.now()
    rules = Rulebook()
    closed = list(Party.objects.filter(closed_at__lte=at).values_list("pk", flat=True))
    said_to_be_held = Case.objects.unowned().filter(responsibility=Case.Responsibility.HELD)
    led_by_nobody_any_more = Case.objects.unsolved().filter(lead__in=closed)
    return sum(_route_all(gone, rules, at) for gone in (said_to_be_held, led_by_nobody_any_more))


def _route_all(gone: CaseQuerySet, rules: Rulebook, at: datetime) -> int:
    routed = last = 0
    while batch := list(gone.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for pk in batch:
            try:
                routed += _route_again(gone, pk, rules, at)
            except DatabaseError:
                logger.exception("case %s cannot be routed", pk)
        last = batch[-1]
    return routed


@transaction.atomic
def _route_again(gone: CaseQuerySet, pk: int, rules: Rulebook, at: datetime) -> int:
    """Route one case, unless it is locked or no longer gone by now; return 1 if it was routed."""
    case = gone.for_detail().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if case is None:
        return 0
    custody.release(case, at=at, ending=Custody.Ending.PARTY_CLOSED)
    case.stage = Case.Stage.OPENED
    cleared = findings.clear(case, findings.UNOWNED, at=at)
    history.record(case, *cleared, *routing.route(case, rules, at=at), changed=routing.FIELDS)
    return 1

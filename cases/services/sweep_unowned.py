"""Flag what nobody has: cases whose holder is gone."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import custody, history, routing
from cases.models import Case, Custody
from cases.models.case import CaseQuerySet
from cases.rulebook import Rulebook
from stakeholders.models import Party

BATCH = 100
HELD = (Case.Responsibility.HELD, Case.Responsibility.BACKSTOP)


def sweep_unowned(*, at: datetime | None = None) -> int:
    """Route again every unsolved case that is said to be held but has no party any more; return how many.

    A party may be closed down while it holds cases. The ledger is asked anew: another party may answer by now, and
    if none does the case becomes an open vacuum instead of waiting for ever at an address where nobody lives.
    """
    at = at or timezone.now()
    rules = Rulebook()
    said_to_be_held = Case.objects.unowned().filter(responsibility__in=HELD)
    closed = list(Party.objects.filter(closed_at__lte=at).values_list("pk", flat=True))
    led_by_nobody_any_more = Case.objects.unsolved().filter(lead__in=closed)
    routed = 0
    for gone in (said_to_be_held, led_by_nobody_any_more):
        while newly := _route_batch(gone, rules, at):
            routed += newly
    return routed


@transaction.atomic
def _route_batch(gone: CaseQuerySet, rules: Rulebook, at: datetime) -> int:
    located = gone.filter(estate__isnull=False, need_item__isnull=False)
    cases = list(
        located.for_detail()
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("responsibility", "opened_at")[:BATCH]
    )
    for case in cases:
        custody.release(case, at=at, ending=Custody.Ending.PARTY_CLOSED)
        case.stage = Case.Stage.OPENED
        history.record(case, *routing.route(case, rules, at=at), changed=routing.FIELDS)
    return len(cases)

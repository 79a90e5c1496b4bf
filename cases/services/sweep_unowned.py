"""Flag what nobody has: cases whose holder is gone."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases import custody, history, routing
from cases.models import Case, Custody
from cases.rulebook import Rulebook
from cases.workflow import UNSOLVED

BATCH = 100


def sweep_unowned(*, at: datetime | None = None) -> int:
    """Route again every unsolved case that is said to be held but has no party any more; return how many.

    A party may be closed down while it holds cases. The ledger is asked anew: another party may answer by now, and
    if none does the case becomes an open vacuum instead of waiting for ever at an address where nobody lives.
    """
    at = at or timezone.now()
    routed = 0
    rules = Rulebook()
    while newly := _route_batch(rules, at):
        routed += newly
    return routed


@transaction.atomic
def _route_batch(rules: Rulebook, at: datetime) -> int:
    unsolved = Case.objects.filter(stage__in=UNSOLVED, estate__isnull=False, need_item__isnull=False)
    said_to_be_held = Q(responsibility__in=[Case.Responsibility.HELD, Case.Responsibility.BACKSTOP])
    gone = unsolved.filter(said_to_be_held, Q(lead__isnull=True) | Q(lead__closed_at__lte=at))
    cases = list(gone.for_detail().select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH])
    for case in cases:
        custody.release(case, at=at, ending=Custody.Ending.PARTY_CLOSED)
        case.stage = Case.Stage.OPENED
        history.record(case, *routing.route(case, rules, at=at), changed=routing.FIELDS)
    return len(cases)

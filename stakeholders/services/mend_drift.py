"""Bring the stored episodes of cells that drifted back to what the ledger says, by order of a person."""

from django.db import transaction
from django.utils import timezone

from stakeholders import episodes, policies
from stakeholders.models import Drift, Estate, Membership, NeedItem
from stakeholders.policies import require
from stakeholders.reach import Reach


@transaction.atomic
def mend_drift(*, by: Membership) -> int:
    """Reckon anew every cell of the actor's area with a drift and clear the drift; return how many there were.

    Raises PermissionDenied for who may not keep the ledger.
    """
    require(policies.can_keep_duties(by))
    drifting = Drift.objects.open().visible_to(by)
    estates = list(Estate.objects.filter(pk__in=drifting.values("estate")))
    episodes.lock(estates)
    drifts = drifting.filter(estate__in=estates)  # read anew: somebody else may have mended them meanwhile
    items = list(NeedItem.objects.filter(pk__in=drifts.order_by().values("need_item")))
    for reach in episodes.chunks([Reach(estates, items)]):
        episodes.bring_up(reach)
    return drifts.update(cleared_at=timezone.now())

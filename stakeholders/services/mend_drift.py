"""Bring the stored episodes of cells that drifted back to what the ledger says, by order of a person."""

from django.db import transaction
from django.utils import timezone

from stakeholders import episodes, policies
from stakeholders.models import Drift, Membership
from stakeholders.policies import require
from stakeholders.reach import Reach


@transaction.atomic
def mend_drift(*, by: Membership) -> int:
    """Reckon anew every cell of the actor's area with a drift and clear the drift; return how many there were.

    Raises PermissionDenied for who may not keep the ledger.
    """
    require(policies.can_keep_duties(by))
    drifts = list(Drift.objects.open().visible_to(by).select_related("estate", "need_item__need_class"))
    episodes.lock([drift.estate for drift in drifts])  # at one stroke, in the order in which everybody locks them
    for drift in drifts:
        episodes.bring_up(Reach([drift.estate], [drift.need_item]))
    Drift.objects.filter(pk__in=[drift.pk for drift in drifts]).update(cleared_at=timezone.now())
    return len(drifts)

"""Look up who a resident is."""

from django.db import transaction

from stakeholders import policies
from stakeholders.models import Membership, Resident, Revealing
from stakeholders.policies import require


@transaction.atomic
def reveal_resident(resident: Resident, *, reason: str, by: Membership) -> Resident:
    """Write down who looks, and why, and return the resident; raises ValidationError without a reason."""
    require(policies.can_reveal_residents(by))
    require(Resident.objects.visible_to(by).filter(pk=resident.pk).exists())
    revealing = Revealing(resident=resident, by=by, reason=reason.strip())
    revealing.full_clean()
    revealing.save()
    return resident

"""Take back a mandate that was recorded wrongly; what was known before stays known."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders import policies
from stakeholders.models import Mandate, Membership
from stakeholders.policies import require
from stakeholders.services.refresh_episodes import refresh_after_commit


@transaction.atomic
def withdraw_mandate(mandate: Mandate, *, by: Membership, at: datetime | None = None) -> Mandate:
    """Mark a mandate as withdrawn from `at` on, which is now unless given.

    A correction withdraws one and records another. Raises ValidationError when it is withdrawn already,
    PermissionDenied for who may not.
    """
    require(policies.can_keep_duties_at(by, mandate.area_code))
    mandate = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if mandate.withdrawn_at is not None:
        raise ValidationError(_("This mandate is withdrawn already."), code="withdrawn")
    mandate.withdrawn_at, mandate.withdrawn_by = max(at or timezone.now(), mandate.recorded_at), by
    mandate.save(update_fields=["withdrawn_at", "withdrawn_by"])
    refresh_after_commit([mandate])
    return mandate

"""Take back a ruling that was given wrongly; what was known before stays known."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders import policies
from stakeholders.models import Membership, Ruling
from stakeholders.policies import require
from stakeholders.services.refresh_episodes import refresh_after_commit


@transaction.atomic
def withdraw_ruling(ruling: Ruling, *, by: Membership, at: datetime | None = None) -> Ruling:
    """Mark a ruling as withdrawn from `at` on, which is now unless given; a wider ruling or the mandates decide again.

    Raises ValidationError when it is withdrawn already, PermissionDenied for who may not.
    """
    require(policies.can_keep_duties_at(by, ruling.area_code))
    ruling = Ruling.objects.select_for_update(of=("self",)).get(pk=ruling.pk)
    if ruling.withdrawn_at is not None:
        raise ValidationError(_("This ruling is withdrawn already."), code="withdrawn")
    ruling.withdrawn_at, ruling.withdrawn_by = max(at or timezone.now(), ruling.recorded_at), by
    ruling.save(update_fields=["withdrawn_at", "withdrawn_by"])
    refresh_after_commit([ruling])
    return ruling

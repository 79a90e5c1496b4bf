"""Take back a mandate that was recorded wrongly; what was known before stays known."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders import policies
from stakeholders.models import Mandate, Membership
from stakeholders.policies import require


@transaction.atomic
def withdraw_mandate(mandate: Mandate, *, by: Membership) -> Mandate:
    """Mark a mandate as withdrawn from now on. A correction withdraws one and records another.

    Raises ValidationError when it is withdrawn already, PermissionDenied for who may not.
    """
    require(policies.can_keep_duties_at(by, mandate.area_code))
    mandate = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if mandate.withdrawn_at is not None:
        raise ValidationError(_("This mandate is withdrawn already."), code="withdrawn")
    mandate.withdrawn_at, mandate.withdrawn_by = timezone.now(), by
    mandate.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return mandate

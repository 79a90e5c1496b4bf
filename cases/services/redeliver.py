"""Send a delivery again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import policies
from cases.models import Delivery
from stakeholders.models import Membership
from stakeholders.policies import require


@transaction.atomic
def redeliver(delivery: Delivery, *, by: Membership) -> Delivery:
    """Let a delivery that got through or was given up be sent once more, under its old id and with all its tries.

    Who asks for it believes that the receiver is back, so its webhook is called at once, however long it was to wait.
    Raises ValidationError for one that is still on its way, or whose webhook is switched off; PermissionDenied for
    that of somebody else.
    """
    require(policies.can_change_webhook(by, delivery.webhook))
    delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("webhook", "event__case").get(pk=delivery.pk)
    )
    if not delivery.webhook.is_active:
        raise ValidationError(_("The webhook is switched off."), code="off")
    if delivery.state == "waiting":
        raise ValidationError(_("It is still on its way."), code="waiting")
    delivery.delivered_at = delivery.given_up_at = delivery.claimed_at = None
    now = timezone.now()
    delivery.tries, delivery.due_at = 0, now
    delivery.save()
    if delivery.webhook.next_try_at > now:
        delivery.webhook.next_try_at = now
        delivery.webhook.save(update_fields=["next_try_at"])
    return delivery

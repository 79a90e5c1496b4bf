"""End a webhook for good."""

from django.db import transaction

from cases import policies
from cases.models import Webhook
from stakeholders.models import Membership
from stakeholders.policies import require


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: Membership) -> None:
    """Remove a webhook with its log: this is no history of a case, and whoever wants to keep it switches off instead.

    Raises PermissionDenied for that of somebody else, unless an administrator does it.
    """
    require(policies.can_stop_webhook(by, webhook))
    webhook.delete()

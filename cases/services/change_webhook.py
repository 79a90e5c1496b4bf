"""Let a webhook lead elsewhere, hear something else, be quiet or speak again, or sign with another secret."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from cases import policies
from cases.models import Webhook
from cases.services.create_webhook import check_url, in_order
from stakeholders.models import Membership
from stakeholders.policies import require


@transaction.atomic
def change_webhook(
    webhook: Webhook,
    *,
    by: Membership,
    url: str | None = None,
    events: Collection[str] | None = None,
    is_active: bool | None = None,
    new_secret: bool = False,
) -> Webhook:
    """Change what is given and return the webhook.

    Switched on again, or led elsewhere, it begins without failures: what waited is delivered, what happened while it
    was off is not. Raises ValidationError for an address that is never called, PermissionDenied for that of somebody
    else, which administrators may switch off, and nothing else.
    """
    webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    only_stops = is_active is False and url is None and events is None and not new_secret
    may = policies.can_stop_webhook if only_stops else policies.can_change_webhook
    require(may(by, webhook))
    if url is not None:
        check_url(url)
        _lead(webhook, url)
    if events is not None:
        webhook.events = in_order(events)
    if new_secret:
        webhook.draw_secret()
    if is_active is not None and is_active != webhook.is_active:
        _switch(webhook, is_active)
    webhook.save()
    return webhook


def _lead(webhook: Webhook, url: str) -> None:
    if url != webhook.url:
        webhook.begin_anew(timezone.now())
    webhook.url = url


def _switch(webhook: Webhook, is_active: bool) -> None:
    webhook.is_active = is_active
    webhook.switched_off_at = None if is_active else timezone.now()
    webhook.begin_anew(timezone.now())

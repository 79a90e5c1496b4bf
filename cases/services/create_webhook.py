"""Let an address be called when something happens."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases import policies
from cases.models import CaseEvent, Webhook
from cases.targets import Target, TargetRefusedError
from stakeholders.models import Membership
from stakeholders.policies import require


@transaction.atomic
def create_webhook(*, url: str, by: Membership, events: Collection[str] = ()) -> Webhook:
    """Make a webhook of this membership that hears these kinds of event, or all without any; its secret is drawn.

    Raises ValidationError for an address that is never called, or where the membership has enough of them;
    PermissionDenied for who may have none. Where the name of the host leads is asked at each delivery, not here.
    """
    require(policies.can_keep_webhooks(by))
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # two at once are counted
    if Webhook.objects.filter(membership=by).count() >= Webhook.MOST:
        reason = _("One membership has at most %(most)d webhooks.")
        raise ValidationError(reason, code="too_many", params={"most": Webhook.MOST})
    check_url(url)
    webhook = Webhook(url=url, events=in_order(events), membership=by)
    webhook.draw_secret()
    webhook.save()
    return webhook


def check_url(url: str) -> None:
    """Raise ValidationError for an address that is never called."""
    try:
        Target.of(url)
    except TargetRefusedError as refusal:
        reason = _("Give a whole https address, without user or fragment, at the usual port or one from 1024 on.")
        raise ValidationError({"url": ValidationError(reason, code="target")}) from refusal


def in_order(events: Collection[str]) -> list[str]:
    """Kinds of event, each once, in the order of a case's life."""
    return [kind.value for kind in CaseEvent.Kind if kind in events]

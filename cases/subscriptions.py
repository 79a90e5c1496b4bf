"""Which webhooks hear of which event."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils import timezone

from cases.events import on_all
from cases.models import Case, CaseEvent, Delivery, Webhook
from stakeholders.models import Membership


@on_all
def lay_out_deliveries(events: Sequence[CaseEvent]) -> None:
    """Write down what is to be delivered: what a webhook asks for, happened since it is there, and its member sees.

    It is written together with the stamp of the events, so that nothing is left out and nothing doubled.
    """
    now = timezone.now()
    webhooks = list(Webhook.objects.listening(now).select_related("membership__area", "membership__party"))
    Delivery.objects.bulk_create(
        (
            Delivery(webhook=webhook, event=event, created_at=now, due_at=now)
            for webhook, event in _heard(webhooks, events)
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


def _heard(webhooks: Iterable[Webhook], events: Sequence[CaseEvent]) -> Iterator[tuple[Webhook, CaseEvent]]:
    """Each webhook with each event for it; what a membership sees is asked once, however many webhooks it has."""
    cases = {event.case_id for event in events}
    seen: dict[int, set[int]] = {}
    for webhook in webhooks:
        if webhook.membership_id not in seen:
            seen[webhook.membership_id] = _seen_by(webhook.membership, cases)
        for event in events:
            is_wanted = not webhook.events or event.kind in webhook.events
            if is_wanted and event.case_id in seen[webhook.membership_id] and event.recorded_at >= webhook.created_at:
                yield webhook, event


def _seen_by(membership: Membership, cases: Iterable[int]) -> set[int]:
    return set(Case.objects.visible_to(membership).filter(pk__among=cases).values_list("pk", flat=True))

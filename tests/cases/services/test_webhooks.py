"""What the services of webhooks do for whoever does not come by the API; the rest is tested there.

create_webhook, change_webhook, remove_webhook, redeliver, forget_deliveries.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cases.models import Delivery, Notification
from cases.services.change_webhook import change_webhook
from cases.services.create_webhook import create_webhook
from cases.services.forget_deliveries import KEPT, forget_deliveries
from cases.services.redeliver import redeliver
from cases.services.remove_webhook import remove_webhook
from cases.timeline import Names, tell_notice
from stakeholders.roles import Role
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MembershipFactory
from tests.factories.webhooks import delivery_of, webhook_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.HANDLER, Role.AUDITOR])
def test_create_webhook_refuses_who_may_have_none(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        create_webhook(url="https://hooks.example/", by=MembershipFactory(role=role))


def test_create_webhook_refuses_an_address_that_is_never_called() -> None:
    with pytest.raises(ValidationError) as refusal:
        create_webhook(url="https://hooks.example:25/", by=MembershipFactory(api_client=True))

    assert list(refusal.value.message_dict) == ["url"]


def test_two_webhooks_sign_with_different_secrets() -> None:
    by = MembershipFactory(api_client=True)

    first, second = (create_webhook(url="https://hooks.example/", by=by) for _each in range(2))

    assert first.secret != second.secret


def test_webhook_of_somebody_else_is_neither_changed_nor_removed() -> None:
    webhook, other = webhook_of(), MembershipFactory(api_client=True)
    delivery = delivery_of(webhook, logged_case())

    for do in (
        lambda: change_webhook(webhook, is_active=False, by=other),
        lambda: remove_webhook(webhook, by=other),
        lambda: redeliver(delivery, by=other),
    ):
        with pytest.raises(PermissionDenied):
            do()


def test_forget_deliveries_keeps_two_weeks() -> None:
    webhook, case, now = webhook_of(), logged_case(), timezone.now()
    delivery_of(webhook, case, created_at=now - KEPT - timedelta(minutes=1))
    young = delivery_of(webhook, logged_case(), created_at=now - KEPT + timedelta(minutes=1))

    assert forget_deliveries() == 1
    assert list(Delivery.objects.all()) == [young]


def test_notice_says_which_webhook_was_switched_off() -> None:
    webhook = webhook_of(url="https://hooks.example/?a=1&b=2")
    event = delivery_of(webhook, logged_case()).event
    notice = Notification.objects.create(
        recipient=webhook.membership, event=event, webhook=webhook, created_at=timezone.now()
    )

    assert tell_notice(notice, Names.in_events([event]), webhook.membership.party) == (
        "Your webhook <b>https://hooks.example/?a=1&amp;b=2</b> was switched off: "
        "this and what came before it did not get through."
    )

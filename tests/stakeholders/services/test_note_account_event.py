"""The sign-in log is written once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from stakeholders.models import AccountEvent
from stakeholders.services.note_account_event import note_account_event
from tests.factories.stakeholders import AccountEventFactory, UserFactory

pytestmark = pytest.mark.django_db
KIND, HOW = AccountEvent.Kind, AccountEvent.How


def test_line_says_who_what_how_and_from_where() -> None:
    account = UserFactory()

    note_account_event(account, KIND.SIGNED_IN, how=HOW.CODE, address="192.0.2.7")

    line = AccountEvent.objects.get()
    assert (line.account, line.kind, line.how, line.address) == (account, "signed_in", "code", "192.0.2.7")


def test_address_that_is_none_is_cut_to_fit() -> None:
    assert note_account_event(UserFactory(), KIND.SIGNED_OUT, address="x" * 99).address == "x" * 45


@pytest.mark.parametrize("change", [{"kind": "signed_out"}, {"address": "x"}, {"how": None}, {"at": timezone.now()}])
def test_line_cannot_be_changed(change: dict[str, object]) -> None:
    line = AccountEventFactory()

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        AccountEvent.objects.filter(pk=line.pk).update(**change)


def test_line_cannot_be_deleted_for_half_a_year() -> None:
    now = timezone.now()
    young = AccountEventFactory(at=now - timedelta(days=182))
    old = AccountEventFactory(at=now - timedelta(days=184))

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        young.delete()
    old.delete()

    assert AccountEvent.objects.get() == young


def test_line_outlives_its_account() -> None:
    line = AccountEventFactory()

    line.account.delete()

    assert AccountEvent.objects.select_related("account").get().account is None


def test_only_who_was_refused_may_be_nobody() -> None:
    note_account_event(None, KIND.REFUSED, how=HOW.PASSWORD)

    with pytest.raises(IntegrityError), transaction.atomic():
        note_account_event(None, KIND.SIGNED_IN, how=HOW.PASSWORD)

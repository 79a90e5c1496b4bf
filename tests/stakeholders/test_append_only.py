"""What is written once stays: the database itself refuses, whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from cases.models import CaseEvent
from stakeholders.models import Mandate, Ruling
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, PartyFactory, RulingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", [{"basis": "x"}, {"role": "disclaim"}, {"valid_until": timezone.now()}])
def test_mandate_cannot_be_changed(change: dict[str, object]) -> None:
    mandate = MandateFactory()

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(**change)


def test_mandate_can_be_withdrawn_once() -> None:
    mandate = MandateFactory()
    record = Mandate.objects.filter(pk=mandate.pk)

    record.update(withdrawn_at=timezone.now())

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        record.update(withdrawn_at=None)


def test_ruling_cannot_be_changed_or_deleted() -> None:
    ruling = Ruling.objects.filter(pk=RulingFactory().pk)

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        ruling.update(lead=PartyFactory())
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        ruling.delete()


@pytest.mark.parametrize("change", [{"kind": "closed"}, {"details": {}}, {"at": timezone.now()}, {"digest": "0"}])
def test_event_cannot_be_changed(change: dict[str, object]) -> None:
    event = logged_case().events.last()

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        CaseEvent.objects.filter(pk=event.pk).update(**change)


def test_event_cannot_be_deleted_and_is_stamped_once() -> None:
    event = CaseEvent.objects.filter(pk=logged_case().events.last().pk)

    event.update(published_at=timezone.now())

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        event.update(published_at=None)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        event.delete()


def test_trigger_is_an_integrity_error_on_both_engines() -> None:
    mandate = MandateFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(basis="x")

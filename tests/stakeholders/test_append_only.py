"""What is written once stays: the database itself refuses, whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
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


def replacing(table: str, changed: str, where: int) -> list[str]:
    """SQLite: write a row again under its own number and under another one."""
    names = ", ".join(f.column for f in MODELS[table]._meta.concrete_fields if f.column not in {"id", changed})
    return [
        f"INSERT OR REPLACE INTO {table} (id, {changed}, {names}) "  # noqa: S608 -- our own names
        f"SELECT {new_id}, 'x', {names} FROM {table} WHERE id = {where}"
        for new_id in ("id", "id + 1000")
    ]


MODELS = {"cases_caseevent": CaseEvent, "stakeholders_mandate": Mandate}
EMPTYING = [
    f"TRUNCATE {table} CASCADE"
    for table in ("cases_caseevent", "cases_case", "stakeholders_mandate", "stakeholders_party")
]


def test_no_statement_of_the_engine_gets_past_the_triggers() -> None:
    event, mandate = logged_case().events.last(), MandateFactory()
    ways_around = {
        "postgresql": EMPTYING,
        "sqlite": [
            *replacing("cases_caseevent", "kind", event.pk),
            replacing("stakeholders_mandate", "basis", mandate.pk)[0],
        ],
    }

    connection.check_constraints()  # PostgreSQL empties no table with checks pending

    for statement in ways_around[connection.vendor]:
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert CaseEvent.objects.get(pk=event.pk).kind == event.kind
    assert Mandate.objects.get(pk=mandate.pk).basis == mandate.basis

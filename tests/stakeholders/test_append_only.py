"""What is written once stays: the database itself refuses, whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from cases.models import CaseEvent
from stakeholders.models import Mandate, Ruling
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, PartyFactory, RulingFactory

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no INSERT OR REPLACE")


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


@on_postgresql
@pytest.mark.parametrize("table", ["cases_caseevent", "cases_case", "stakeholders_mandate", "stakeholders_party"])
def test_no_table_that_is_written_once_can_be_emptied_at_a_stroke(table: str) -> None:
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


@on_sqlite
@pytest.mark.parametrize("new_id", ["id", "id + 1000"])
def test_insert_or_replace_rewrites_no_line(new_id: str) -> None:
    event = logged_case().events.last()
    columns = [field.column for field in CaseEvent._meta.concrete_fields if field.column not in {"id", "kind"}]
    names = ", ".join(columns)

    with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO cases_caseevent (id, kind, {names}) "  # noqa: S608 -- our own names
            f"SELECT {new_id}, 'closed', {names} FROM cases_caseevent WHERE id = %s",
            [event.pk],
        )

    assert CaseEvent.objects.get(pk=event.pk).kind == event.kind


@on_sqlite
def test_insert_or_replace_rewrites_no_record() -> None:
    mandate = MandateFactory()
    columns = ", ".join(field.column for field in Mandate._meta.concrete_fields if field.column != "basis")

    with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO stakeholders_mandate (basis, {columns}) "  # noqa: S608 -- our own names
            f"SELECT 'x', {columns} FROM stakeholders_mandate WHERE id = %s",
            [mandate.pk],
        )

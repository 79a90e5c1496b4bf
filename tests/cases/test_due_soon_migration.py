"""The migration that says of cases from before when their deadline is near."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from pytest_django import DjangoAssertNumQueries

import cases.migrations
from cases.models import Case
from tests.factories.cases import logged_case

pytestmark = pytest.mark.django_db

[FILE] = Path(*cases.migrations.__path__).glob("*_due_soon.py")
migration = import_module(f"cases.migrations.{FILE.stem}")


def as_before(case: Case) -> Case:
    """The case as it was written before."""
    for written in case.deadlines.values():
        del written["start"], written["changes"], written["soon_at"]
    case.due_soon_at = None
    case.save()
    return case


def fill() -> None:
    migration.fill(apps, connection.schema_editor())


def test_migration_fills_in_what_a_new_case_would_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "BATCH", 2)
    expected = {case.pk: case.due_soon_at for case in (logged_case() for _ in range(3))}
    for case in Case.objects.all():
        as_before(case)

    fill()

    assert dict(Case.objects.values_list("pk", "due_soon_at")) == expected


def test_migration_leaves_alone_what_is_done_or_has_no_deadline() -> None:
    done, without = as_before(logged_case()), as_before(logged_case())
    Case.objects.filter(pk=done.pk).update(stage="resolved", resolved_at=done.reported_at)
    Case.objects.filter(pk=without.pk).update(deadlines={}, resolve_due_at=None)

    fill()

    assert set(Case.objects.values_list("due_soon_at", flat=True)) == {None}


@pytest.mark.parametrize("count", [1, 3])
def test_migration_is_set_based(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(count):
        as_before(logged_case())

    with django_assert_num_queries(5):
        fill()

"""Flagging what has fallen due."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import CaseEvent, Finding
from cases.services import sweep_overdue as module
from cases.services.sweep_overdue import sweep_overdue
from tests.factories.cases import MONDAY, logged_case

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_sweep_overdue_flags_from_the_instant_after_the_deadline() -> None:
    case = logged_case()

    assert sweep_overdue(at=case.resolve_due_at) == 0
    assert sweep_overdue(at=case.resolve_due_at + SECOND) == 1

    finding = case.findings.get(kind=Finding.Kind.OVERDUE)
    assert (finding.since, finding.opened_at) == (case.resolve_due_at, case.resolve_due_at + SECOND)
    assert case.events.last().details == {"finding": "overdue"}


def test_sweep_overdue_writes_nothing_the_second_time(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    late = MONDAY + timedelta(days=9)
    logged_case()
    sweep_overdue(at=late)
    events = CaseEvent.objects.count()

    with django_assert_num_queries(3):  # one look into one index, inside its savepoint
        assert sweep_overdue(at=late + timedelta(days=1)) == 0

    assert CaseEvent.objects.count() == events


def test_sweep_overdue_goes_on_from_batch_to_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    cases = [logged_case() for _ in range(5)]

    assert sweep_overdue(at=MONDAY + timedelta(days=9)) == 5
    assert Finding.objects.filter(kind=Finding.Kind.OVERDUE).count() == len(cases)


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_overdue_is_set_based(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(count):
        logged_case()

    with django_assert_num_queries(14):
        sweep_overdue(at=MONDAY + timedelta(days=9))


def test_sweep_overdue_needs_no_party_that_leads() -> None:
    case = logged_case()  # a vacuum
    assert case.lead is None

    assert sweep_overdue(at=MONDAY + timedelta(days=9)) == 1

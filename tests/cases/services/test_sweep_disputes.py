"""Raising disputes that nobody has settled in time."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, DisputeLevel
from cases.services.rule_on_case import rule_on_case
from cases.services.sweep_disputes import sweep_disputes
from stakeholders.models import Membership
from tests.cases.services.conftest import pass_back_and_forth
from tests.factories.cases import MONDAY, logged_case

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_sweep_disputes_raises_level_by_level_after_two_five_and_five_working_days(disputed: Case) -> None:
    due = disputed.resolve_due_at
    dispute, moments = disputed.disputes.get(), []
    while dispute.level_due_at is not None:
        moments.append((dispute.level.position, dispute.level_due_at))
        assert sweep_disputes(at=dispute.level_due_at) == 0
        assert sweep_disputes(at=dispute.level_due_at + SECOND) == 1
        dispute.refresh_from_db()

    assert moments == [
        (1, datetime.fromisoformat("2026-11-18T17:30:00+08:00")),
        (2, datetime.fromisoformat("2026-11-25T17:30:00+08:00")),
        (3, datetime.fromisoformat("2026-12-02T17:30:00+08:00")),
    ]
    raised = [each.details for each in disputed.events.filter(kind="dispute_raised").order_by("seq")]
    names = list(DisputeLevel.objects.values_list("name", flat=True))
    steps = [(each["from"], each["level"]) for each in raised]
    assert steps == [(names[0], names[1]), (names[1], names[2]), (names[2], None)]
    case = Case.objects.get(pk=disputed.pk)
    assert (case.responsibility, case.resolve_due_at) == ("disputed", due)
    assert sweep_disputes(at=MONDAY + timedelta(days=999)) == 0


def test_sweep_disputes_leaves_what_is_settled(disputed: Case, handler: Membership, coordinator: Membership) -> None:
    rule_on_case(disputed, lead=handler.party, reason="x", by=coordinator, at=MONDAY + timedelta(hours=2))

    assert sweep_disputes(at=MONDAY + timedelta(days=99)) == 0


def test_sweep_disputes_moves_up_by_one_where_nobody_has_looked_for_long(disputed: Case) -> None:
    late = MONDAY + timedelta(days=99)

    assert (sweep_disputes(at=late), sweep_disputes(at=late)) == (1, 0)

    assert disputed.disputes.get().level.position == 2


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_disputes_asks_the_same_for_many(
    count: int,
    handler: Membership,
    second: Membership,
    coordinator: Membership,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        pass_back_and_forth(logged_case(), handler, second, coordinator, at=MONDAY)

    with django_assert_num_queries(13):
        assert sweep_disputes(at=MONDAY + timedelta(days=9)) == count
    with django_assert_num_queries(3):
        assert sweep_disputes(at=MONDAY + timedelta(days=9)) == 0

"""Finding what time has brought."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, CaseEvent, Finding
from cases.services import sweep_clocks as module
from cases.services.comment_on_case import comment_on_case
from cases.services.hold_case import hold_case
from cases.services.put_in_charge import put_in_charge
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from cases.services.sweep_unattended import sweep_unattended
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def kinds(case: Case) -> set[str]:
    return {each.kind for each in case.findings.open()}


@pytest.mark.parametrize(
    ("kind", "moment"),
    [("unsigned", "sign_due_at"), ("due_soon", "due_soon_at"), ("overdue", "resolve_due_at")],
)
def test_sweep_clocks_finds_from_the_instant_after_the_moment(dispatched: Case, kind: str, moment: str) -> None:
    at = getattr(dispatched, moment)

    sweep_clocks(at=at)
    assert kind not in kinds(dispatched)
    sweep_clocks(at=at + SECOND)

    found = dispatched.findings.open().get(kind=kind)
    assert (found.since, found.opened_at) == (at, at + SECOND)
    assert dispatched.events.filter(kind="found", details__finding=kind).count() == 1


def test_sweep_clocks_lets_due_soon_go_where_it_is_overdue(dispatched: Case) -> None:
    sweep_clocks(at=dispatched.due_soon_at + SECOND)
    assert "due_soon" in kinds(dispatched)

    sweep_clocks(at=dispatched.resolve_due_at + SECOND)

    assert kinds(dispatched) >= {"overdue"}
    assert "due_soon" not in kinds(dispatched)


def test_sweep_clocks_finds_what_lies_still_for_a_week(handling: Case, handler: Membership) -> None:
    sweep_clocks(at=handling.acted_at + 7 * DAY)
    assert "stalled" not in kinds(handling)

    sweep_clocks(at=handling.acted_at + 7 * DAY + SECOND)

    assert handling.findings.open().get(kind="stalled").evidence == {"party": handler.party.code}


def test_sweep_clocks_needs_no_party_that_leads() -> None:
    case = logged_case()  # a vacuum
    assert case.lead is None

    sweep_clocks(at=MONDAY + 9 * DAY)

    assert kinds(case) == {"vacuum", "uncontacted", "overdue"}


def test_sweep_clocks_writes_nothing_the_second_time(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    late = MONDAY + 9 * DAY
    logged_case()
    sweep_clocks(at=late)
    events, versions = CaseEvent.objects.count(), list(Case.objects.values_list("version"))

    with django_assert_num_queries(6):  # one look into one index for holds and one for the rest, in their savepoints
        assert sweep_clocks(at=late + DAY) == 0

    assert (CaseEvent.objects.count(), list(Case.objects.values_list("version"))) == (events, versions)


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_clocks_asks_the_same_whatever_there_is_to_find(
    count: int, handler: Membership, coordinator: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        logged_case()
        on_hold = sign_for_case(logged_case(), by=handler, at=MONDAY)
        hold_case(on_hold, reason="等料", until=MONDAY + DAY, by=coordinator, at=MONDAY)

    with django_assert_num_queries(22):
        sweep_clocks(at=MONDAY + 9 * DAY)


def test_sweep_clocks_goes_on_from_batch_to_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    MandateFactory(item="3.1")
    cases = [logged_case() for _ in range(5)]

    sweep_clocks(at=MONDAY + 9 * DAY)

    for kind in ("overdue", "unsigned", "uncontacted", "stalled"):
        assert Finding.objects.filter(kind=kind).count() == len(cases)


def test_sweep_clocks_is_not_put_off_by_a_question_why_nothing_happens(
    handling: Case, handler: Membership, coordinator: Membership
) -> None:
    late = handling.acted_at + 7 * DAY + SECOND
    sweep_clocks(at=late)

    comment_on_case(handling, reason="怎么还没动？", by=coordinator, at=late + DAY)
    assert "stalled" in kinds(handling)

    comment_on_case(handling, reason="配件周五到", by=handler, at=late + DAY)
    assert "stalled" not in kinds(handling)


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_clocks_asks_the_same_where_people_have_left(
    count: int, handler: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cases = [logged_case() for _ in range(count)]
    for case in cases:
        put_in_charge(sign_for_case(case, by=handler, at=MONDAY), person=handler, by=handler, at=MONDAY)
    handler.until = MONDAY + DAY
    handler.save()
    assert sweep_unattended(at=MONDAY + DAY) == count

    with django_assert_num_queries(16):
        sweep_clocks(at=cases[0].resolve_due_at + SECOND)

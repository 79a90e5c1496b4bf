"""A new round."""

from datetime import timedelta

import pytest

from cases.models import Case
from cases.services.close_case import close_case
from cases.services.escalate import escalate
from cases.services.hold_case import hold_case
from cases.services.link_duplicate import link_duplicate
from cases.services.put_in_charge import put_in_charge
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from cases.services.void_case import void_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=30)


def test_reopen_case_begins_a_new_round_with_the_last_lead(
    closed: Case, handler: Membership, coordinator: Membership
) -> None:
    case = reopen_case(closed, reason="又满了", by=coordinator, at=LATER)

    assert (case.stage, case.lead, case.responsibility) == ("dispatched", handler.party, "held")
    assert (case.cycle, case.reopened_at) == (2, LATER)
    ended = (case.signed_at, case.resolved_at, case.verified_at, case.closed_at, case.contacted_at, case.rated_at)
    assert ended == (None,) * 6
    assert min(case.sign_due_at, case.contact_due_at, case.resolve_due_at) > LATER
    assert [each.until is None for each in case.custodies.filter(role="lead")] == [False, True]
    assert case.handoffs == 0
    events = [(each.kind, each.by) for each in case.events.order_by("seq")][-2:]
    assert events == [("reopened", coordinator), ("assigned", None)]
    assert case.events.get(kind="reopened").details["reason"] == "又满了"


def test_reopen_case_lets_every_step_fire_again(closed: Case, handler: Membership, coordinator: Membership) -> None:
    reopen_case(closed, reason="又满了", by=coordinator, at=LATER)
    late = LATER + timedelta(days=5)
    sweep_clocks(at=late)
    escalate(at=late)
    sign_for_case(closed, by=handler, at=late)
    resolve_case(closed, reason="清了", by=handler, at=late)
    close_case(closed, reason="看过", by=coordinator, at=late)
    reopen_case(closed, reason="再次", by=coordinator, at=late)
    again = late + timedelta(days=5)

    sweep_clocks(at=again)
    escalate(at=again)

    steps = closed.escalations.filter(rule__trigger="overdue", rule__action="remind", fired_at__isnull=False)
    assert sorted(steps.values_list("cycle", flat=True)) == [2, 3]


def test_reopen_case_asks_the_ledger_where_the_last_lead_is_gone(
    closed: Case, handler: Membership, coordinator: Membership
) -> None:
    handler.party.closed_at = LATER
    handler.party.save()

    case = reopen_case(closed, reason="又满了", by=coordinator, at=LATER)

    assert (case.stage, case.lead, case.responsibility, case.sign_due_at) == ("opened", None, "vacuum", None)
    assert case.findings.open().get().kind == "vacuum"


def test_reopen_case_takes_whoever_was_in_charge_off(
    resolved: Case, handler: Membership, coordinator: Membership
) -> None:
    Case.objects.filter(pk=resolved.pk).update(in_charge=handler)
    close_case(resolved, reason="看过", by=coordinator, at=LATER)
    handler.party.closed_at = LATER
    handler.party.save()

    assert reopen_case(resolved, reason="又满了", by=coordinator, at=LATER).in_charge is None


def test_reopen_case_makes_a_duplicate_a_case_of_its_own_again(coordinator: Membership, dispatched: Case) -> None:
    main = logged_case(building=dispatched.building)
    link_duplicate(dispatched, main_case=main, by=coordinator, at=MONDAY)

    case = reopen_case(dispatched, reason="不是同一件", by=coordinator, at=LATER)

    assert (case.main_case, case.stage) == (None, "dispatched")


def test_reopen_case_forgets_what_parties_said_and_asked_for(disputed: Case, coordinator: Membership) -> None:
    void_case(disputed, reason="误报", by=coordinator, at=LATER)

    case = reopen_case(disputed, reason="不是误报", by=coordinator, at=LATER)

    assert case.responsibility == "held"
    assert not case.stances.standing().exists()


def test_put_in_charge_begins_anew_with_the_round(closed: Case, handler: Membership, coordinator: Membership) -> None:
    reopen_case(closed, reason="又满了", by=coordinator, at=LATER)

    assert put_in_charge(closed, person=handler, by=handler, at=LATER).in_charge == handler


def test_reopen_case_takes_it_off_the_list_for_supervision(closed: Case, coordinator: Membership) -> None:
    Case.objects.filter(pk=closed.pk).update(listed_at=MONDAY)

    assert reopen_case(closed, reason="又满了", by=coordinator, at=LATER).listed_at is None


def test_reopen_case_goes_on_with_one_that_was_void_by_mistake(handling: Case, coordinator: Membership) -> None:
    due = handling.contact_due_at, handling.resolve_due_at
    Case.objects.filter(pk=handling.pk).update(listed_at=MONDAY)
    void_case(handling, reason="误报", by=coordinator, at=MONDAY)

    case = reopen_case(handling, reason="确有其事", by=coordinator, at=MONDAY + HOUR)

    assert (case.contact_due_at, case.resolve_due_at) == due
    assert (case.cycle, case.reopened_at, case.listed_at, case.stage) == (1, None, MONDAY, "dispatched")


def test_reopen_case_counts_no_hold_that_was_void(handling: Case, coordinator: Membership) -> None:
    due = handling.resolve_due_at
    hold_case(handling, reason="等配件", until=MONDAY + timedelta(days=4), by=coordinator, at=MONDAY)
    void_case(handling, reason="误报", by=coordinator, at=MONDAY + HOUR)

    case = reopen_case(handling, reason="确有其事", by=coordinator, at=MONDAY + timedelta(days=1))

    assert (case.hold_until, case.resolve_due_at) == (None, due + timedelta(days=1))

"""The ladder: each step fires once, in time, and needs nobody in charge."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, CaseEvent, Custody, Escalation, EscalationRule, Finding
from cases.services import escalate as module
from cases.services.comment_on_case import comment_on_case
from cases.services.escalate import escalate
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Party
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
DUE = datetime.fromisoformat("2026-11-17T17:30:00+08:00")
MINUTE = timedelta(minutes=1)


def fired(case: Case, *triggers: str) -> list[tuple[str, str]]:
    steps = case.escalations.filter(fired_at__isnull=False, rule__trigger__in=triggers).order_by("due_at", "pk")
    return [(step.rule.trigger, step.rule.action) for step in steps]


@pytest.fixture
def overdue() -> Case:
    """A case of a supervised party that is past its deadline."""
    supervisor = PartyFactory(kind=Party.Kind.STREET)
    MandateFactory(item="3.1", party__supervisor=supervisor)
    case = logged_case()
    sweep_clocks(at=DUE + MINUTE)
    return Case.objects.get(pk=case.pk)


def test_escalate_climbs_one_step_after_the_other(overdue: Case) -> None:
    counts = []
    for days in (0, 1, 10, 30):
        before = len(fired(overdue, "overdue"))
        escalate(at=DUE + MINUTE + timedelta(days=days))
        counts.append(len(fired(overdue, "overdue")) - before)

    assert counts == [1, 1, 1, 1]
    assert [action for _, action in fired(overdue, "overdue")] == ["remind", "raise", "tell_coordinator", "list"]


def test_escalate_fires_nothing_twice(overdue: Case) -> None:
    late = DUE + timedelta(days=30)

    planned = overdue.escalations.count()

    assert (escalate(at=late), escalate(at=late)) == (planned, 0)
    assert overdue.events.filter(kind=CaseEvent.Kind.ESCALATED).count() == planned


def test_escalate_raises_to_the_supervising_party_which_then_sees_the_case(overdue: Case) -> None:
    escalate(at=DUE + timedelta(days=1))

    supervisor = overdue.lead.supervisor
    assert overdue.custodies.get(role="supervise").party == supervisor
    assert Case.objects.visible_to(MembershipFactory(party=supervisor)).get() == overdue
    assert overdue.events.last().details["party"] == supervisor.code


def test_escalate_needs_nobody_in_charge() -> None:
    office = PartyFactory(kind=Party.Kind.STREET)
    case = logged_case()
    assert case.responsibility == "vacuum"

    escalate(at=MONDAY + timedelta(days=5))

    assert fired(case, "vacuum") == [("vacuum", "tell_coordinator"), ("vacuum", "raise")]
    assert case.custodies.get(role="supervise").party == office


def test_escalate_is_not_reset_by_an_edit_or_a_hand_off(overdue: Case) -> None:
    coordinator = MembershipFactory(coordinator=True)
    comment_on_case(overdue, reason="催办", by=coordinator, at=DUE + MINUTE)
    reassign_case(overdue, lead=PartyFactory(), reason="改派", by=coordinator, at=DUE + MINUTE)

    escalate(at=DUE + timedelta(days=1))

    assert fired(overdue, "overdue") == [("overdue", "remind"), ("overdue", "raise")]


def test_escalate_stops_when_the_case_is_resolved(overdue: Case) -> None:
    handler = MembershipFactory(party=overdue.lead)
    escalate(at=DUE + MINUTE)
    sign_for_case(overdue, by=handler, at=DUE + MINUTE)
    resolve_case(overdue, reason="已清运", by=handler, at=DUE + 2 * MINUTE)

    assert escalate(at=DUE + timedelta(days=30)) == 0
    cancelled = overdue.escalations.filter(cancelled_at__isnull=False, rule__trigger="overdue")
    assert {step.rule.action for step in cancelled} == {"raise", "tell_coordinator", "list"}


def test_escalate_does_not_say_that_it_reminded_nobody() -> None:
    case = logged_case()
    sweep_clocks(at=DUE + MINUTE)

    escalate(at=DUE + MINUTE)

    told = [(e.details["trigger"], e.details["action"]) for e in case.events.filter(kind=CaseEvent.Kind.ESCALATED)]
    assert ("overdue", "tell_coordinator") in told
    assert ("overdue", "remind") not in told


def test_escalate_passes_over_a_closed_supervisor(overdue: Case) -> None:
    above = PartyFactory()
    overdue.lead.supervisor.closed_at = MONDAY
    overdue.lead.supervisor.supervisor = above
    overdue.lead.supervisor.save()

    escalate(at=DUE + timedelta(days=1))

    assert overdue.custodies.get(role="supervise").party == above


def test_escalate_tells_of_a_case_that_nobody_has_located() -> None:
    case = logged_case(need_item=None)

    escalate(at=MONDAY + timedelta(days=10))

    assert fired(case, "unlocated") == [("unlocated", "tell_coordinator"), ("unlocated", "raise")]


@pytest.mark.parametrize("count", [1, 3])
def test_escalate_is_set_based(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    MandateFactory(item="3.1", party__supervisor=PartyFactory())
    for _ in range(count):
        logged_case()
    sweep_clocks(at=DUE + MINUTE)

    with django_assert_num_queries(14):
        escalate(at=DUE + timedelta(days=9))


@pytest.mark.parametrize("count", [1, 3])
def test_escalate_is_set_based_where_only_a_later_step_moves_the_case(
    count: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(module, "BATCH", count)
    MandateFactory(item="3.1", party__supervisor=PartyFactory())
    cases = [logged_case() for _ in range(count)]
    sweep_clocks(at=DUE + MINUTE)

    with django_assert_num_queries(18):
        escalate(at=DUE + timedelta(days=30))

    assert all(fired(case, "overdue")[-1] == ("overdue", "list") for case in cases)


def test_escalate_starves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    cases = [logged_case() for _ in range(5)]

    assert escalate(at=MONDAY) == len(cases)
    assert not Escalation.objects.filter(due_at__lte=MONDAY, fired_at__isnull=True).exists()


def test_escalate_lays_a_cancelled_step_out_again_for_a_new_fault_of_the_kind() -> None:
    coordinator, lead = MembershipFactory(coordinator=True), MandateFactory(item="1.1").party
    case = logged_case()
    reassign_case(case, lead=lead, reason="首接负责", by=coordinator, at=MONDAY + MINUTE)
    from_return = MONDAY + timedelta(days=1)
    handler = MembershipFactory(party=lead)
    return_case(case, ground="不归我们", by=handler, at=from_return)
    pending = case.escalations.filter(fired_at__isnull=True, cancelled_at__isnull=True)

    assert {step.finding for step in pending} == {case.findings.open().get()}
    assert {step.rule.action for step in pending} == {"tell_coordinator", "raise"}


def test_escalate_ignores_a_step_that_is_switched_off() -> None:
    EscalationRule.objects.filter(trigger=Finding.Kind.VACUUM).update(is_active=False)
    logged_case()

    assert escalate(at=MONDAY + timedelta(days=30)) == 0


def only_step(**rule: object) -> EscalationRule:
    """A ladder of one step."""
    EscalationRule.objects.update(is_active=False)
    return EscalationRule.objects.create(**{"trigger": "overdue", "amount": 0, "unit": "hour"} | rule)


def test_escalate_hands_over_to_the_supervising_party_while_the_clocks_run_on() -> None:
    only_step(action="hand_over")
    supervisor = PartyFactory(kind=Party.Kind.STREET)
    first = MandateFactory(item="3.1", party__supervisor=supervisor).party
    case = logged_case()
    due = case.resolve_due_at
    sweep_clocks(at=DUE + MINUTE)

    escalate(at=DUE + MINUTE)

    case.refresh_from_db()
    assert (case.lead, case.stage, case.responsibility, case.handoffs) == (supervisor, "dispatched", "held", 1)
    assert case.resolve_due_at == due
    assert case.sign_due_at > DUE + MINUTE
    assert case.findings.open().filter(kind="overdue").exists()
    held = [(each.party, each.ending) for each in case.custodies.filter(role="lead").order_by("pk")]
    assert held == [(first, "handed_over"), (supervisor, "")]
    told = case.events.get(kind=CaseEvent.Kind.ESCALATED).details
    assert (told["action"], told["party"], told["previous"]) == ("hand_over", supervisor.code, first.code)
    assert Case.objects.visible_to(MembershipFactory(party=supervisor)).get() == case


def test_escalate_hands_a_case_that_nobody_has_to_the_town_office() -> None:
    only_step(trigger="vacuum", action="hand_over")
    office = PartyFactory(kind=Party.Kind.STREET)
    case = logged_case()

    escalate(at=MONDAY)

    case.refresh_from_db()
    assert (case.lead, case.responsibility) == (office, "held")
    assert not case.findings.open().exists()


def test_escalate_hands_over_twice_at_once_where_two_steps_are_due() -> None:
    only_step(action="hand_over")
    EscalationRule.objects.create(trigger="overdue", amount=1, action="hand_over")
    top = PartyFactory(kind=Party.Kind.STREET)
    middle = PartyFactory(supervisor=top)
    MandateFactory(item="3.1", party__supervisor=middle)
    case = logged_case()
    sweep_clocks(at=DUE + MINUTE)

    assert escalate(at=DUE + timedelta(days=9)) == 2

    case.refresh_from_db()
    assert (case.lead, case.handoffs) == (top, 2)
    assert case.custodies.filter(role="lead", until__isnull=True).get().party == top
    assert case.custodies.get(party=middle).ending == "handed_over"


def test_escalate_leaves_a_dispute_open_when_it_hands_over(disputed: Case) -> None:
    only_step(trigger="overdue", action="hand_over")
    above = PartyFactory(kind=Party.Kind.STREET)
    disputed.lead.supervisor = above
    disputed.lead.save()
    sweep_clocks(at=DUE + MINUTE)

    escalate(at=DUE + MINUTE)

    disputed.refresh_from_db()
    assert (disputed.lead, disputed.responsibility) == (above, "disputed")
    assert disputed.disputes.open().exists()


def test_escalate_lists_for_supervision() -> None:
    only_step(action="list")
    supervisor = PartyFactory(kind=Party.Kind.STREET)
    MandateFactory(item="3.1", party__supervisor=supervisor)
    case = logged_case()
    sweep_clocks(at=DUE + MINUTE)

    escalate(at=DUE + MINUTE)

    case.refresh_from_db()
    assert case.listed_at == DUE + MINUTE
    assert case.custodies.get(role="supervise").party == supervisor
    assert case.events.last().details["action"] == "list"


@pytest.mark.parametrize("action", ["remind", "tell_coordinator"])
def test_escalate_that_only_tells_changes_nothing_but_the_history(action: str) -> None:
    only_step(action=action)
    MandateFactory(item="3.1")
    case = logged_case()
    sweep_clocks(at=DUE + MINUTE)
    case.refresh_from_db()
    written = {"version", "head_seq", "head_digest", "updated_at"}
    names = [field.attname for field in Case._meta.concrete_fields if field.name not in written]
    before = [getattr(case, name) for name in names]

    escalate(at=DUE + MINUTE)

    case.refresh_from_db()
    assert [getattr(case, name) for name in names] == before
    assert not case.custodies.exclude(role="lead").exists()
    assert case.events.last().kind == "escalated"


@pytest.mark.parametrize("count", [1, 3])
def test_escalate_hands_over_in_as_many_statements_for_many(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    only_step(action="hand_over")
    MandateFactory(item="3.1", party__supervisor=PartyFactory())
    for _ in range(count):
        logged_case()
    sweep_clocks(at=DUE + MINUTE)

    with django_assert_num_queries(22):
        assert escalate(at=DUE + MINUTE) == count


def test_escalate_does_nothing_where_nothing_is_due(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        assert escalate(at=MONDAY) == 0


def test_escalate_ends_where_closed_parties_supervise_each_other() -> None:
    lead = MandateFactory(item="3.1", party__supervisor=PartyFactory()).party
    above = lead.supervisor
    office = PartyFactory(kind="STREET")
    logged_case()
    Party.objects.filter(pk=above.pk).update(closed_at=MONDAY, supervisor=lead)
    Party.objects.filter(pk=lead.pk).update(closed_at=MONDAY)
    sweep_clocks(at=DUE + MINUTE)

    assert escalate(at=DUE + timedelta(days=9)) > 0
    assert Custody.objects.filter(party=office, role="supervise").exists()

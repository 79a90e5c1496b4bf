"""Time limits that a law sets: started, extended within the article, stopped, and never hidden."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.models import Case, StatutoryRule
from cases.policies import NotNowError
from cases.services.extend_statutory_timer import extend_statutory_timer
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.stop_statutory_timer import stop_statutory_timer
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def finish() -> StatutoryRule:
    """60 days, and at most 30 more."""
    return StatutoryRule.objects.get(code="petition-finish")


@pytest.fixture
def running(handling: Case, finish: StatutoryRule, coordinator: Membership) -> Case:
    return start_statutory_timer(handling, rule=finish, by=coordinator, at=MONDAY)


def test_start_statutory_timer_counts_from_the_moment_the_law_names(
    handling: Case, finish: StatutoryRule, coordinator: Membership
) -> None:
    case = start_statutory_timer(
        handling, rule=finish, started_at=MONDAY - 9 * DAY, reason="来信", by=coordinator, at=MONDAY
    )

    timer = case.timers.get()
    assert timer.started_at == MONDAY - 9 * DAY
    assert (case.timer_due_at, timer.due_at < timer.limit_at) == (timer.due_at, True)
    assert (timer.due_at - timer.started_at).days in range(59, 64)
    assert (case.events.last().kind, case.events.last().details["reason"]) == ("timer_started", "来信")


def test_start_statutory_timer_refuses_by_field(running: Case, finish: StatutoryRule, coordinator: Membership) -> None:
    other = StatutoryRule.objects.get(code="gas-query")
    unused = StatutoryRule.objects.get(code="gas-complaint")
    unused.is_active = False
    unused.save()

    for given, field in (
        ({"rule": finish}, "rule"),
        ({"rule": unused}, "rule"),
        ({"rule": other, "started_at": MONDAY + 2 * DAY}, "started_at"),
    ):
        with pytest.raises(ValidationError) as refusal:
            start_statutory_timer(running, by=coordinator, at=MONDAY + DAY, **given)
        assert list(refusal.value.message_dict) == [field]


def test_statutory_finding_opens_when_the_first_ends_and_goes_when_it_is_stopped(
    running: Case, finish: StatutoryRule, coordinator: Membership
) -> None:
    gas = StatutoryRule.objects.get(code="gas-query")
    case = start_statutory_timer(running, rule=gas, by=coordinator, at=MONDAY)
    first = case.timers.get(rule=gas).due_at
    assert case.timer_due_at == first
    sweep_clocks(at=first + DAY)
    assert case.findings.open().get(kind="statutory").since == first

    case = stop_statutory_timer(case, rule=gas, reason="已答复", by=coordinator, at=first + DAY)

    assert not case.findings.open().filter(kind="statutory").exists()
    assert case.timer_due_at == case.timers.running().get().due_at
    told = case.events.get(kind="timer_stopped")
    assert (told.details["late"], told.details["reason"]) == (True, "已答复")


def test_extend_statutory_timer_moves_it_once_and_within_the_article(
    running: Case, finish: StatutoryRule, coordinator: Membership
) -> None:
    timer = running.timers.get()
    for amount in (0, 31):
        with pytest.raises(ValidationError) as refusal:
            extend_statutory_timer(running, rule=finish, amount=amount, reason="x", by=coordinator, at=MONDAY)
        assert list(refusal.value.message_dict) == ["amount"]

    case = extend_statutory_timer(running, rule=finish, amount=30, reason="情况复杂", by=coordinator, at=MONDAY)

    assert case.timer_due_at == timer.limit_at
    assert case.events.last().details["reason"] == "情况复杂"
    with pytest.raises(ValidationError, match="once"):
        extend_statutory_timer(case, rule=finish, amount=1, reason="x", by=coordinator, at=MONDAY)


def test_extend_statutory_timer_refuses_what_the_article_does_not_allow(
    handling: Case, finish: StatutoryRule, coordinator: Membership
) -> None:
    gas = StatutoryRule.objects.get(code="gas-query")
    with pytest.raises(NotNowError):
        extend_statutory_timer(handling, rule=gas, amount=1, reason="x", by=coordinator, at=MONDAY)
    start_statutory_timer(handling, rule=gas, by=coordinator, at=MONDAY)

    for rule, field in ((gas, "amount"), (finish, "rule")):
        with pytest.raises(ValidationError) as refusal:
            extend_statutory_timer(handling, rule=rule, amount=1, reason="x", by=coordinator, at=MONDAY)
        assert list(refusal.value.message_dict) == [field]


def test_stop_statutory_timer_lets_it_run_anew(running: Case, finish: StatutoryRule, coordinator: Membership) -> None:
    stop_statutory_timer(running, rule=finish, reason="已办结", by=coordinator, at=MONDAY + DAY)

    case = start_statutory_timer(running, rule=finish, by=coordinator, at=MONDAY + 2 * DAY)

    assert case.timers.count() == 2
    assert case.timers.running().count() == 1

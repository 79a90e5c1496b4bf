"""Extensions and holds: asked for, decided on, and what they do to the clocks."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.models import Case
from cases.policies import NotNowError
from cases.services.close_case import close_case
from cases.services.decide_extension import decide_extension
from cases.services.decide_hold import decide_hold
from cases.services.extend_case import extend_case
from cases.services.hold_case import hold_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.resume_case import resume_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models import Membership
from tests.factories.cases import MONDAY

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = MONDAY + 2 * HOUR


@pytest.fixture(autouse=True)
def _general(dispatched: Case) -> None:
    """A case that may be extended by up to five working days."""
    Case.objects.filter(pk=dispatched.pk).update(urgency="G")


@pytest.fixture
def asking(handling: Case, handler: Membership) -> Case:
    return extend_case(handling, reason="等料", amount=2, unit="working_day", by=handler, at=LATER)


def test_extend_case_asks_and_moves_nothing(handling: Case, handler: Membership) -> None:
    due = handling.resolve_due_at

    case = extend_case(handling, reason="等料", amount=2, unit="working_day", by=handler, at=LATER)

    assert (case.asked, case.resolve_due_at) == ("extension", due)
    request = case.time_requests.pending().get()
    assert (request.amount, request.unit, request.until, request.asked_by) == (2, "working_day", None, handler)
    expected = {"request": "extension", "amount": 2, "unit": "working_day", "until": None, "reason": "等料"}
    assert (case.events.last().kind, case.events.last().details) == ("asked", expected)
    with pytest.raises(NotNowError):
        hold_case(case, reason="x", until=LATER + DAY, by=handler, at=LATER)


@pytest.mark.parametrize(
    ("span", "field"),
    [
        ({}, "until"),
        ({"amount": 1, "unit": "working_day", "until": LATER + 9 * DAY}, "until"),
        ({"until": LATER}, "until"),
        ({"until": LATER + HOUR}, "until"),  # not after the deadline
        ({"amount": 1}, "unit"),
        ({"amount": 1, "unit": "fortnight"}, "unit"),
        ({"amount": 0, "unit": "working_day"}, "amount"),
        ({"amount": 6, "unit": "working_day"}, "until"),  # more than the urgency allows
    ],
)
def test_extend_case_refuses_what_makes_no_sense(
    handling: Case, handler: Membership, span: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        extend_case(handling, reason="x", by=handler, at=LATER, **span)

    assert list(refusal.value.message_dict) == [field]
    assert not handling.time_requests.exists()


def test_extend_case_is_asked_for_before_the_deadline_and_not_in_an_emergency(
    handling: Case, handler: Membership
) -> None:
    with pytest.raises(ValidationError, match="before the deadline"):
        extend_case(handling, reason="x", amount=1, unit="working_day", by=handler, at=handling.resolve_due_at)
    Case.objects.filter(pk=handling.pk).update(urgency="E")
    with pytest.raises(ValidationError, match="emergency"):
        extend_case(handling, reason="x", amount=1, unit="hour", by=handler, at=LATER)


def test_decide_extension_moves_the_deadline_once_a_round(
    asking: Case, handler: Membership, coordinator: Membership
) -> None:
    before = asking.resolve_due_at

    case = decide_extension(asking, grant=True, reason="同意", by=coordinator, at=LATER)

    assert (case.asked, case.resolve_due_at.isoformat()) == ("", "2026-11-19T17:30:00+08:00")
    told = case.events.last()
    assert (told.kind, told.by, told.details["reason"]) == ("extended", coordinator, "同意")
    assert told.details["party"] == handler.party.code
    assert datetime.fromisoformat(told.details["before"]) == before
    with pytest.raises(ValidationError, match="once"):
        extend_case(case, reason="x", amount=1, unit="working_day", by=handler, at=LATER)
    resolve_case(case, reason="x", by=handler, at=LATER)
    close_case(case, reason="x", by=coordinator, at=LATER)
    reopen_case(case, reason="x", by=coordinator, at=LATER)
    sign_for_case(case, by=handler, at=LATER)
    assert extend_case(case, reason="x", amount=1, unit="working_day", by=handler, at=LATER).asked == "extension"


def test_decide_extension_after_the_deadline_takes_overdue_away(asking: Case, coordinator: Membership) -> None:
    late = asking.resolve_due_at + HOUR
    sweep_clocks(at=late)
    assert asking.findings.open().filter(kind="overdue").exists()

    case = decide_extension(asking, grant=True, reason="同意", by=coordinator, at=late)

    assert not case.findings.open().filter(kind="overdue").exists()
    sweep_clocks(at=case.resolve_due_at + HOUR)
    assert case.findings.open().filter(kind="overdue").exists()


def test_decide_extension_that_is_refused_moves_nothing_and_may_be_asked_for_again(
    asking: Case, handler: Membership, coordinator: Membership
) -> None:
    due = asking.resolve_due_at

    case = decide_extension(asking, grant=False, reason="材料不足", by=coordinator, at=LATER)

    assert (case.asked, case.resolve_due_at) == ("", due)
    assert (case.events.last().kind, case.events.last().details["reason"]) == ("refused", "材料不足")
    assert extend_case(case, reason="补齐", amount=1, unit="working_day", by=handler, at=LATER).asked == "extension"


def test_decide_extension_refuses_a_moment_that_the_deadline_has_passed(
    handling: Case, handler: Membership, coordinator: Membership
) -> None:
    until = handling.resolve_due_at + HOUR
    extend_case(handling, reason="x", until=until, by=handler, at=LATER)
    Case.objects.filter(pk=handling.pk).update(resolve_due_at=until)

    with pytest.raises(ValidationError) as refusal:
        decide_extension(handling, grant=True, reason="x", by=coordinator, at=LATER)

    assert list(refusal.value.message_dict) == ["grant"]
    assert decide_extension(handling, grant=False, reason="x", by=coordinator, at=LATER).asked == ""


def test_hold_case_of_a_coordinator_begins_at_once(handling: Case, coordinator: Membership) -> None:
    until = LATER + 9 * DAY

    case = hold_case(handling, reason="等拨款", until=until, by=coordinator, at=LATER)

    assert (case.stage, case.hold_until, case.asked) == ("on_hold", until, "")
    told = case.events.last()
    assert (told.kind, told.by, datetime.fromisoformat(told.details["until"])) == ("held", coordinator, until)
    assert sweep_clocks(at=until) == 0  # nothing is late meanwhile


def test_hold_case_of_the_handler_is_asked_for(handling: Case, handler: Membership, coordinator: Membership) -> None:
    case = hold_case(handling, reason="等拨款", amount=3, unit="calendar_day", by=handler, at=LATER)
    assert (case.stage, case.asked) == ("handling", "hold")
    until = case.time_requests.get().until

    case = decide_hold(case, grant=True, reason="同意", by=coordinator, at=LATER + HOUR)

    assert (case.stage, case.hold_until, case.asked) == ("on_hold", until, "")
    assert (case.events.last().kind, case.events.last().details["party"]) == ("held", handler.party.code)


def test_decide_hold_refuses_and_is_not_granted_when_it_is_over(
    handling: Case, handler: Membership, coordinator: Membership
) -> None:
    hold_case(handling, reason="x", until=LATER + HOUR, by=handler, at=LATER)

    with pytest.raises(ValidationError) as refusal:
        decide_hold(handling, grant=True, reason="x", by=coordinator, at=LATER + HOUR)
    assert list(refusal.value.message_dict) == ["grant"]
    case = decide_hold(handling, grant=False, reason="不同意", by=coordinator, at=LATER + HOUR)

    assert (case.stage, case.asked, case.events.last().kind) == ("handling", "", "refused")


def test_resume_case_goes_on_with_what_was_left(handling: Case, handler: Membership, coordinator: Membership) -> None:
    due = handling.resolve_due_at
    hold_case(handling, reason="等拨款", until=LATER + 60 * DAY, by=coordinator, at=LATER)

    case = resume_case(handling, reason="款到了", by=handler, at=LATER + 7 * DAY)

    assert (case.stage, case.hold_until) == ("handling", None)
    assert case.resolve_due_at == due + 7 * DAY
    assert (case.events.last().kind, case.events.last().details["reason"]) == ("resumed", "款到了")


def test_hold_ends_by_itself_and_nothing_is_stalled_by_it(handling: Case, coordinator: Membership) -> None:
    due, until = handling.resolve_due_at, LATER + 14 * DAY
    hold_case(handling, reason="等拨款", until=until, by=coordinator, at=LATER)

    sweep_clocks(at=until + HOUR)

    case = Case.objects.get(pk=handling.pk)
    assert (case.stage, case.hold_until, case.resolve_due_at) == ("handling", None, due + 14 * DAY)
    assert (case.events.last().kind, case.events.last().by) == ("resumed", None)
    assert not case.findings.open().exists()


def test_hold_case_is_not_a_way_round_the_limit_of_emergencies(handling: Case, coordinator: Membership) -> None:
    Case.objects.filter(pk=handling.pk).update(urgency="E")

    with pytest.raises(ValidationError, match="emergency"):
        hold_case(handling, reason="等料", until=LATER + 30 * DAY, by=coordinator, at=LATER)


def test_hold_case_lasts_half_a_year_at_most(handling: Case, coordinator: Membership) -> None:
    with pytest.raises(ValidationError) as refusal:
        hold_case(handling, reason="等料", amount=999, unit="working_day", by=coordinator, at=LATER)

    assert list(refusal.value.message_dict) == ["until"]
    hold_case(handling, reason="等料", until=LATER + 183 * DAY, by=coordinator, at=LATER)


def test_decide_extension_grants_no_more_than_is_allowed_by_then(asking: Case, coordinator: Membership) -> None:
    due = asking.resolve_due_at
    Case.objects.filter(pk=asking.pk).update(urgency="E")

    with pytest.raises(ValidationError) as refusal:
        decide_extension(asking, grant=True, reason="同意", by=coordinator, at=LATER)

    assert list(refusal.value.message_dict) == ["grant"]
    assert Case.objects.get(pk=asking.pk).resolve_due_at == due
    assert decide_extension(asking, grant=False, reason="不能延", by=coordinator, at=LATER).asked == ""

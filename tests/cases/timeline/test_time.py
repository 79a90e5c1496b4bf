"""Telling of extensions, holds, statutory time limits and moved deadlines."""

from datetime import timedelta

import pytest

from cases.models import Case, CaseEvent, StatutoryRule
from cases.services.decide_extension import decide_extension
from cases.services.decide_hold import decide_hold
from cases.services.extend_case import extend_case
from cases.services.extend_statutory_timer import extend_statutory_timer
from cases.services.hold_case import hold_case
from cases.services.resume_case import resume_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.stop_statutory_timer import stop_statutory_timer
from cases.services.sweep_clocks import sweep_clocks
from cases.worktime import Unit
from stakeholders.models import Membership
from tests.cases.timeline.conftest import sentences, tell_all, told
from tests.factories.cases import MONDAY, logged_case

pytestmark = pytest.mark.django_db
Kind = CaseEvent.Kind

SOON = MONDAY + timedelta(hours=1)
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def case(lead: Membership, coordinator: Membership) -> Case:
    """A case in handling."""
    case = logged_case(by=coordinator)
    sign_for_case(case, by=lead, at=MONDAY)
    return case


def test_story_tells_of_an_extension(case: Case, lead: Membership, coordinator: Membership) -> None:
    extend_case(case, by=lead, amount=5, unit=Unit.WORKING_DAY, reason="等路面材料", at=SOON)
    decide_extension(case, by=coordinator, grant=True, reason="属实", at=LATER)

    assert [(str(each.sentence), each.quotation) for each in tell_all(case)[:2]] == [
        ("<b>Zhou Min</b> grants <b>Anju</b> more time: the deadline moves from 17 Nov 17:30 to 24 Nov 17:30.", "属实"),
        ("<b>Anju</b> asks for 5 working days more.", "等路面材料"),
    ]


def test_story_tells_what_was_refused(case: Case, lead: Membership, coordinator: Membership) -> None:
    until = MONDAY + timedelta(days=3)
    extend_case(case, by=lead, until=until, reason="x", at=SOON)
    decide_extension(case, by=coordinator, grant=False, reason="y", at=LATER)
    hold_case(case, by=lead, until=until, reason="x", at=LATER)
    decide_hold(case, by=coordinator, grant=False, reason="y", at=LATER)

    assert sentences(case)[:4] == [
        "<b>Zhou Min</b> refuses <b>Anju</b> the hold; the clocks run on.",
        "<b>Anju</b> asks to put it on hold until 19 Nov 09:14.",
        "<b>Zhou Min</b> refuses <b>Anju</b> more time; the deadline stays.",
        "<b>Anju</b> asks to move the deadline to 19 Nov 09:14.",
    ]


def test_story_tells_of_holds(case: Case, lead: Membership, coordinator: Membership) -> None:
    hold_case(case, by=coordinator, until=MONDAY + timedelta(days=3), reason="列入计划", at=SOON)
    resume_case(case, by=coordinator, at=LATER)
    hold_case(case, by=lead, until=MONDAY + timedelta(days=3), reason="等材料", at=LATER)
    decide_hold(case, by=coordinator, grant=True, reason="同意", at=LATER)
    sweep_clocks(at=MONDAY + timedelta(days=3, minutes=1))

    assert [each for each in sentences(case)[::-1] if "hold" in each or "resumed" in each] == [
        "<b>Zhou Min</b> put it on hold until 19 Nov 09:14; the clocks stand still.",
        "<b>Zhou Min</b> resumed it; to be resolved by 17 Nov 17:30.",
        "<b>Anju</b> asks to put it on hold until 19 Nov 09:14.",
        "<b>Zhou Min</b> agrees with <b>Anju</b>: on hold until 19 Nov 09:14; the clocks stand still.",
        "The time on hold is over; the clocks run on.",
    ]


def test_story_tells_of_statutory_time_limits(case: Case, coordinator: Membership) -> None:
    rule = StatutoryRule.objects.create(
        code="x",
        name="信访办结",
        name_en="Petition",
        article="§34",
        amount=60,
        unit="calendar_day",
        extension_amount=30,
    )
    start_statutory_timer(case, rule=rule, by=coordinator, at=MONDAY)
    extend_statutory_timer(case, rule=rule, amount=10, reason="复杂", by=coordinator, at=SOON)
    stop_statutory_timer(case, rule=rule, reason="已答复", by=coordinator, at=LATER)

    assert [(str(each.sentence), each.basis) for each in tell_all(case)[:3]] == [
        ("<b>Zhou Min</b> stopped the statutory time limit <b>Petition</b>; it was kept.", "§34"),
        (
            "<b>Zhou Min</b> extended the statutory time limit <b>Petition</b> from 15 Jan 2027 17:30 to "
            "25 Jan 2027 17:30.",
            "§34",
        ),
        (
            "<b>Zhou Min</b> set a statutory time limit running: <b>Petition</b>, until 15 Jan 2027 17:30.",
            "§34",
        ),
    ]


def test_stopping_a_time_limit_that_had_passed_says_so() -> None:
    assert told(Kind.TIMER_STOPPED, timer="x", due_at="2026-11-18T17:30:00+08:00", late=True) == (
        "The system stopped the statutory time limit <b>x</b>; it had passed on 18 Nov 17:30."
    )


def test_moving_deadlines_is_told_one_sentence_each() -> None:
    before = {"contact": "2026-11-17T17:30:00+08:00", "resolve": "2026-11-18T17:30:00+08:00"}
    after = {"contact": "2026-11-18T17:30:00+08:00", "resolve": "2026-11-19T17:30:00+08:00"}

    assert told(Kind.DEADLINE_MOVED, year=2026, before=before, after=after) == (
        "The work calendar of 2026 changed: the time to contact the reporter moved from 17 Nov 17:30 to 18 Nov 17:30. "
        "The work calendar of 2026 changed: the deadline moved from 18 Nov 17:30 to 19 Nov 17:30."
    )

"""Faults of other systems that must never be ours, those that no test of one service covers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cases import history
from cases.deadlines import due
from cases.models import Case
from cases.services.escalate import escalate
from cases.services.locate_case import locate_case
from cases.services.put_in_charge import put_in_charge
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from cases.work_calendar import load_work_calendar
from cases.worktime import Unit
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def handler() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1").party)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


def test_lesson_2_who_had_a_case_in_march_can_be_rebuilt(handler: Membership, coordinator: Membership) -> None:
    case, second = logged_case(), MembershipFactory()
    reassign_case(case, lead=second.party, reason="x", by=coordinator, at=MONDAY + DAY)
    return_case(case, ground="x", by=second, at=MONDAY + 2 * DAY)

    held = case.custodies.filter(role="lead").order_by("since")

    assert [(each.party, each.since, each.until) for each in held] == [
        (handler.party, MONDAY, MONDAY + DAY),
        (second.party, MONDAY + DAY, MONDAY + 2 * DAY),
    ]


def test_lesson_5_giving_a_case_to_the_same_party_drops_nobody(handler: Membership, coordinator: Membership) -> None:
    case = put_in_charge(logged_case(), person=handler, by=handler, at=MONDAY)
    before = case.events.count()

    with pytest.raises(Exception, match="already"):
        reassign_case(case, lead=handler.party, reason="x", by=coordinator, at=MONDAY)

    kept = Case.objects.get(pk=case.pk)
    assert (kept.in_charge, kept.events.count()) == (handler, before)


def test_lesson_8_a_case_that_is_about_something_else_goes_to_who_answers_for_that(
    handler: Membership, coordinator: Membership
) -> None:
    roofs = MandateFactory(item="1.1").party
    case = sign_for_case(logged_case(), by=handler, at=MONDAY)

    case = locate_case(
        case, estate=case.estate, building=case.building, need_item=item("1.1"), by=coordinator, at=MONDAY
    )

    assert (case.lead, case.stage, case.responsibility) == (roofs, "dispatched", "held")
    assert list(Case.objects.visible_to(MembershipFactory(party=roofs))) == [case]


@pytest.mark.parametrize("days_off", [["2026-11-18"], ["2026-11-18", "2026-11-19"]])
def test_lesson_10_a_day_off_never_makes_a_step_due_earlier(days_off: list[str]) -> None:
    plain = load_work_calendar()
    more = {datetime.fromisoformat(day).date() for day in days_off}
    with_days_off = replace(plain, days_off=plain.days_off | more)

    for hours in range(0, 24 * 7, 5):
        since = MONDAY + hours * HOUR
        for unit in (Unit.WORKING_DAY, Unit.WORK_HOUR):
            assert due(since, 3, unit, with_days_off).at >= due(since, 3, unit, plain).at


def test_lesson_11_elapsed_time_stays_with_whoever_had_it(handler: Membership, coordinator: Membership) -> None:
    case = logged_case()
    sweep_clocks(at=MONDAY + 5 * DAY)
    before = set(case.escalations.values_list("rule", "due_at"))

    reassign_case(case, lead=PartyFactory(), reason="x", by=coordinator, at=MONDAY + 5 * DAY)

    overdue = {"rule__trigger": "overdue", "cancelled_at": None}
    assert set(case.escalations.filter(**overdue).values_list("rule", "due_at")) <= before
    assert case.escalations.filter(**overdue).exists()
    assert case.custodies.get(party=handler.party).until == MONDAY + 5 * DAY


def test_lesson_14_nothing_fires_for_what_was_answered_meanwhile(handler: Membership) -> None:
    case = sign_for_case(logged_case(), by=handler, at=MONDAY)
    late = case.resolve_due_at + HOUR
    sweep_clocks(at=late)
    resolve_case(case, reason="x", by=handler, at=late)
    before = case.events.count()

    assert escalate(at=late + 99 * DAY) == 0

    assert case.events.count() == before


def test_lesson_16_overdue_is_found_and_told_and_not_only_shown(handler: Membership) -> None:
    case = logged_case()

    sweep_clocks(at=case.resolve_due_at + HOUR)
    escalate(at=case.resolve_due_at + HOUR)

    assert case.events.filter(kind="found", details__finding="overdue").exists()
    assert case.events.filter(kind="escalated", details__trigger="overdue").exists()


def test_lesson_17_where_the_history_fails_the_change_does_not_stay(
    handler: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = logged_case()

    def broken(*_given: object, **_named: object) -> None:
        raise OSError("disk is full")

    monkeypatch.setattr(history, "_store", broken)
    with pytest.raises(OSError, match="disk"):
        return_case(case, ground="x", by=handler, at=MONDAY + HOUR)

    kept = Case.objects.get(pk=case.pk)
    assert (kept.lead, kept.stage, kept.returns, kept.version) == (handler.party, "dispatched", 0, case.version)
    assert kept.custodies.get().until is None
    assert not kept.findings.exists()
    assert not kept.stances.exists()

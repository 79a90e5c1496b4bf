"""Deadlines that follow the work calendar."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases import clocks
from cases.models import (
    Case,
    CaseEvent,
    Dispute,
    DisputeLevel,
    Finding,
    StatutoryRule,
    WorkCalendarDay,
    WorkCalendarYear,
)
from cases.services import reckon_deadlines_again as module
from cases.services.confirm_work_calendar_year import confirm_work_calendar_year
from cases.services.correct_work_calendar import correct_work_calendar
from cases.services.reckon_deadlines_again import reckon_deadlines_again
from cases.services.seed_work_calendar import seed_work_calendar
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.sweep_clocks import sweep_clocks
from cases.services.verify_history import verify_history
from cases.services.withdraw_work_calendar_year import withdraw_work_calendar_year
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 11, 17)
DUE, MOVED = (datetime(2026, 11, day, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai")) for day in (17, 18))


@pytest.fixture(autouse=True)
def nothing_to_do() -> None:
    """Every year has been reckoned with."""
    WorkCalendarYear.objects.update(reckoned_at=F("updated_at"))


def take_off(day: date) -> None:
    correct_work_calendar(WorkCalendarDay(date=day, kind="off", name="停工"), by=MembershipFactory(administrator=True))


def moves(case: Case) -> list[CaseEvent]:
    return list(case.events.filter(kind=CaseEvent.Kind.DEADLINE_MOVED))


def undone() -> list[int]:
    return [year.year for year in WorkCalendarYear.objects.all() if year.reckoned_at != year.updated_at]


def test_reckon_deadlines_again_follows_a_correction_and_says_so() -> None:
    case = logged_case()
    assert case.resolve_due_at == DUE
    take_off(TUESDAY)

    assert reckon_deadlines_again(at=MONDAY) == 1

    case.refresh_from_db()
    assert case.resolve_due_at == MOVED
    assert case.due_soon_at.date() == MOVED.date()
    [moved] = moves(case)
    assert (moved.at, moved.by) == (MONDAY, None)
    assert moved.details == {
        "cause": "calendar",
        "year": 2026,
        "before": {"resolve": "2026-11-17T17:30:00+08:00"},
        "after": {"resolve": "2026-11-18T17:30:00+08:00"},
    }
    assert list(verify_history(Case.objects.all())) == []


def test_reckon_deadlines_again_writes_nothing_the_second_time(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case = logged_case()
    take_off(TUESDAY)
    reckon_deadlines_again()
    case.refresh_from_db()

    with django_assert_num_queries(1):  # no year has changed
        assert reckon_deadlines_again() == 0
    WorkCalendarYear.objects.update(reckoned_at=None)
    assert reckon_deadlines_again() == 0

    assert Case.objects.get().version == case.version
    assert undone() == []


def test_reckon_deadlines_again_leaves_alone_what_has_stopped() -> None:
    resolved, void = logged_case(), logged_case()
    Case.objects.filter(pk=resolved.pk).update(resolved_at=MONDAY, stage="resolved")
    Case.objects.filter(pk=void.pk).update(stage="void")
    before = resolved.contact_due_at, DUE
    take_off(TUESDAY)
    take_off(MONDAY.date())  # of which the time to contact would begin on Tuesday

    assert reckon_deadlines_again() == 0

    assert set(Case.objects.values_list("contact_due_at", "resolve_due_at")) == {before}


def test_reckon_deadlines_again_moves_what_is_on_hold() -> None:
    case = logged_case()
    clocks.pause(case, at=MONDAY)
    case.stage, case.hold_until = Case.Stage.ON_HOLD, MONDAY + timedelta(days=30)
    case.save()
    take_off(TUESDAY)

    assert reckon_deadlines_again() == 1
    assert Case.objects.get().resolve_due_at == MOVED


def test_reckon_deadlines_again_takes_off_the_badge_of_a_year_that_is_confirmed() -> None:
    case = logged_case(need_item=item("2.1"), at=datetime(2026, 12, 28, 9, tzinfo=MONDAY.tzinfo))
    assert case.due_is_provisional
    confirm_work_calendar_year(WorkCalendarYear.objects.get(year=2027), by=MembershipFactory(administrator=True))

    assert reckon_deadlines_again() == 0

    now = Case.objects.get()
    assert (now.due_is_provisional, now.resolve_due_at, moves(now)) == (False, case.resolve_due_at, [])
    assert now.version == case.version + 1  # whoever asks what has changed learns of it
    assert list(verify_history(Case.objects.all())) == []


def test_reckon_deadlines_again_puts_the_badge_back_when_a_confirmation_is_taken_back() -> None:
    by, at = MembershipFactory(administrator=True), datetime(2026, 12, 28, 9, tzinfo=MONDAY.tzinfo)
    year = confirm_work_calendar_year(WorkCalendarYear.objects.get(year=2027), by=by, at=at)
    case = logged_case(need_item=item("2.1"), at=at)
    assert not case.due_is_provisional
    withdraw_work_calendar_year(year, by=by)

    reckon_deadlines_again()

    now = Case.objects.get()
    assert (now.due_is_provisional, now.resolve_due_at) == (True, case.resolve_due_at)
    assert undone() == []


@pytest.mark.parametrize("year", [1900, 9998, 9999])
def test_reckon_deadlines_again_survives_whatever_year_there_is(year: int) -> None:
    case = logged_case()
    WorkCalendarYear.objects.create(year=year, source="by hand: 赵敏")

    assert reckon_deadlines_again() == 0

    assert undone() == []
    assert Case.objects.get().resolve_due_at == case.resolve_due_at


def test_reckon_deadlines_again_follows_an_announcement_across_the_spring_festival() -> None:
    """2027 is expected with five days off at the Spring Festival; the notice makes it eight and a Saturday worked."""
    case = logged_case(need_item=item("2.1"), at=datetime(2027, 2, 2, 9, tzinfo=MONDAY.tzinfo))
    # 3 and 4 February; the 5th and 8 to 10 are expected to be off; 11, 12 and 15 February
    assert (case.resolve_due_at.date(), case.due_is_provisional) == (date(2027, 2, 15), True)
    by = MembershipFactory(administrator=True)
    for day, kind in ((11, "off"), (12, "off"), (20, "work")):
        correct_work_calendar(WorkCalendarDay(date=date(2027, 2, day), kind=kind, name="春节"), by=by)
    confirm_work_calendar_year(WorkCalendarYear.objects.get(year=2027), by=by)

    assert reckon_deadlines_again(at=case.opened_at) == 1

    case.refresh_from_db()
    assert (case.resolve_due_at.astimezone(MONDAY.tzinfo).date(), case.due_is_provisional) == (date(2027, 2, 17), False)
    assert moves(case)[0].details["year"] == 2027


def test_reckon_deadlines_again_clears_overdue_where_the_new_deadline_lies_ahead() -> None:
    case = logged_case()
    late = DUE + timedelta(hours=1)
    sweep_clocks(at=late)
    assert case.findings.open().filter(kind=Finding.Kind.OVERDUE).exists()
    take_off(TUESDAY)

    reckon_deadlines_again(at=late)

    assert not case.findings.open().filter(kind=Finding.Kind.OVERDUE).exists()
    assert [event.kind for event in case.events.order_by("-seq")[:2]] == ["cleared", "deadline_moved"]
    sweep_clocks(at=MOVED + timedelta(hours=1))
    assert case.findings.filter(kind=Finding.Kind.OVERDUE).count() == 2


def test_reckon_deadlines_again_keeps_overdue_where_the_new_deadline_has_passed_too() -> None:
    case = logged_case()
    late = MOVED + timedelta(hours=1)
    sweep_clocks(at=late)
    take_off(TUESDAY)

    reckon_deadlines_again(at=late)

    assert case.findings.open().filter(kind=Finding.Kind.OVERDUE).exists()


def test_reckon_deadlines_again_follows_a_seeding() -> None:
    logged_case()
    take_off(TUESDAY)
    reckon_deadlines_again()
    for row in (WorkCalendarDay.objects.filter(date=TUESDAY), WorkCalendarYear.objects.filter(year=2026)):
        row.update(source="chinesecalendar")  # as if the package had been wrong, and a newer one is right

    assert seed_work_calendar() == [2026]

    assert undone() == [2026]
    assert reckon_deadlines_again() == 1
    assert Case.objects.get().resolve_due_at == DUE


def test_reckon_deadlines_again_goes_on_from_batch_to_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for _ in range(5):
        logged_case()
    take_off(TUESDAY)

    assert reckon_deadlines_again() == 5


@pytest.mark.parametrize("count", [1, 3])
def test_reckon_deadlines_again_is_set_based(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(count):
        logged_case()
    sweep_clocks(at=DUE + timedelta(hours=1))
    take_off(TUESDAY)

    with django_assert_num_queries(19):  # 6 of them read the edition that the change has made
        assert reckon_deadlines_again(at=DUE + timedelta(hours=1)) == count


def test_a_year_that_changes_meanwhile_stays_to_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    take_off(TUESDAY)
    monkeypatch.setattr(module, "_follow", lambda *args: take_off(date(2026, 11, 18)) or 0)

    reckon_deadlines_again()

    assert undone() == [2026]


def test_a_run_that_dies_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 1)
    logged_case()
    last = logged_case()
    take_off(TUESDAY)
    reckon = clocks.reckon_again

    def die(case: Case, calendar: object) -> bool:
        if case.pk == last.pk:
            raise RuntimeError
        return reckon(case, calendar)

    with monkeypatch.context() as killed:
        killed.setattr(clocks, "reckon_again", die)
        with pytest.raises(RuntimeError):
            reckon_deadlines_again()
    assert sorted(Case.objects.values_list("resolve_due_at", flat=True)) == [DUE, MOVED]

    assert reckon_deadlines_again() == 1
    assert set(Case.objects.values_list("resolve_due_at", flat=True)) == {MOVED}


def test_a_case_that_is_held_by_another_is_taken_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a batch passes over is waited for; tests/services shows it with two sessions."""
    logged_case()
    take_off(TUESDAY)
    reckon = module._reckon
    monkeypatch.setattr(module, "_reckon", lambda cases, *rest: 0 if cases == [] else reckon(cases, *rest))
    queryset = type(Case.objects.all())
    lock = queryset.select_for_update

    def select_for_update(self, **how):
        return self.none() if how.get("skip_locked") else lock(self, **how)

    monkeypatch.setattr(queryset, "select_for_update", select_for_update)

    assert reckon_deadlines_again() == 1
    assert undone() == []


def test_a_day_that_is_moved_to_another_year_touches_both() -> None:
    take_off(TUESDAY)
    reckon_deadlines_again()
    day = WorkCalendarDay.objects.get(date=TUESDAY)
    day.date = date(2027, 11, 17)

    correct_work_calendar(day, by=MembershipFactory(administrator=True))

    assert undone() == [2027, 2026]
    assert timezone.now() > WorkCalendarYear.objects.get(year=2026).updated_at


def test_reckon_deadlines_again_moves_time_limits_of_laws_and_clocks_of_disputes() -> None:
    by, rule = MembershipFactory(coordinator=True), StatutoryRule.objects.get(code="petition-object")
    case = start_statutory_timer(logged_case(), rule=rule, by=by, at=MONDAY)
    level = DisputeLevel.objects.first()
    dispute = Dispute.objects.create(
        case=case, opened_at=MONDAY, level=level, level_since=MONDAY, level_due_at=DUE + timedelta(days=1)
    )
    before = case.timers.get()
    StatutoryRule.objects.update(amount=99)  # what an administrator changes later does not touch what runs
    take_off(TUESDAY)

    assert reckon_deadlines_again() == 1

    timer, case = case.timers.get(), Case.objects.get()
    assert (timer.due_at.astimezone(MONDAY.tzinfo).date(), before.due_at.astimezone(MONDAY.tzinfo).date()) == (
        date(2026, 11, 24),
        date(2026, 11, 23),
    )
    assert case.timer_due_at == timer.due_at == timer.limit_at
    dispute.refresh_from_db()
    assert dispute.level_due_at.astimezone(MONDAY.tzinfo).date() == date(2026, 11, 19)
    [told] = moves(case)
    assert [each["timer"] for each in told.details["timers"]] == ["petition-object"]

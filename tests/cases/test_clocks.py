"""What each event does to the clocks of a case, worked out by hand over the Spring Festival of 2026.

The offices work on Saturday 14 February, are closed from 15 to 23 February, and work on Saturday 28 February. The case
is opened on Monday 9 February: the reporter is to be contacted by the 10th and the matter resolved by the 14th.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from cases import clocks
from cases.models import Case, DeadlineRule
from cases.rulebook import Rulebook
from cases.work_calendar import load_work_calendar
from cases.worktime import Unit
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import MandateFactory

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


OPENED, CONTACT, RESOLVE = at("02-09 10:00"), at("02-10 17:30"), at("02-14 17:30")


@pytest.fixture
def case() -> Case:
    return logged_case(need_item=item("2.1"), at=OPENED)  # one working day to contact, five to resolve


def stored(case: Case) -> Case:
    """The case as it comes back from the database."""
    case.save()
    return Case.objects.get(pk=case.pk)


def held(case: Case, since: str, until: str) -> Case:
    """The case after a hold."""
    clocks.pause(case, at=at(since))
    case = stored(case)
    clocks.resume(case, load_work_calendar(), at=at(until))
    return stored(case)


def extended(case: Case, **more: object) -> Case:
    clocks.extend(case, load_work_calendar(), at=at("02-10 09:00"), **more)
    return stored(case)


def dates(case: Case) -> tuple[datetime | None, ...]:
    return case.contact_due_at, case.resolve_due_at, case.due_soon_at


def without_saturday():
    """The calendar, had nobody worked on 14 February."""
    calendar = load_work_calendar()
    return replace(calendar, make_up_days=calendar.make_up_days - {date(2026, 2, 14)})


# Opening


def test_opening_writes_the_facts_and_what_follows_from_them(case: Case) -> None:
    assert dates(case) == (CONTACT, RESOLVE, at("02-14 08:30"))
    written = stored(case).deadlines["resolve"]
    assert {key: written[key] for key in ("start", "amount", "unit", "changes", "soon_at", "provisional")} == {
        "start": "2026-02-09T10:00:00+08:00",
        "amount": 5,
        "unit": "working_day",
        "changes": [],
        "soon_at": "2026-02-14T08:30:00+08:00",
        "provisional": False,
    }


def test_stopping_the_clock_takes_away_when_it_is_near(case: Case) -> None:
    clocks.stop(case, DeadlineRule.Clock.RESOLVE)

    assert dates(case) == (CONTACT, None, None)


# Hold


def test_hold_leaves_the_dates_until_it_ends(case: Case) -> None:
    clocks.pause(case, at=at("02-09 15:00"))

    assert dates(stored(case)) == (CONTACT, RESOLVE, at("02-14 08:30"))


def test_end_of_a_hold_lets_what_was_left_run_on(case: Case) -> None:
    # One day to contact and five to resolve were left: 25 February, and 25, 26, 27, 28 February and 2 March.
    assert dates(held(case, "02-09 15:00", "02-24 09:00")) == (
        at("02-25 17:30"),
        at("03-02 17:30"),
        at("03-02 08:30"),
    )


def test_each_hold_counts(case: Case) -> None:
    case = held(case, "02-09 15:00", "02-10 09:00")
    case = held(case, "02-11 15:00", "02-24 09:00")

    # A day on the first: till 24 February; after 11 February 12, 13, 14 and 24 were left.
    assert case.resolve_due_at == at("02-28 17:30")


def test_hold_never_heals_lateness(case: Case) -> None:
    case = held(case, "02-13 09:00", "02-13 10:00")

    assert case.contact_due_at == CONTACT
    assert held(case, "02-24 09:00", "03-05 09:00").resolve_due_at == RESOLVE


def test_hold_leaves_alone_what_was_done_before(case: Case) -> None:
    case.contacted_at = at("02-09 11:00")

    case = held(case, "02-09 15:00", "02-24 09:00")

    assert (case.contact_due_at, case.deadlines["contact"]["changes"]) == (CONTACT, [])
    assert case.resolve_due_at == at("03-02 17:30")


def test_who_contacts_during_a_hold_is_not_late(case: Case) -> None:
    clocks.pause(case, at=at("02-09 15:00"))
    case.contacted_at = at("02-11 09:00")

    clocks.resume(case, load_work_calendar(), at=at("02-24 09:00"))

    assert case.contact_due_at == at("02-25 17:30")


def test_hold_does_not_stop_the_time_to_sign() -> None:
    MandateFactory(item="2.1")
    case = logged_case(need_item=item("2.1"), at=OPENED)
    assert case.sign_due_at == at("02-09 12:00")

    assert held(case, "02-09 11:00", "02-24 09:00").sign_due_at == at("02-09 12:00")


def test_hold_takes_up_what_was_written_before_terms_could_change(case: Case) -> None:
    for written in case.deadlines.values():
        del written["start"], written["changes"], written["soon_at"]

    assert held(stored(case), "02-09 15:00", "02-24 09:00").resolve_due_at == at("03-02 17:30")


# Extension


def test_extension_moves_the_deadline_to_resolve_and_no_other(case: Case) -> None:
    case = extended(case, amount=2, unit=Unit.WORKING_DAY)

    assert dates(case) == (CONTACT, at("02-25 17:30"), at("02-25 08:30"))
    assert case.deadlines["resolve"]["rule"] is not None
    assert extended(case, until=at("03-06 12:00")).resolve_due_at == at("03-06 12:00")


@pytest.mark.parametrize("until", [RESOLVE, at("02-12 12:00")])
def test_extension_that_does_not_lie_after_the_deadline_is_refused(case: Case, until: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        extended(case, until=until)

    assert list(refused.value.error_dict) == ["until"]
    assert dates(case) == (CONTACT, RESOLVE, at("02-14 08:30"))


def test_extension_of_no_deadline_is_refused(case: Case) -> None:
    clocks.stop(case, DeadlineRule.Clock.RESOLVE)

    with pytest.raises(ValidationError) as refused:
        extended(case, amount=2, unit=Unit.WORKING_DAY)

    assert refused.value.code == "deadline"


def test_extension_granted_during_a_hold_counts_after_it(case: Case) -> None:
    clocks.pause(case, at=at("02-11 15:00"))
    clocks.extend(case, load_work_calendar(), at=at("02-12 09:00"), amount=2, unit=Unit.WORKING_DAY)
    assert case.resolve_due_at == at("02-25 17:30")

    clocks.resume(case, load_work_calendar(), at=at("02-24 09:00"))

    # 12, 13 and 14 February were left and became 25, 26 and 27; two days on are 28 February and 2 March.
    assert case.resolve_due_at == at("03-02 17:30")


# Re-classification


def test_reclassification_sets_the_rule_that_fits_now_from_the_same_start(case: Case) -> None:
    before = case.deadlines["resolve"]["rule"]
    case.need_item = item("1.1")  # seven working days

    clocks.reclassify(case, Rulebook(), since=OPENED)

    assert dates(case) == (CONTACT, at("02-25 17:30"), at("02-25 08:30"))
    assert case.deadlines["resolve"]["rule"] != before


def test_reclassification_keeps_extensions_and_holds(case: Case) -> None:
    case = extended(held(case, "02-11 15:00", "02-24 09:00"), amount=2, unit=Unit.WORKING_DAY)
    case.need_item = item("1.1")

    clocks.reclassify(case, Rulebook(), since=OPENED)

    # Till 25 February; 12, 13, 14, 24 and 25 were left and became 25, 26, 27, 28 and 2 March; two days on is the 4th.
    assert case.resolve_due_at == at("03-04 17:30")


def test_reclassification_leaves_alone_what_has_stopped(case: Case) -> None:
    case.contacted_at = at("02-09 11:00")
    case.need_item = item("3.1")  # four working hours to contact

    clocks.reclassify(case, Rulebook(), since=OPENED)

    assert (case.contact_due_at, case.resolve_due_at) == (CONTACT, CONTACT)


def test_reclassification_leaves_alone_the_time_to_sign() -> None:
    MandateFactory(item="2.1")
    case = logged_case(need_item=item("2.1"), at=OPENED)
    before = case.sign_due_at, case.deadlines["sign"]
    case.urgency = "C"

    clocks.reclassify(case, Rulebook(), since=OPENED)

    assert (case.sign_due_at, case.deadlines["sign"]) == before


def test_reclassification_knows_of_a_hold_before_there_was_anything_to_contact_by() -> None:
    case = logged_case(need_item=None, at=OPENED)
    assert case.contact_due_at is None
    case = held(case, "02-09 15:00", "02-24 09:00")
    case.need_item = item("2.1")

    clocks.reclassify(case, Rulebook(), since=OPENED)

    assert (case.contact_due_at, case.resolve_due_at) == (at("02-25 17:30"), at("03-02 17:30"))


def test_reclassification_to_what_no_rule_fits_takes_the_deadline_off(case: Case) -> None:
    DeadlineRule.objects.all().delete()

    clocks.reclassify(case, Rulebook(), since=OPENED)

    assert dates(case) == (None, None, None)


# Reopening


def test_reopening_starts_anew_and_forgets_what_changed_before(case: Case) -> None:
    case = extended(held(case, "02-11 15:00", "02-24 09:00"), amount=2, unit=Unit.WORKING_DAY)
    DeadlineRule.objects.filter(need_item__code="2.1", clock="resolve").update(amount=6)

    clocks.restart(case, Rulebook(), at=at("03-02 10:00"))

    assert dates(case) == (at("03-03 17:30"), at("03-10 17:30"), at("03-10 08:30"))
    assert case.deadlines["resolve"]["changes"] == []


# Correction of the calendar


def test_corrected_calendar_moves_what_rests_on_it(case: Case) -> None:
    assert clocks.reckon_again(case, without_saturday())

    assert dates(case) == (CONTACT, at("02-24 17:30"), at("02-24 08:30"))
    assert not clocks.reckon_again(case, without_saturday())


def test_corrected_calendar_counts_for_holds_and_extensions_too(case: Case) -> None:
    case = extended(held(case, "02-11 15:00", "02-13 09:00"), amount=1, unit=Unit.WORKING_DAY)
    # 14 February and two days on; a day off makes the hold no longer, but the end later by one.
    assert case.resolve_due_at == at("02-26 17:30")

    assert clocks.reckon_again(case, without_saturday())

    assert case.resolve_due_at == at("02-27 17:30")


def test_corrected_calendar_leaves_alone_what_has_stopped(case: Case) -> None:
    case.resolved_at = at("02-13 09:00")

    assert not clocks.reckon_again(case, without_saturday())
    assert case.resolve_due_at == RESOLVE


def test_corrected_calendar_takes_up_what_was_written_before_terms_could_change(case: Case) -> None:
    for written in case.deadlines.values():
        del written["start"], written["changes"], written["soon_at"]

    assert clocks.reckon_again(case, without_saturday())
    assert case.deadlines["resolve"]["soon_at"] == "2026-02-24T08:30:00+08:00"


def test_a_further_day_off_never_makes_a_deadline_earlier(case: Case) -> None:
    case = held(case, "02-11 15:00", "02-24 09:00")
    calendar = load_work_calendar()
    for day in (date(2026, 2, 9) + timedelta(days=offset) for offset in range(30)):
        before = case.resolve_due_at
        fewer = replace(
            calendar,
            days_off=calendar.days_off | {day} - calendar.make_up_days,
            make_up_days=calendar.make_up_days - {day},
        )

        clocks.reckon_again(case, fewer)

        assert case.resolve_due_at >= before
        clocks.reckon_again(case, calendar)

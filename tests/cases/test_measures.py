"""Figures: what each counts, and that the lists behind it hold just the cases it counts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.measures import MEASURES, Figure, Period, figures
from cases.models import Case, Rating
from cases.services.close_case import close_case
from cases.services.contact_reporter import contact_reporter
from cases.services.decide_extension import decide_extension
from cases.services.extend_case import extend_case
from cases.services.hold_case import hold_case
from cases.services.rate_case import rate_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.sign_for_case import sign_for_case
from cases.services.void_case import void_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AFTER = MONDAY + timedelta(days=60)
NOVEMBER = Period(
    MONDAY.replace(day=1, hour=0, minute=0), MONDAY.replace(month=12, day=1, hour=0, minute=0), at=MONDAY + 14 * DAY
)


@pytest.fixture
def handler() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1").party)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def town(handler: Membership, coordinator: Membership) -> dict[str, Case]:
    """Five cases of one week: closed in time, closed late after a rework, pending, returned, void."""
    building = BuildingFactory()
    cases = {
        name: logged_case(building=building, by=coordinator, title=name)
        for name in ("in_time", "late", "pending", "returned", "void")
    }
    void_case(cases["void"], reason="误报", by=coordinator, at=MONDAY + HOUR)
    for name in ("in_time", "late", "pending", "returned"):
        sign_for_case(cases[name], by=handler, at=MONDAY + HOUR)
    return_case(cases["returned"], ground="不归我们", by=handler, at=MONDAY + 2 * HOUR)
    _finish(cases["in_time"], MONDAY + 3 * HOUR, handler, coordinator)
    resolve_case(cases["late"], reason="已清运", by=handler, at=MONDAY + 9 * DAY)
    rework_case(cases["late"], reason="仍满溢", by=coordinator, at=MONDAY + 9 * DAY + HOUR)
    _finish(cases["late"], MONDAY + 10 * DAY, handler, coordinator)
    return cases


def _finish(case: Case, at: datetime, handler: Membership, coordinator: Membership) -> None:
    resolve_case(case, reason="已清运", by=handler, at=at)
    close_case(case, reason="现场看过", by=coordinator, at=at + HOUR)


def _of(key: str, period: Period) -> Figure:
    return next(each for each in figures(Case.objects.all(), period) if each.measure.key == key)


def _rate(case: Case, by: Membership, **answers: Any) -> None:
    rate_case(case, by=by, at=MONDAY + 11 * DAY, **answers)


@pytest.mark.parametrize(
    ("key", "numerator", "denominator"),
    [
        ("handled", {"in_time", "late"}, {"in_time", "late", "pending", "returned"}),
        ("on_time", {"in_time"}, {"in_time", "late", "pending", "returned"}),
        ("overdue_pending", {"pending", "returned"}, {"in_time", "late", "pending", "returned"}),
        ("extended", set(), {"in_time", "late", "pending", "returned"}),
        ("closed", {"in_time", "late"}, {"in_time", "late", "pending", "returned"}),
        ("closed_on_time", {"in_time"}, {"in_time", "late", "pending", "returned"}),
        ("closed_late", {"late"}, {"in_time", "late", "pending", "returned"}),
        ("reworked", {"late"}, {"in_time", "late", "pending", "returned"}),
        ("signed_on_time", {"in_time", "late", "pending"}, {"in_time", "late", "pending"}),
        ("contacted_on_time", set(), {"in_time", "late", "pending", "returned"}),
        (
            "dispatched_right",
            {"in_time", "late", "pending", "void"},
            {"in_time", "late", "pending", "returned", "void"},
        ),
        ("valid", {"in_time", "late", "pending", "returned"}, {"in_time", "late", "pending", "returned", "void"}),
    ],
)
def test_measure_counts_just_these(town: dict[str, Case], key: str, numerator: set[str], denominator: set[str]) -> None:
    measure, cases = MEASURES[key], Case.objects.all()

    assert set(measure.numerator(cases, NOVEMBER).values_list("title", flat=True)) == numerator
    assert set(measure.denominator(cases, NOVEMBER).values_list("title", flat=True)) == denominator


def test_three_rates_are_what_reporters_answered(town: dict[str, Case], coordinator: Membership) -> None:
    _rate(town["in_time"], coordinator, contacted=True, solved=True, satisfied=False)
    _rate(town["late"], coordinator, solved=False)

    rates = {each.measure.key: (each.numerator, each.denominator) for each in figures(Case.objects.all(), NOVEMBER)}

    assert rates["response"] == (1, 1)  # nobody asked the other one
    assert rates["resolution"] == (1, 2)
    assert rates["satisfaction"] == (0, 1)


def test_rate_of_a_case_that_was_rated_twice_is_the_last_one(town: dict[str, Case], coordinator: Membership) -> None:
    case = town["in_time"]
    Rating.objects.create(case=case, cycle=7, solved=False, at=MONDAY + 5 * DAY)
    _rate(case, coordinator, solved=True)

    assert MEASURES["resolution"].numerator(Case.objects.all(), NOVEMBER).get() == case


def test_figures_are_the_lengths_of_their_lists(town: dict[str, Case]) -> None:
    cases = Case.objects.all()

    for figure in figures(cases, NOVEMBER):
        measure = figure.measure
        if not measure.taken:
            assert figure.numerator == measure.numerator(cases, NOVEMBER).count()
        assert figure.denominator == measure.denominator(cases, NOVEMBER).count()


def test_figures_of_nothing_are_no_zeros() -> None:
    assert {each.value for each in figures(Case.objects.all(), NOVEMBER)} == {None}


def test_figures_ask_once_for_each_base(town: dict[str, Case], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(8):
        figures(Case.objects.all(), NOVEMBER)


def test_mean_handling_time_is_of_what_was_resolved_in_the_period(town: dict[str, Case]) -> None:
    assert _of("handling_time", NOVEMBER).value == ((3 * HOUR + 10 * DAY) / 2).total_seconds()
    assert _of("handling_time", Period(MONDAY, MONDAY + DAY)).value == (3 * HOUR).total_seconds()


def test_mean_time_to_open_is_of_what_was_opened_in_the_period(town: dict[str, Case]) -> None:
    Case.objects.filter(title="void").update(reported_at=MONDAY - 2 * HOUR)

    figure = _of("opening_time", NOVEMBER)

    assert (figure.numerator, figure.denominator) == (7200, 5)


def test_period_is_half_open(town: dict[str, Case]) -> None:
    due, later = town["pending"].resolve_due_at, MONDAY + 14 * DAY
    among = MEASURES["handled"].denominator

    assert among(Case.objects.all(), Period(due, due + HOUR, at=later)).count() == 4
    assert among(Case.objects.all(), Period(due - HOUR, due, at=later)).count() == 0


def test_what_is_not_due_yet_counts_only_where_it_is_done(town: dict[str, Case]) -> None:
    tuesday = Period(NOVEMBER.since, NOVEMBER.until, at=MONDAY + DAY)

    assert MEASURES["handled"].denominator(Case.objects.all(), tuesday).filter(title="pending").count() == 0
    assert MEASURES["handled"].denominator(Case.objects.all(), tuesday).filter(title="in_time").count() == 1


def test_what_is_on_hold_is_not_due(town: dict[str, Case], coordinator: Membership) -> None:
    hold_case(town["pending"], reason="等料", until=LONG_AFTER, by=coordinator, at=MONDAY + 2 * HOUR)

    for key in ("handled", "overdue_pending", "contacted_on_time"):
        assert "pending" not in MEASURES[key].denominator(Case.objects.all(), NOVEMBER).values_list("title", flat=True)


def test_extended_and_contacted_cases_are_counted(
    town: dict[str, Case], handler: Membership, coordinator: Membership
) -> None:
    case = town["pending"]
    Case.objects.filter(pk=case.pk).update(urgency="G")
    contact_reporter(case, by=handler, at=MONDAY + HOUR)
    extend_case(case, reason="等料", amount=1, unit="working_day", by=handler, at=MONDAY + 2 * HOUR)
    decide_extension(case, grant=True, reason="同意", by=coordinator, at=MONDAY + 2 * HOUR)

    for key in ("extended", "contacted_on_time"):
        assert [each.title for each in MEASURES[key].numerator(Case.objects.all(), NOVEMBER)] == ["pending"]

"""Logging a case: report, open, route, clocks."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, CaseEvent, Custody, Finding, NumberSeries
from cases.services.log_case import log_case
from stakeholders.models import Mandate
from stakeholders.models.need import Urgency
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    HouseholdFactory,
    MandateFactory,
    MembershipFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db
Kind = CaseEvent.Kind


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("kind", flat=True))


def test_log_case_gives_it_to_the_one_lead() -> None:
    mandate = MandateFactory(item="3.1")

    case = logged_case()

    assert (case.stage, case.responsibility, case.lead) == ("dispatched", "held", mandate.party)
    [custody] = case.custodies.all()
    assert (custody.party, custody.role, custody.since, custody.until) == (mandate.party, "lead", MONDAY, None)
    assert kinds(case) == [Kind.REPORTED, Kind.OPENED, Kind.ASSIGNED]
    assert not case.findings.exists()


def test_log_case_names_the_supporting_parties() -> None:
    MandateFactory(item="3.1")
    support = MandateFactory(item="3.1", role=Mandate.Role.SUPPORT)

    case = logged_case()

    assert case.custodies.get(role=Custody.Role.SUPPORT).party == support.party


def test_log_case_finds_a_vacuum_where_nobody_answers() -> None:
    MandateFactory(item="1.1")

    case = logged_case()

    assert (case.stage, case.responsibility, case.lead) == ("opened", "vacuum", None)
    finding = case.findings.get()
    assert (finding.kind, finding.since, finding.cleared_at) == ("vacuum", MONDAY, None)
    assert kinds(case) == [Kind.REPORTED, Kind.OPENED, Kind.FOUND]


def test_log_case_finds_several_leads_and_gives_it_to_none() -> None:
    first, second = MandateFactory(item="3.1"), MandateFactory(item="3.1")

    case = logged_case()

    assert (case.responsibility, case.lead) == ("multi_head", None)
    evidence = case.findings.get(kind=Finding.Kind.MULTI_HEAD).evidence
    assert evidence == {
        "parties": [first.party.code, second.party.code],
        "mandates": [first.pk, second.pk],
    }


def test_log_case_gives_it_to_the_backstop_and_says_so() -> None:
    backstop = MandateFactory(role=Mandate.Role.BACKSTOP)

    case = logged_case()

    assert (case.stage, case.responsibility, case.lead) == ("dispatched", "backstop", backstop.party)
    assert case.findings.get().kind == Finding.Kind.BACKSTOP


def test_log_case_follows_a_ruling_over_mandates() -> None:
    MandateFactory(item="3.1")
    MandateFactory(item="3.1")
    ruling = RulingFactory(need_item=item("3.1"))

    case = logged_case()

    assert (case.responsibility, case.lead) == ("held", ruling.lead)
    assert case.events.get(kind=Kind.ASSIGNED).details["ruling"] == ruling.pk


def test_log_case_waits_to_be_classified_without_an_item() -> None:
    MandateFactory()

    case = logged_case(need_item=None)

    assert (case.stage, case.responsibility, case.lead) == ("opened", "unlocated", None)
    assert case.resolve_due_at == datetime.fromisoformat("2026-12-01T17:30:00+08:00")  # the rule for anything


def test_log_case_lays_out_the_ladder_of_a_fault() -> None:
    case = logged_case()

    steps = {(step.rule.action, step.due_at) for step in case.escalations.all()}

    assert steps == {
        ("tell_coordinator", MONDAY),
        ("raise", datetime.fromisoformat("2026-11-18T17:30:00+08:00")),
    }


def test_log_case_writes_down_how_a_deadline_came_about() -> None:
    MandateFactory()

    case = logged_case()

    assert case.resolve_due_at == datetime.fromisoformat("2026-11-17T17:30:00+08:00")
    assert case.contact_due_at == datetime.fromisoformat("2026-11-16T15:14:00+08:00")  # 4 working hours
    assert case.sign_due_at == datetime.fromisoformat("2026-11-16T11:14:00+08:00")
    assert {clock: (each["amount"], each["unit"]) for clock, each in case.deadlines.items()} == {
        "sign": (2, "work_hour"),
        "contact": (4, "work_hour"),
        "resolve": (1, "working_day"),
    }
    assert case.deadlines["resolve"]["steps"][0] == {"step": "start", "at": "2026-11-16T09:14:00+08:00"}


def test_log_case_marks_a_deadline_in_an_unannounced_year_as_provisional() -> None:
    case = logged_case(need_item=item("5.1"), at=datetime.fromisoformat("2026-12-20T09:00:00+08:00"))

    assert case.due_is_provisional
    assert case.resolve_due_at is not None
    assert case.resolve_due_at.year == 2027


def test_log_case_takes_the_urgency_of_the_item_unless_given() -> None:
    assert logged_case(need_item=item("1.3")).urgency == Urgency.URGENT
    assert logged_case(need_item=item("1.3"), urgency="E").urgency == Urgency.EMERGENCY
    assert logged_case(need_item=None).urgency == Urgency.GENERAL


def test_log_case_numbers_within_the_local_day() -> None:
    monday_night = datetime.fromisoformat("2026-11-16T00:30:00+08:00")  # still Sunday in UTC

    numbers = [logged_case(at=monday_night).number, logged_case(at=MONDAY).number]

    assert numbers == ["AZ-20261116-0001", "AZ-20261116-0002"]


def test_log_case_keeps_nothing_of_an_anonymous_reporter() -> None:
    case = logged_case(reporter_name="刘桂兰", reporter_phone="13800002607", reporter_is_anonymous=True)

    assert (case.reporter_name, case.reporter_phone) == ("", "")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"description": "字" * 20_001}, "description"),
        ({"urgency": "X"}, "urgency"),
        ({"channel": "pigeon"}, "channel"),
        ({"reported_at": MONDAY + timedelta(minutes=1)}, "reported_at"),
        ({"title": "\x00"}, "title"),
        ({"title": "\u200b\u200d"}, "title"),
    ],
)
def test_log_case_refuses_bad_input_by_field_and_changes_nothing(given: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        logged_case(**given)

    assert list(refused.value.message_dict) == [field]
    assert not Case.objects.exists()
    assert not NumberSeries.objects.exists()


def test_log_case_refuses_a_building_of_another_estate() -> None:
    with pytest.raises(ValidationError) as refused:
        logged_case(estate=EstateFactory(), building=BuildingFactory(), household=HouseholdFactory())

    assert list(refused.value.message_dict) == ["building", "household"]


def test_log_case_takes_a_number_from_elsewhere_once_per_channel() -> None:
    logged_case(channel="hotline", external_id="12345-1")
    logged_case(channel="wechat", external_id="12345-1")

    with pytest.raises(ValidationError):
        logged_case(channel="hotline", external_id="12345-1")

    assert Case.objects.count() == 2


def test_log_case_keeps_a_grid_worker_to_the_own_grid() -> None:
    grid = GridFactory()
    worker = MembershipFactory(grid_worker=True, grid=grid)
    mine, other = EstateFactory(grid=grid), BuildingFactory()

    assert logged_case(estate=mine, by=worker).grid == grid
    with pytest.raises(PermissionDenied):
        logged_case(building=other, by=worker)


def test_log_case_keeps_a_coordinator_to_the_own_area() -> None:
    elsewhere = MembershipFactory(coordinator=True, area=AreaFactory())

    with pytest.raises(PermissionDenied):
        logged_case(by=elsewhere)


@pytest.mark.parametrize("role", ["handler", "auditor", "administrator"])
def test_log_case_is_not_for_every_role(role: str) -> None:
    with pytest.raises(PermissionDenied):
        logged_case(by=MembershipFactory(role=role))


@pytest.mark.usefixtures("known_rules")
def test_log_case_costs_a_fixed_number_of_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    MandateFactory(item="3.1")
    building, by, waste = BuildingFactory(), MembershipFactory(coordinator=True), item()

    with django_assert_num_queries(10):
        log_case(title="垃圾满溢", estate=building.estate, building=building, need_item=waste, by=by, at=MONDAY)


def test_log_case_names_the_lead_no_supporter_of_itself() -> None:
    lead = MandateFactory(item="3.1").party
    MandateFactory(item="3.1", party=lead, role="support")
    helper = MandateFactory(item="3.1", role="support").party

    case = logged_case()

    assert case.lead == lead
    assert [(each.role, each.party) for each in case.custodies.order_by("id")] == [("lead", lead), ("support", helper)]

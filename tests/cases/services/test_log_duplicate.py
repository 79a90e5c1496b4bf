"""One more report of a matter that is a case already."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import Case
from cases.services.log_duplicate import log_duplicate
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import BuildingFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def report(**given: object) -> dict[str, object]:
    building = BuildingFactory()
    return {"title": "灯还是不亮", "estate": building.estate, "building": building, "need_item": item("2.1"), **given}


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


def test_log_duplicate_is_one_more_voice_about_the_main_case(coordinator: Membership) -> None:
    main = logged_case(by=coordinator, at=MONDAY)

    case = log_duplicate(main_case=main, by=coordinator, reporter_phone="13800002607", **report())

    assert (case.main_case, case.stage, case.reporter_phone) == (main, "void", "13800002607")
    assert main.events.order_by("seq").last().details == {"duplicate": case.number}


def test_log_duplicate_is_also_for_a_grid_worker_and_the_own_report() -> None:
    building = BuildingFactory()
    worker = MembershipFactory(grid_worker=True, grid=building.grid)
    main = logged_case(by=MembershipFactory(coordinator=True), building=building)

    case = log_duplicate(main_case=main, by=worker, title="x", estate=building.estate, building=building)

    assert case.main_case == main


def test_log_duplicate_logs_nothing_where_it_cannot_be_joined(coordinator: Membership) -> None:
    main = logged_case(by=coordinator, at=MONDAY)
    Case.objects.filter(pk=main.pk).update(stage="void")

    with pytest.raises(ValidationError) as refusal:
        log_duplicate(main_case=main, by=coordinator, **report())

    assert list(refusal.value.error_dict) == ["main_case"]
    assert Case.objects.count() == 1


def test_log_duplicate_is_for_those_who_may_log(coordinator: Membership) -> None:
    main = logged_case(by=coordinator, at=MONDAY)

    with pytest.raises(PermissionDenied):
        log_duplicate(main_case=main, by=MembershipFactory(auditor=True), **report())

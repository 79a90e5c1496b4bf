"""A list that was looked at is recorded once, by who sent it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from stakeholders.models import DutyList, Mandate, Membership
from stakeholders.services.keep_duty_list import keep_duty_list
from stakeholders.services.record_duty_list import record_duty_list
from tests.factories.stakeholders import EstateFactory, MembershipFactory, PartyFactory
from tests.stakeholders.duty_list.lists import duty_file, duty_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def kept(coordinator) -> DutyList:
    """Two good rows, one of them twice, and a bad one."""
    PartyFactory(code="anju")
    EstateFactory(code="donghu")
    rows = [duty_row("anju", 小区="donghu"), duty_row("anju", 小区="donghu", 事项="3.2"), duty_row("nobody")]
    content = duty_file(*rows, rows[0]).getvalue()
    return keep_duty_list(SimpleUploadedFile("清单.csv", content), by=coordinator)


def test_list_is_recorded_with_its_figures(kept, coordinator):
    at = timezone.now()

    record_duty_list(kept, by=coordinator, at=at)

    kept.refresh_from_db()
    assert (kept.recorded_at, kept.added, kept.known, kept.refused) == (at, 2, 1, 1)
    assert set(Mandate.objects.values_list("recorded_at", "recorded_by")) == {(at, coordinator.pk)}


def test_list_is_recorded_once(kept, coordinator):
    record_duty_list(kept, by=coordinator)

    with pytest.raises(ValidationError) as refused:
        record_duty_list(kept, by=coordinator)

    assert refused.value.code == "recorded"
    assert Mandate.objects.count() == 2


def test_list_that_comes_to_something_else_by_now_stays_unrecorded(kept, coordinator):
    with pytest.raises(ValidationError) as refused:
        record_duty_list(kept, by=coordinator, outcome="of another day")

    kept.refresh_from_db()
    assert (refused.value.code, kept.recorded_at) == ("changed", None)
    assert not Mandate.objects.exists()


def test_list_is_recorded_by_nobody_else(kept, coordinator):
    for other in (MembershipFactory(coordinator=True), MembershipFactory(user=coordinator.user)):
        with pytest.raises(PermissionDenied):
            record_duty_list(kept, by=other)
    assert not Mandate.objects.exists()

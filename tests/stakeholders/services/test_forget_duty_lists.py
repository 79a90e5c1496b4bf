"""Lists that nobody has recorded go after a day; the others stay as evidence."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from stakeholders.models import DutyList
from stakeholders.services.forget_duty_lists import forget_duty_lists
from stakeholders.services.keep_duty_list import keep_duty_list
from tests.factories.stakeholders import MembershipFactory
from tests.stakeholders.duty_list.lists import duty_file

pytestmark = pytest.mark.django_db


def kept(*, hours_ago: int) -> DutyList:
    file = SimpleUploadedFile("清单.csv", duty_file().getvalue())
    at = timezone.now() - timedelta(hours=hours_ago)
    return keep_duty_list(file, by=MembershipFactory(coordinator=True), at=at)


def test_lists_that_nobody_has_recorded_go_after_a_day():
    fresh, recorded, old = kept(hours_ago=23), kept(hours_ago=25), kept(hours_ago=25)
    DutyList.objects.filter(pk=recorded.pk).update(recorded_at=timezone.now())

    assert forget_duty_lists() == 1

    assert set(DutyList.objects.all()) == {fresh, recorded}
    assert old not in DutyList.objects.all()


def test_second_run_removes_nothing():
    kept(hours_ago=23)
    kept(hours_ago=25)

    assert (forget_duty_lists(), forget_duty_lists()) == (1, 0)

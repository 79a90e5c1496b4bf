"""A list is read as somebody sees the town."""

import pytest

from stakeholders.duty_list.read import read_duties
from tests.factories.stakeholders import EstateFactory, MembershipFactory, PartyFactory
from tests.stakeholders.duty_list.lists import duty_file, duty_row

pytestmark = pytest.mark.django_db


def test_changes_at_estates_that_are_not_seen_are_not_told():
    PartyFactory(code="anju")
    seen, _unseen = EstateFactory(), EstateFactory()
    worker = MembershipFactory(grid_worker=True, grid=seen.grid)

    report = read_duties(duty_file(duty_row("anju", 区划=worker.area_id)), name="清单.csv", by=worker)

    assert {change.place.estate for change in report.changes} == {seen.pk}


def test_progress_is_told_row_by_row():
    coordinator = MembershipFactory(coordinator=True)
    told = []

    read_duties(
        duty_file(duty_row("nobody"), duty_row("nobody")),
        name="清单.csv",
        by=coordinator,
        progress=lambda done, total: told.append((done, total)),
    )

    assert told == [(1, 2), (2, 2)]

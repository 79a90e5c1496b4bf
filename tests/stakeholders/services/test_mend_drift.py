"""Mending, by order of a person, where stored episodes differ from the ledger."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from stakeholders.models import Drift, Episode
from stakeholders.services.check_episodes import check_episodes
from stakeholders.services.mend_drift import mend_drift
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.stakeholders import AreaFactory, EstateFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
RIGHT, WRONG = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)


def drifting(cells: int = 1) -> list[Episode]:
    """Episodes whose end somebody has changed behind the back of the ledger, and that were found."""
    mandates = [MandateFactory(estate=EstateFactory()) for _number in range(cells)]
    refresh_episodes()
    episodes = list(Episode.objects.filter(estate__in=[each.estate for each in mandates], need_item__code="3.1"))
    Episode.objects.filter(pk__in=[each.pk for each in episodes]).update(until=WRONG)
    check_episodes()
    return episodes


def test_mend_drift_brings_the_episodes_back() -> None:
    (episode,) = drifting()

    assert mend_drift(by=MembershipFactory(coordinator=True)) == 1

    episode.refresh_from_db()
    assert episode.until == RIGHT
    assert not Drift.objects.open().exists()


def test_mend_drift_is_for_those_who_keep_the_ledger_of_the_area() -> None:
    drifting()

    assert mend_drift(by=MembershipFactory(coordinator=True, area=AreaFactory())) == 0
    with pytest.raises(PermissionDenied):
        mend_drift(by=MembershipFactory())
    assert Drift.objects.open().count() == 1


@pytest.mark.parametrize("cells", [1, 3])
def test_mend_drift_costs_as_much_for_many_cells_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries, cells: int
) -> None:
    drifting(cells)
    by = MembershipFactory(coordinator=True)

    with django_assert_num_queries(15):
        mend_drift(by=by)

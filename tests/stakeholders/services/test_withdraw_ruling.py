"""Taking a ruling back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from stakeholders.services.withdraw_ruling import withdraw_ruling
from tests.factories.stakeholders import LONG_AGO, AreaFactory, MembershipFactory, RulingFactory, TownFactory

pytestmark = pytest.mark.django_db


def test_withdraw_ruling_notes_when_and_by_whom() -> None:
    by = MembershipFactory(coordinator=True)

    ruling = withdraw_ruling(RulingFactory(), by=by)

    ruling.refresh_from_db()
    assert ruling.withdrawn_at is not None
    assert ruling.withdrawn_by == by


def test_withdraw_ruling_refuses_a_second_time() -> None:
    by = MembershipFactory(coordinator=True)
    ruling = withdraw_ruling(RulingFactory(), by=by)

    with pytest.raises(ValidationError):
        withdraw_ruling(ruling, by=by)


def test_withdraw_ruling_is_for_coordinators() -> None:
    with pytest.raises(PermissionDenied):
        withdraw_ruling(RulingFactory(), by=MembershipFactory())


def test_withdraw_ruling_ends_at_the_area_of_the_coordinator() -> None:
    by = MembershipFactory(coordinator=True, area=AreaFactory())

    with pytest.raises(PermissionDenied):
        withdraw_ruling(RulingFactory(area=TownFactory()), by=by)


def test_withdraw_ruling_that_a_clock_ahead_has_recorded() -> None:
    ruling = withdraw_ruling(RulingFactory(), by=MembershipFactory(coordinator=True), at=LONG_AGO)

    ruling.refresh_from_db()
    assert ruling.withdrawn_at == ruling.recorded_at

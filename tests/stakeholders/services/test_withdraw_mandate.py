"""Taking a mandate back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.factories.stakeholders import LONG_AGO, AreaFactory, MandateFactory, MembershipFactory, TownFactory

pytestmark = pytest.mark.django_db


def test_withdraw_mandate_notes_when_and_by_whom() -> None:
    by = MembershipFactory(coordinator=True)

    mandate = withdraw_mandate(MandateFactory(), by=by)

    mandate.refresh_from_db()
    assert mandate.withdrawn_at is not None
    assert mandate.withdrawn_by == by


def test_withdraw_mandate_refuses_a_second_time() -> None:
    by = MembershipFactory(coordinator=True)
    mandate = withdraw_mandate(MandateFactory(), by=by)

    with pytest.raises(ValidationError):
        withdraw_mandate(mandate, by=by)


def test_withdraw_mandate_is_for_coordinators() -> None:
    with pytest.raises(PermissionDenied):
        withdraw_mandate(MandateFactory(), by=MembershipFactory())


def test_withdraw_mandate_ends_at_the_area_of_the_coordinator() -> None:
    by = MembershipFactory(coordinator=True, area=AreaFactory())

    with pytest.raises(PermissionDenied):
        withdraw_mandate(MandateFactory(area=TownFactory()), by=by)


def test_withdraw_mandate_that_a_clock_ahead_has_recorded() -> None:
    mandate = withdraw_mandate(MandateFactory(), by=MembershipFactory(coordinator=True), at=LONG_AGO)

    mandate.refresh_from_db()
    assert mandate.withdrawn_at == mandate.recorded_at

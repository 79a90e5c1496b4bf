"""Who handles a case inside its party."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import Case
from cases.services.put_in_charge import put_in_charge
from cases.services.sweep_unattended import sweep_unattended
from stakeholders.models import Membership
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


def test_put_in_charge_names_the_person_and_who_it_was_before(handling: Case, handler: Membership) -> None:
    colleague = MembershipFactory(party=handler.party)
    put_in_charge(handling, person=handler, by=handler, at=MONDAY)

    case = put_in_charge(handling, person=colleague, by=handler, reason="休假", at=LATER)

    assert case.in_charge == colleague
    expected = {"person": colleague.user.name, "previous_person": handler.user.name, "reason": "休假"}
    assert (case.events.last().kind, case.events.last().details) == ("put_in_charge", expected)


def test_put_in_charge_clears_that_somebody_left(handling: Case, handler: Membership) -> None:
    gone = MembershipFactory(party=handler.party)
    put_in_charge(handling, person=gone, by=handler, at=MONDAY)
    gone.until = MONDAY
    gone.save()
    sweep_unattended(at=LATER)
    assert handling.findings.open().filter(kind="unattended").exists()

    case = put_in_charge(handling, person=handler, by=handler, at=LATER)

    assert not case.findings.open().exists()


def test_put_in_charge_refuses_strangers_and_those_who_left(
    handling: Case, handler: Membership, second: Membership
) -> None:
    left = MembershipFactory(party=handler.party, until=MONDAY)
    inactive = MembershipFactory(party=handler.party, user__is_active=False)
    no_handler = MembershipFactory(party=handler.party, auditor=True)

    for person in (second, left, inactive, no_handler):
        with pytest.raises(ValidationError) as refusal:
            put_in_charge(handling, person=person, by=handler, at=LATER)
        assert list(refusal.value.message_dict) == ["person"]


def test_put_in_charge_of_the_same_person_is_refused(handling: Case, handler: Membership) -> None:
    put_in_charge(handling, person=handler, by=handler, at=MONDAY)

    with pytest.raises(ValidationError) as refusal:
        put_in_charge(handling, person=handler, by=handler, at=LATER)

    assert [each.code for each in refusal.value.error_dict["person"]] == ["unchanged"]


def test_put_in_charge_is_for_the_party_that_has_it(handling: Case, second: Membership) -> None:
    handling.custodies.create(party=second.party, role="support", since=MONDAY)

    with pytest.raises(PermissionDenied):
        put_in_charge(handling, person=second, by=second, at=LATER)

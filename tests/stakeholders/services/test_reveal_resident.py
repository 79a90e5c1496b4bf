"""Whoever looks up a resident leaves a line that stays."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from stakeholders.models import Revealing
from stakeholders.services.reveal_resident import reveal_resident
from tests.factories.stakeholders import MembershipFactory, ResidentFactory, RevealingFactory

pytestmark = pytest.mark.django_db


def test_reveal_resident_writes_down_who_and_why() -> None:
    resident, by = ResidentFactory(), MembershipFactory(coordinator=True)

    reveal_resident(resident, reason=" 上门核实 ", by=by)

    assert list(Revealing.objects.values_list("resident", "by", "reason")) == [(resident.pk, by.pk, "上门核实")]


@pytest.mark.parametrize("role", ["auditor", "administrator", "api_client"])
def test_reveal_resident_refuses_who_does_not_go_there(role: str) -> None:
    with pytest.raises(PermissionDenied):
        reveal_resident(ResidentFactory(), reason="x", by=MembershipFactory(**{role: True}))


def test_reveal_resident_ends_at_the_area_of_the_actor() -> None:
    other = ResidentFactory(household__building__estate__grid__area__code="440106001000")

    with pytest.raises(PermissionDenied):
        reveal_resident(other, reason="x", by=MembershipFactory(coordinator=True))


def test_reveal_resident_wants_a_reason() -> None:
    with pytest.raises(ValidationError):
        reveal_resident(ResidentFactory(), reason=" ", by=MembershipFactory(coordinator=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        RevealingFactory(reason="")


def test_revealing_is_written_once() -> None:
    line = RevealingFactory()

    with pytest.raises(DatabaseError), transaction.atomic():
        Revealing.objects.update(reason="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Revealing.objects.filter(pk=line.pk).delete()


def test_resident_may_be_removed_and_who_looked_stays_known() -> None:
    resident, coordinator = ResidentFactory(), MembershipFactory(coordinator=True)
    reveal_resident(resident, reason="回访", by=coordinator)
    pk = resident.pk

    resident.delete()

    assert Revealing.objects.values_list("resident_id", "by").get() == (pk, coordinator.pk)

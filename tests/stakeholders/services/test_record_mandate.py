"""Recording what a party answers for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from stakeholders.models import Mandate
from stakeholders.services.record_mandate import record_mandate
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.factories.cases import item
from tests.factories.stakeholders import (
    AreaFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_record_mandate_records_overlap_and_never_forbids_it() -> None:
    by, estate = MembershipFactory(coordinator=True), EstateFactory()
    MandateFactory(estate=estate, item="3.1")

    mandate = record_mandate(
        PartyFactory(), role="lead", basis="职责清单第 12 项", valid_from=NOW, by=by, estate=estate, need_item=item()
    )

    assert Mandate.objects.count() == 2
    assert mandate.recorded_by == by


def test_record_mandate_is_known_from_the_moment_it_is_written_down() -> None:
    by = MembershipFactory(coordinator=True)

    mandate = record_mandate(
        PartyFactory(), role="lead", basis="合同", valid_from=NOW - timedelta(days=9), area=TownFactory(), by=by, at=NOW
    )

    assert list(Mandate.objects.in_force(NOW, as_known_on=NOW)) == [mandate]
    assert not Mandate.objects.in_force(NOW, as_known_on=NOW - timedelta(seconds=1)).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"area": None},
        {"estate": EstateFactory},
        {"need_item": item, "need_class": lambda: item().need_class},
        {"valid_until": NOW},
        {"role": "boss"},
        {"basis": ""},
    ],
)
def test_record_mandate_refuses_what_makes_no_sense(wrong: dict[str, object]) -> None:
    given = {"role": "lead", "basis": "合同", "valid_from": NOW, "area": TownFactory()} | wrong
    given = {name: value() if callable(value) else value for name, value in given.items()}

    with pytest.raises(ValidationError):
        record_mandate(PartyFactory(), by=MembershipFactory(coordinator=True), **given)

    assert not Mandate.objects.exists()


def test_record_mandate_refuses_what_is_recorded_already_to_the_last_word() -> None:
    by, party, others = MembershipFactory(coordinator=True), PartyFactory(), {"need_item": item(), "evidence": "§ 8"}
    given = {"role": "lead", "basis": "合同", "valid_from": NOW, "estate": EstateFactory(), "by": by}
    first = record_mandate(party, **given)

    with pytest.raises(ValidationError) as refusal:
        record_mandate(party, **given)
    assert {name: [each.code for each in errors] for name, errors in refusal.value.error_dict.items()} == {
        "party": ["unchanged"]
    }

    record_mandate(PartyFactory(), **given)
    for name, value in {**others, "role": "support", "basis": "§", "valid_until": NOW + timedelta(days=9)}.items():
        record_mandate(party, **given | {name: value})
    withdraw_mandate(first, by=by)
    record_mandate(party, **given)


@pytest.mark.parametrize("role", ["handler", "auditor", "administrator", "api_client"])
def test_record_mandate_is_for_coordinators(role: str) -> None:
    with pytest.raises(PermissionDenied):
        record_mandate(
            PartyFactory(),
            role="lead",
            basis="合同",
            valid_from=NOW,
            area=TownFactory(),
            by=MembershipFactory(role=role),
        )


def test_record_mandate_ends_at_the_area_of_the_coordinator() -> None:
    by = MembershipFactory(coordinator=True, area=AreaFactory())

    with pytest.raises(PermissionDenied):
        record_mandate(PartyFactory(), role="lead", basis="合同", valid_from=NOW, area=TownFactory(), by=by)

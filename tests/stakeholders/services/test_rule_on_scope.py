"""Ruling who leads from now on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from stakeholders.ledger import answer_at
from stakeholders.services.rule_on_scope import rule_on_scope
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


def test_rule_on_scope_settles_a_multi_head_cell_from_its_moment_on() -> None:
    estate, lead = EstateFactory(), PartyFactory()
    MandateFactory.create_batch(2, estate=estate)

    rule_on_scope(lead, reason="合同", by=MembershipFactory(coordinator=True), estate=estate, need_item=item(), at=NOW)

    assert answer_at(estate, None, item(), NOW - timedelta(seconds=1)).state == "multi_head"
    assert answer_at(estate, None, item(), NOW).leads == (lead.pk,)
    assert answer_at(estate, None, item("3.2"), NOW).state == "multi_head"


def test_rule_on_scope_needs_one_place() -> None:
    with pytest.raises(ValidationError):
        rule_on_scope(PartyFactory(), reason="合同", by=MembershipFactory(coordinator=True))


def test_rule_on_scope_is_for_coordinators() -> None:
    with pytest.raises(PermissionDenied):
        rule_on_scope(PartyFactory(), reason="合同", by=MembershipFactory(), estate=EstateFactory())


def test_rule_on_scope_ends_at_the_area_of_the_coordinator() -> None:
    by = MembershipFactory(coordinator=True, area=AreaFactory())

    with pytest.raises(PermissionDenied):
        rule_on_scope(PartyFactory(), reason="合同", by=by, area=TownFactory())

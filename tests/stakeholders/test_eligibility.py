"""Which parties may be named, and by whom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from stakeholders.eligibility import require_eligible
from stakeholders.models import Estate, Mandate, Membership, Party, Ruling
from stakeholders.policies import can_name_party
from stakeholders.services.record_mandate import record_mandate
from stakeholders.services.rule_on_scope import rule_on_scope
from tests.factories.stakeholders import AreaFactory, EstateFactory, MembershipFactory, PartyFactory, TownFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
CODES = ("370000000000", "379900000000", "379926000000", "379926101000", "379926101001", "379926101002", "379926102000")


@pytest.mark.parametrize("code", CODES)
def test_can_name_party_is_the_rule_of_which_parties_are_visible(code: str) -> None:
    parties = [PartyFactory(area=TownFactory(code=each)) for each in CODES]
    by = MembershipFactory(coordinator=True, area=TownFactory(code=code), party=parties[0])

    assert {each for each in parties if can_name_party(by, each)} == set(Party.objects.visible_to(by))


def test_require_eligible_takes_a_party_until_it_is_closed_down() -> None:
    by, party = MembershipFactory(coordinator=True), PartyFactory(closed_at=NOW)

    require_eligible(party, by=by, at=NOW - timedelta(seconds=1), field="lead")
    with pytest.raises(ValidationError) as refusal:
        require_eligible(party, by=by, at=NOW, field="lead")

    assert [each.code for each in refusal.value.error_dict["lead"]] == ["closed_down"]


def _record(party: Party, estate: Estate, by: Membership) -> None:
    record_mandate(party, role="lead", basis="x", valid_from=NOW, estate=estate, by=by)


def _rule(party: Party, estate: Estate, by: Membership) -> None:
    rule_on_scope(party, reason="x", valid_from=NOW, estate=estate, by=by)


@pytest.mark.parametrize(("record", "field"), [(_record, "party"), (_rule, "lead")])
def test_ledger_refuses_a_party_of_elsewhere_and_one_that_is_closed_down(record: object, field: str) -> None:
    by, estate = MembershipFactory(coordinator=True), EstateFactory()
    stranger = PartyFactory(area=AreaFactory(code="440106001000"))

    for party, code in ((stranger, "elsewhere"), (PartyFactory(closed_at=NOW), "closed_down")):
        with pytest.raises(ValidationError) as refusal:
            record(party, estate, by)
        assert [each.code for each in refusal.value.error_dict[field]] == [code]

    assert not Mandate.objects.exists()
    assert not Ruling.objects.exists()
    record(PartyFactory(closed_at=NOW + timedelta(days=1)), estate, by)

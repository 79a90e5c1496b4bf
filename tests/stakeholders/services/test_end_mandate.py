"""Letting a mandate end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from stakeholders.coverage import State
from stakeholders.ledger import answer_at
from stakeholders.models import Mandate, Party
from stakeholders.services.end_mandate import end_mandate
from tests.factories.cases import item
from tests.factories.stakeholders import (
    LONG_AGO,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def test_end_mandate_keeps_what_was_known_before() -> None:
    estate, by = EstateFactory(), MembershipFactory(coordinator=True)
    mandate = MandateFactory(estate=estate, recorded_at=NOW - 9 * DAY)

    ended = end_mandate(mandate, until=NOW + DAY, by=by, at=NOW)

    def state(day: datetime, known: datetime) -> State:
        return answer_at(estate, None, item(), day, known).state

    assert (ended.party, ended.basis, ended.valid_from) == (mandate.party, mandate.basis, mandate.valid_from)
    assert [state(NOW, NOW), state(NOW + DAY, NOW)] == [State.CLEAR, State.VACUUM]
    assert state(NOW + DAY, NOW - DAY) is State.CLEAR


@pytest.mark.parametrize(
    ("until", "code"), [(LONG_AGO, "too_early"), (NOW + 5 * DAY, "later"), (NOW + 6 * DAY, "later")]
)
def test_end_mandate_refuses_an_end_that_makes_no_sense(until: datetime, code: str) -> None:
    mandate = MandateFactory(valid_until=NOW + 5 * DAY)

    with pytest.raises(ValidationError) as refusal:
        end_mandate(mandate, until=until, by=MembershipFactory(coordinator=True))

    assert [error.code for error in refusal.value.error_dict["until"]] == [code]
    assert Mandate.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    "party",
    [
        lambda: PartyFactory(closed_at=LONG_AGO),
        lambda: PartyFactory(area=TownFactory(code="379926102000")),  # named by the county above both towns
    ],
)
def test_end_mandate_does_not_ask_again_whether_its_party_may_be_named(party: Callable[[], Party]) -> None:
    mandate = MandateFactory(party=party(), estate=EstateFactory())

    ended = end_mandate(mandate, until=NOW, by=MembershipFactory(coordinator=True))

    assert (ended.party, ended.valid_until) == (mandate.party, NOW)
    assert list(Mandate.objects.known_on()) == [ended]


def test_end_mandate_is_for_coordinators() -> None:
    with pytest.raises(PermissionDenied):
        end_mandate(MandateFactory(), until=NOW, by=MembershipFactory())

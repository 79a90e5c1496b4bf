"""However the ledger came about, the stored episodes are those that a reckoning from nothing gives."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from stakeholders.models import Area, Building, Estate, Mandate, Membership, NeedClass, NeedItem, Party, Ruling
from stakeholders.services.check_episodes import check_episodes
from stakeholders.services.close_party import close_party
from stakeholders.services.end_mandate import end_mandate
from stakeholders.services.record_mandate import record_mandate
from stakeholders.services.rule_on_scope import rule_on_scope
from stakeholders.services.withdraw_mandate import withdraw_mandate
from stakeholders.services.withdraw_ruling import withdraw_ruling
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
STEPS = 14


class Keeper:
    """Somebody who keeps the ledger of two estates by chance; the chance is the same for the same seed."""

    def __init__(self, seed: int, by: Membership) -> None:
        self.chance, self.by = Random(seed), by
        self.parties = PartyFactory.create_batch(3)
        self.estates = EstateFactory.create_batch(2)
        self.buildings = [BuildingFactory(estate=estate) for estate in self.estates for _number in range(2)]

    def act(self) -> None:
        """Do one thing that people do to a ledger."""
        deeds = [self.record, self.record, self.record, self.rule, self.withdraw, self.end, self.undo, self.build]
        self.chance.choice(deeds)()

    def record(self) -> None:
        role = self.chance.choice(["lead", "lead", "lead", "backstop", "disclaim", "support"])
        record_mandate(self._party(), role=role, basis="x", by=self.by, **self._scope(), **self._period())

    def rule(self) -> None:
        rule_on_scope(self._party(), reason="x", by=self.by, **self._scope(), **self._period())

    def withdraw(self) -> None:
        if mandate := self._any_of(Mandate):
            withdraw_mandate(mandate, by=self.by)

    def end(self) -> None:
        mandate = self._any_of(Mandate)
        if mandate and mandate.valid_until is None:
            end_mandate(mandate, until=mandate.valid_from + timedelta(days=3), by=self.by)

    def undo(self) -> None:
        if ruling := self._any_of(Ruling):
            withdraw_ruling(ruling, by=self.by)

    def build(self) -> None:
        self.buildings.append(BuildingFactory(estate=self.chance.choice(self.estates)))

    def close(self) -> None:
        close_party(self.parties[0], closed_at=NOW + timedelta(days=2))

    def _party(self) -> Party:
        return self.chance.choice(self.parties)

    def _any_of(self, model: type[Mandate] | type[Ruling]) -> Mandate | Ruling | None:
        known = list(model.objects.known_on().order_by("pk"))
        return self.chance.choice(known) if known else None

    def _scope(self) -> dict[str, Area | Estate | Building | NeedClass | NeedItem | None]:
        estate = self.chance.choice(self.estates)
        places = [{"area": estate.area}, {"estate": estate}, {"building": self.chance.choice(self.buildings)}]
        matters = [
            {},
            {"need_class": NeedClass.objects.get(code="3")},
            {"need_item": NeedItem.objects.get(code="3.1")},
        ]
        return {**self.chance.choice(places), **self.chance.choice(matters)}

    def _period(self) -> dict[str, datetime | None]:
        since = NOW + timedelta(days=self.chance.randrange(-5, 5))
        return {
            "valid_from": since,
            "valid_until": self.chance.choice([None, since + timedelta(days=self.chance.randrange(1, 6))]),
        }


@pytest.mark.parametrize("seed", range(4))
def test_episodes_stay_in_step_with_the_ledger(
    seed: int, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    keeper = Keeper(seed, MembershipFactory(coordinator=True))

    for _step in range(STEPS):
        with django_capture_on_commit_callbacks(execute=True):
            keeper.act()
    with django_capture_on_commit_callbacks(execute=True):
        keeper.close()

    assert check_episodes() == 0

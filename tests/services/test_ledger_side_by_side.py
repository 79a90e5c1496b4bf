"""Several people keep the ledger of one estate at the same time: its episodes come out as the ledger says."""

import pytest

from tests.services.systems import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

DEEDS = 15

PREPARE = """
from django.core.management import call_command
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MembershipFactory, PartyFactory

call_command("migrate", verbosity=0)
call_command("seed", verbosity=0)
for number in range(3):
    MembershipFactory(coordinator=True, user__username=f"coordinator{number}")
    PartyFactory(code=f"lead{number}")
BuildingFactory.create_batch(4, estate=EstateFactory())
"""
KEEP = f"""
from datetime import datetime, timedelta, UTC
from stakeholders.models import Estate, Membership, NeedItem, Party
from stakeholders.services.record_mandate import record_mandate
from stakeholders.services.withdraw_mandate import withdraw_mandate
by = Membership.objects.get(user__username="coordinator{{number}}")
party, estate = Party.objects.get(code="lead{{number}}"), Estate.objects.first()
item = NeedItem.objects.get(code="3.1")
for deed in range({DEEDS}):
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=10 * deed + {{number}})
    mandate = record_mandate(
        party, role="lead", basis="x", by=by, valid_from=since, valid_until=since + timedelta(days=8),
        estate=estate, need_item=item,
    )
    if deed % 3 == 0:
        withdraw_mandate(mandate, by=by)
"""
REFRESH = f"""
from stakeholders.services.refresh_episodes import refresh_episodes
for _round in range({DEEDS}):
    refresh_episodes()
"""


@pytest.mark.parametrize("engine", ["embedded", "servers"])
def test_several_coordinators_at_one_estate(engine: str, request: pytest.FixtureRequest) -> None:
    system: System = request.getfixturevalue(engine)
    system.manage(PREPARE)

    keepers = [system.start(KEEP.format(number=number)) for number in range(3)]
    for process in [*keepers, system.start(REFRESH)]:
        system.finish(process)

    assert system.ask("SELECT count(*) FROM stakeholders_mandate") == [(3 * DEEDS,)]
    differing = "from stakeholders.services.check_episodes import check_episodes; print(check_episodes())"
    assert system.manage(differing).strip() == "0"
    assert system.ask("SELECT count(*) FROM stakeholders_stalescope") == [(0,)]
    several = "SELECT count(*) > 0 FROM stakeholders_episode WHERE state = 'multi_head'"
    assert system.ask(several) in ([(True,)], [(1,)])

"""Rulings of overlapping scopes while cases come in: nobody deadlocks, and ledger, episodes and cases agree."""

import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.systems import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ESTATES = 12

PREPARE = f"""
from django.core.management import call_command
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.cases import logged_case
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MandateFactory, MembershipFactory, PartyFactory

call_command("migrate", verbosity=0)
call_command("seed", verbosity=0)
by = MembershipFactory(coordinator=True, user__username="coordinator")
PartyFactory(code="wide")
PartyFactory(code="narrow")
for number in range({ESTATES}):
    building = BuildingFactory(estate__code=f"estate-{{number % 2}}-{{number:02}}")
    MandateFactory.create_batch(2, estate=building.estate)
    logged_case(building=building, by=by)
    logged_case(building=building, by=by)
refresh_episodes()
"""
ACTORS = """
from cases.services.settle_scope import settle_scope
from stakeholders.models import Area, Estate, Membership, NeedClass, NeedItem, Party
by = Membership.objects.get(user__username="coordinator")
"""
RULE_WIDELY = (
    ACTORS
    + """
for need_class in NeedClass.objects.all()[:6]:
    settle_scope(Party.objects.get(code="wide"), reason="x", by=by, area=by.area, need_class=need_class)
"""
)
RULE_NARROWLY = (
    ACTORS
    + """
item = NeedItem.objects.get(code="3.1")
for estate in Estate.objects.order_by("-code"):
    settle_scope(Party.objects.get(code="narrow"), reason="x", by=by, estate=estate, need_item=item)
"""
)
LOG = """
from stakeholders.models import Building, Membership
from tests.factories.cases import logged_case
by = Membership.objects.get(user__username="coordinator")
for building in Building.objects.order_by("-pk"):
    logged_case(building=building, by=by)
"""
SWEEP = """
from cases.services.sweep_unowned import sweep_unowned
for _round in range({rounds}):
    sweep_unowned()
"""
CHECK = """
from cases.models import Case
from stakeholders.services.check_episodes import check_episodes
print(check_episodes(), Case.objects.waiting().count())
"""


@pytest.mark.parametrize("engine", ["embedded", "servers"])
def test_rulings_side_by_side_with_cases_that_come_in(engine: str, request: pytest.FixtureRequest) -> None:
    system: System = request.getfixturevalue(engine)
    system.manage(PREPARE)

    for process in [system.start(each) for each in (RULE_WIDELY, RULE_NARROWLY, LOG, SWEEP.format(rounds=10))]:
        system.finish(process)
    system.manage(SWEEP.format(rounds=1))

    assert system.manage(CHECK).split() == ["0", "0"]
    held = "SELECT count(DISTINCT case_id), count(*) FROM cases_custody WHERE role = 'lead' AND until IS NULL"
    assert system.ask(held) == [(3 * ESTATES, 3 * ESTATES)]
    assert_unharmed(system)

"""Several processes at the same cases: nobody deadlocks, and what can happen once happens once."""

import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.systems import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CASES = 60

PREPARE = f"""
from datetime import datetime, UTC
from django.core.management import call_command
from tests.factories.cases import logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory, PartyFactory

call_command("migrate", verbosity=0)
call_command("seed", verbosity=0)
coordinator = MembershipFactory(coordinator=True, user__username="coordinator")
lead = MandateFactory(item="1.1", party__code="lead", party__supervisor=PartyFactory(code="above")).party
for number in range(2):
    MembershipFactory(party=lead, user__username=f"handler{{number}}")
building = BuildingFactory()
for number in range({CASES}):
    logged_case(building=building, by=coordinator)
"""
LATER = "datetime(2026, 12, 1, tzinfo=UTC)"
ESCALATE = f"""
from datetime import datetime, UTC
from cases.services import escalate as module
module.BATCH = 20
print(module.escalate(at={LATER}))
"""
REASSIGN = f"""
from datetime import datetime, UTC
from cases.models import Case
from cases.services.reassign_case import reassign_case
from stakeholders.models import Membership, Party
by, lead = Membership.objects.get(user__username="coordinator"), Party.objects.get(code="lead")
for case in Case.objects.order_by("-pk"):
    reassign_case(case, lead=lead, reason="首接负责", by=by, at={LATER})
"""
SIGN = """
from cases.models import Case
from cases.policies import NotNowError
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Membership
by, signed = Membership.objects.get(user__username="handler{number}"), 0
for case in Case.objects.order_by("pk"):
    try:
        sign_for_case(case, by=by)
        signed += 1
    except NotNowError:
        pass
print(signed)
"""


@pytest.mark.parametrize("engine", ["embedded", "servers"])
def test_people_and_sweeps_at_the_same_cases(engine: str, request: pytest.FixtureRequest) -> None:
    system: System = request.getfixturevalue(engine)
    system.manage(PREPARE)

    for process in [system.start(ESCALATE), system.start(ESCALATE), system.start(REASSIGN)]:
        system.finish(process)
    signed = [int(system.finish(each)) for each in [system.start(SIGN.format(number=n)) for n in range(2)]]

    assert sum(signed) == CASES
    fired = "SELECT count(*) FROM cases_escalation WHERE fired_at IS NOT NULL"
    told = "SELECT count(*) FROM cases_caseevent WHERE kind = 'escalated'"
    assert system.ask(fired) == system.ask(told)
    held = "SELECT count(DISTINCT case_id), count(*) FROM cases_custody WHERE role = 'lead' AND until IS NULL"
    assert system.ask(held) == [(CASES, CASES)]
    open_findings = "SELECT count(*) FROM cases_finding WHERE cleared_at IS NULL AND kind = 'vacuum'"
    assert system.ask(open_findings) == [(0,)]
    assert_unharmed(system)

"""Two members record the same duty list at the same time: each duty is recorded once."""

import pytest

from tests.services.systems import System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ROWS = 300

PREPARE = """
from django.core.management import call_command
from tests.factories.stakeholders import EstateFactory, MembershipFactory, PartyFactory

call_command("migrate", verbosity=0)
call_command("seed", verbosity=0)
PartyFactory(code="anju")
estate = EstateFactory(code="donghu")
MembershipFactory(coordinator=True, user__username="town")
MembershipFactory(coordinator=True, user__username="community", area=estate.area)
"""
RECORD = f"""
import time
from pathlib import Path
from stakeholders.models import Membership
from stakeholders.services.import_duties import import_duties
from tests.stakeholders.duty_list.lists import duty_file, duty_row
rows = [duty_row("anju", 小区="donghu", 依据=str(number)) for number in range({ROWS})]
by = Membership.objects.select_related("area").get(user__username="{{username}}")
Path("{{ready}}").touch()
while not Path("{{go}}").exists():
    time.sleep(0.001)
report = import_duties(duty_file(*rows), name="a.csv", by=by)
print(len(report.good), report.known)
"""


@pytest.mark.parametrize("engine", ["embedded", "servers"])
def test_the_same_list_recorded_twice_at_once(engine, request, tmp_path):
    system: System = request.getfixturevalue(engine)
    system.manage(PREPARE)
    go, ready = tmp_path / "go", [tmp_path / "town", tmp_path / "community"]

    processes = [system.start(RECORD.format(username=each.name, ready=each, go=go)) for each in ready]
    assert within(60, lambda: all(each.exists() for each in ready))
    go.touch()
    told = sorted(system.finish(process).strip() for process in processes)

    assert told == [f"0 {ROWS}", f"{ROWS} 0"]
    assert system.count("stakeholders_mandate") == ROWS

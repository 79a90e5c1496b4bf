"""Deadlines follow the calendar while somebody holds a case: it is waited for and not lost."""

import pytest

from tests.services.conftest import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PREPARE = """
from datetime import date
from django.core.management import call_command
from cases.models import WorkCalendarDay
from cases.services.correct_work_calendar import correct_work_calendar
from cases.services.reckon_deadlines_again import reckon_deadlines_again
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MembershipFactory

call_command("migrate", verbosity=0)
call_command("seed", verbosity=0)
by = MembershipFactory(coordinator=True)
for _ in range(3):
    logged_case(by=by)
reckon_deadlines_again()
keeper = MembershipFactory(administrator=True)
correct_work_calendar(WorkCalendarDay(date=date(2026, 11, 17), kind="off", name="x"), by=keeper)
"""
HOLD = """
import time
from django.db import transaction
from cases.models import Case
with transaction.atomic():
    case = Case.objects.select_for_update(of=("self",)).order_by("pk")[1]
    print("held", flush=True)
    time.sleep(6)
    case.title = "changed meanwhile"
    case.save(update_fields=["title"])
"""
RECKON = """
from cases.services.reckon_deadlines_again import reckon_deadlines_again
print(reckon_deadlines_again())
"""


@pytest.mark.parametrize("engine", ["embedded", "servers"])
def test_a_case_that_somebody_holds_is_waited_for(engine: str, request: pytest.FixtureRequest) -> None:
    system: System = request.getfixturevalue(engine)
    system.manage(PREPARE)

    holder = system.start(HOLD)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    moved = system.manage(RECKON)
    system.finish(holder)

    assert moved.split() == ["3"]
    assert system.ask("SELECT count(DISTINCT resolve_due_at), count(DISTINCT title) FROM cases_case") == [(1, 2)]
    assert system.ask("SELECT count(*) FROM cases_caseevent WHERE kind = 'deadline_moved'") == [(3,)]
    stale = "SELECT count(*) FROM cases_workcalendaryear WHERE reckoned_at IS NULL OR reckoned_at <> updated_at"
    assert system.ask(stale) == [(0,)]

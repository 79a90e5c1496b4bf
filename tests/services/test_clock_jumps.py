"""The clock jumps a year ahead, back, a year behind, and back: nothing is done twice, and life goes on."""

import pytest

from tests.services.aftermath import assert_unharmed, fired
from tests.services.systems import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CASES = 12  # two for each end that a case can come to
STEPS = 4  # of the ladder for what is overdue

PREPARE = f"""
from tests.services import town
town.build()
for _case in range({CASES}):
    town.log()
"""
# The whole of the background work, and a case that is logged while the clock is wrong
JUMP = """
import time_machine
from datetime import timedelta
from django.utils import timezone
from tests.services import town
with time_machine.travel(timezone.now() + timedelta(days={days})):
    town.work_in_the_background()
    town.log()
    town.work_in_the_background()
"""
NOW = "from tests.services import town; town.work_in_the_background()"
FINISH = "from tests.services import town; town.finish_all()"
FALL_DUE = "from tests.services import town; town.fall_due(5); town.work_in_the_background()"
OVERDUE = "cases_finding WHERE kind = 'overdue'"
ESCALATED = fired("overdue")


def test_life_goes_on_after_the_clock_has_jumped(system: System) -> None:
    system.manage(PREPARE)

    system.manage(JUMP.format(days=365))
    assert (system.count(OVERDUE), system.count(ESCALATED)) == (CASES, STEPS * CASES)
    system.manage(NOW)
    system.manage(JUMP.format(days=-365))
    system.manage(JUMP.format(days=365))  # the case of the clock behind is overdue, too
    assert (system.count(OVERDUE), system.count(ESCALATED)) == (CASES + 1, STEPS * (CASES + 1))
    assert_unharmed(system)

    system.manage(FINISH)
    assert system.count("cases_case WHERE stage NOT IN ('closed', 'void')") == 0
    assert system.count("cases_finding WHERE cleared_at IS NULL") == 0

    system.manage(FALL_DUE)
    assert (system.count(OVERDUE), system.count(ESCALATED)) == (CASES + 1 + 5, STEPS * (CASES + 1 + 5))
    assert_unharmed(system)

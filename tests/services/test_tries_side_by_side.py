"""Many try passwords of one account from one address at the same moment: five are looked at."""

import pytest

from tests.services.systems import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PROCESSES, THREADS = 2, 10
TRY = f"""
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.core.exceptions import ValidationError
from django.db import connection
from stakeholders.services.take_sign_in_try import take_sign_in_try

barrier = Barrier({THREADS})

def take(_thread):
    barrier.wait()
    try:
        take_sign_in_try("wang", address="192.0.2.7")
        return 1
    except ValidationError:
        return 0
    finally:
        connection.close()

with ThreadPoolExecutor({THREADS}) as threads:
    print(sum(threads.map(take, range({THREADS}))))
"""


def test_many_tries_at_once_are_five(system: System) -> None:
    taken = [int(system.finish(process)) for process in [system.start(TRY) for _each in range(PROCESSES)]]

    assert sum(taken) == 5
    assert system.ask("SELECT count FROM stakeholders_signintries") == [(5,)]

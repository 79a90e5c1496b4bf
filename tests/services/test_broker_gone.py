"""The broker goes for a minute and comes back: nobody waits for it, and everything is done once it is there again."""

import time
from collections.abc import Iterator

import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.brokers import Broker
from tests.services.systems import PATIENCE, System
from tests.services.waiting import within
from tests.services.web import Web

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

GONE = 60  # seconds
BEARABLE = 5  # seconds that a person may have to wait for a page
DUE = 100

PREPARE = "from tests.services import town; town.build()"
FALL_DUE = f"from tests.services import town; town.fall_due({DUE})"
REPORT = {"title": "灯不亮", "estate": "estate", "need_item": "1.1"}
UNPUBLISHED = "cases_caseevent WHERE published_at IS NULL"


@pytest.fixture
def broker(system: System) -> Iterator[Broker]:
    """One at a socket for the embedded engine, one at a port for the other."""
    broker = Broker.at_socket(system.data / "own.sock") if system.is_embedded else Broker.at_port()
    broker.start()
    system.env["REDIS_URL"] = broker.url
    yield broker
    broker.go()


def log(web: Web) -> float:
    """Log a case and return how many seconds that took."""
    began = time.monotonic()
    status, document = web.send("coordinator-0", "POST", "cases/", REPORT)
    assert status == 201, document
    return time.monotonic() - began


def test_nothing_is_lost_while_the_broker_is_gone(system: System, broker: Broker) -> None:
    system.manage(PREPARE)
    system.worker()
    system.beat()
    web = Web(system.web())
    log(web)
    assert within(PATIENCE, lambda: system.count(UNPUBLISHED) == 0)

    broker.go()
    back = time.monotonic() + GONE
    waited = []
    while time.monotonic() < back:
        waited.append(log(web))
    system.manage(FALL_DUE)
    assert max(waited) < BEARABLE
    assert system.count(UNPUBLISHED) > len(waited)
    assert system.count("cases_finding") == 0
    broker.start()

    assert within(PATIENCE, lambda: system.count("cases_finding WHERE kind = 'overdue'") == DUE)
    assert within(PATIENCE, lambda: system.count(UNPUBLISHED) == 0)
    assert system.all_run()
    assert system.count("cases_case") == 1 + len(waited) + DUE
    system.end()
    assert_unharmed(system)


def test_nobody_waits_for_a_broker_that_hangs(system: System, broker: Broker) -> None:
    system.manage(PREPARE)
    web = Web(system.web())
    log(web)

    with broker.hanging():
        waited = [log(web) for _each in range(3)]
        assert max(waited) < BEARABLE

"""Many send the same request with the same key at the same moment: it is done once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.services.systems import PATIENCE, System
from tests.services.web import Answer, Web

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CLIENTS = 10
PREPARE = "from tests.services import town; town.build()"
REPORT = {"title": "灯不亮", "estate": "estate", "need_item": "1.1"}


def test_one_key_sent_by_many_at_once_is_done_once(system: System) -> None:
    system.manage(PREPARE)
    web, barrier = Web(system.web()), Barrier(CLIENTS)

    def send(_client: int) -> Answer:
        barrier.wait(PATIENCE)
        return web.send("coordinator-0", "POST", "cases/", REPORT, **{"Idempotency-Key": "once"})

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(send, range(CLIENTS)))

    done = [document for status, document in answers if status == 201]
    assert done
    assert all(each == done[0] for each in done)
    assert {document["code"] for status, document in answers if status != 201} <= {"key_in_use", "locked"}
    assert system.count("cases_case") == 1

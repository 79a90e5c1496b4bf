"""The receiver of docs/api.md hears of cases by way of real workers, and two processes tell nothing twice."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.services.ports import free_port
from tests.services.systems import PATIENCE, ROOT, System
from tests.services.waiting import within
from tests.services.web import Web

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

CASES = 8
PREPARE = "from tests.services import town; town.build()"
REPORT = {"title": "灯不亮", "estate": "estate", "need_item": "1.1"}
DELIVER = "from cases.services.deliver_webhooks import deliver_webhooks; print(deliver_webhooks())"


def test_receiver_hears_of_every_case_once(system: System, tmp_path: Path) -> None:
    system.env |= {"WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
    system.manage(PREPARE)
    web, port, heard = Web(system.web()), free_port(), tmp_path / "heard"
    made = {"url": f"http://127.0.0.1:{port}/", "events": ["opened"]}
    status, webhook = web.send("coordinator-0", "POST", "webhooks/", made)
    assert status == 201
    _feed, code = re.findall(r"```python\n(.*?)```", (ROOT / "docs/api.md").read_text(), re.DOTALL)
    env = os.environ | {"SECRET": webhook["secret"], "PORT": str(port)}
    with heard.open("wb") as out, subprocess.Popen([sys.executable, "-c", code], env=env, stdout=out) as receiver:
        try:
            system.worker()
            numbers = [web.send("coordinator-0", "POST", "cases/", REPORT)[1]["number"] for _each in range(CASES)]
            laid_out = "cases_delivery"
            assert within(PATIENCE, lambda: system.count(laid_out) == CASES)
            together = [system.start(DELIVER), system.start(DELIVER)]
            assert sum(int(system.finish(each)) for each in together) == CASES
        finally:
            receiver.kill()

    told = [json.loads(line) for line in heard.read_text().splitlines()]
    assert Counter((each["case"], each["kind"]) for each in told) == {(number, "opened"): 1 for number in numbers}
    assert system.count("cases_delivery WHERE delivered_at IS NULL OR tries <> 1") == 0

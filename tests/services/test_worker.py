"""A real worker between a real broker and a real database, killed in the middle of a sweep, on both engines."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = 2500  # several batches of the sweep
OWN_REDIS_DATABASE = "/15"

MAKE_OVERDUE_CASES = f"""
from tests.factories.cases import logged_case
case = logged_case()
Case.objects.update(resolve_due_at=case.reported_at)
case.refresh_from_db()
copies = []
for number in range({CASES - 1}):
    case.pk, case.number = None, str(number)
    copies.append(Case(**{{field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}}))
Case.objects.bulk_create(copies, batch_size=500)
"""
FLAGGED = "SELECT count(*) FROM cases_case WHERE overdue_flagged_at IS NOT NULL"
FINDINGS = "SELECT count(*) FROM cases_finding WHERE kind = 'overdue'"
CASES_WITH_FINDING = "SELECT count(DISTINCT case_id) FROM cases_finding WHERE kind = 'overdue'"
LINES = "SELECT count(*) FROM cases_caseevent WHERE kind = 'found' AND CAST(details AS text) LIKE '%overdue%'"


@dataclass(frozen=True)
class Installation:
    """A database, a broker, and commands that use them."""

    env: dict[str, str]
    connect: Callable[[], "sqlite3.Connection | psycopg.Connection"]

    def count(self, query: str) -> int:
        with closing(self.connect()) as connection:
            return connection.execute(query).fetchone()[0]

    def run(self, *command: str) -> None:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=self.env, check=True, capture_output=True)

    @contextmanager
    def worker(self) -> Iterator["subprocess.Popen[bytes]"]:
        command = [sys.executable, "-m", "celery", "--app", "settle_gov", "worker", "--concurrency", "1"]
        with subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=-3, stderr=-3) as process:
            yield process
            process.terminate()


@contextmanager
def a_database(engine: str, folder: Path) -> Iterator[tuple[str, Callable]]:
    """Yield the address of an empty database, and how to connect to it by hand."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/db.sqlite3", lambda: sqlite3.connect(folder / "db.sqlite3")
        return
    given, name = os.environ["DATABASE_URL"], f"settle_gov_worker_{os.getpid()}"
    with psycopg.connect(given, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(given)._replace(path=f"/{name}").geturl(), lambda: psycopg.connect(given, dbname=name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    broker = urlsplit(os.environ["REDIS_URL"])._replace(path=OWN_REDIS_DATABASE).geturl()
    with a_database(request.param, tmp_path) as (url, connect), closing(redis.from_url(broker)) as messages:
        messages.flushdb()
        surroundings = {"DATA_DIR": str(tmp_path), "DATABASE_URL": url, "REDIS_URL": broker, "SECRET_KEY": "of-tests"}
        installation = Installation(os.environ | surroundings, connect)
        installation.run("manage.py", "migrate")
        installation.run("manage.py", "seed")
        yield installation
        messages.flushdb()


def test_a_worker_killed_in_the_middle_of_a_sweep_loses_no_flag_and_doubles_none(installation: Installation):
    installation.run("manage.py", "shell", "-c", MAKE_OVERDUE_CASES)

    with installation.worker() as worker:
        installation.run("-m", "celery", "--app", "settle_gov", "call", "cases.sweep_overdue")
        assert within(60, lambda: installation.count(FLAGGED) > 0, look_every=0.005)
        worker.kill()
        worker.wait()

    assert 0 < installation.count(FLAGGED) < CASES

    with installation.worker():
        installation.run("-m", "celery", "--app", "settle_gov", "call", "cases.sweep_overdue")  # as beat will
        assert within(60, lambda: installation.count(FLAGGED) == CASES)

    assert installation.count(FINDINGS) == installation.count(CASES_WITH_FINDING) == CASES
    assert installation.count(LINES) == CASES

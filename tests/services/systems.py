"""A whole system in processes of its own, and a way to ask its database and broker past the project."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from settle_gov.parts import beat_command, web_command, worker_command
from settle_gov.readiness import web_answers
from tests.services.brokers import client_of
from tests.services.ports import free_port
from tests.services.waiting import within

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120  # seconds for whatever must come to pass on a busy machine

# What goes first, and what comes after it: the name that Kombu gives to the list of a priority.
QUEUES = ("celery", "celery\x06\x169")

Part = subprocess.Popen[bytes]


@dataclass
class System:
    """A database and a broker of their own, and the parts that run on them."""

    env: dict[str, str]
    parts: list[Part] = field(default_factory=list)

    @property
    def is_embedded(self) -> bool:
        return self.env["DATABASE_URL"].startswith("sqlite:")

    @property
    def data(self) -> Path:
        return Path(self.env["DATA_DIR"])

    def manage(self, code: str) -> str:
        return self.finish(self.start(code))

    def start(self, code: str) -> "subprocess.Popen[str]":
        return self.command("shell", "--no-imports", "--command", code)

    def command(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=os.environ | self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @staticmethod
    def finish(process: "subprocess.Popen[str]") -> str:
        try:
            out, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()  # else its pipes would fail whatever test comes next
            raise
        assert process.returncode == 0, errors
        return out

    def worker(self, name: str = "worker", *, concurrency: int = 2) -> Part:
        return self._run([*worker_command(name), "--concurrency", str(concurrency), "--loglevel", "WARNING"])

    def logging_worker(self, log: Path) -> Part:
        """A worker that does one thing after the other and logs what it receives."""
        return self._run([*worker_command("logging"), "--concurrency", "1", "--logfile", str(log)])

    def impatient_worker(self, log: Path) -> Part:
        """A worker whose broker delivers a task again that is not done within a second; it logs what it receives."""
        impatient = {"DJANGO_SETTINGS_MODULE": "tests.services.impatient_settings"}
        return self._run([*worker_command("impatient"), "--logfile", str(log)], **impatient)

    def beat(self) -> Part:
        return self._run([*beat_command(self.data / "schedule"), "--loglevel", "WARNING"], SWEEP_SECONDS="2")

    def web(self) -> int:
        """Start the web server and return its port."""
        port = free_port()
        self._run(web_command("127.0.0.1", port))
        assert within(PATIENCE, lambda: web_answers("127.0.0.1", port))
        return port

    def kill(self, part: Part) -> None:
        """End a part and all its processes at once."""
        self.parts.remove(part)
        os.killpg(part.pid, signal.SIGKILL)
        part.wait()

    def end(self) -> None:
        """End all parts."""
        for part in [*self.parts]:
            self.kill(part)

    def all_run(self) -> bool:
        return all(part.poll() is None for part in self.parts)

    def ask(self, query: str) -> list[tuple[int, ...]]:
        url = self.env["DATABASE_URL"]
        if self.is_embedded:
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(url) as connection:
            return connection.execute(query).fetchall()

    @contextmanager
    def finding_nothing(self) -> Iterator[None]:
        """Keep sweeps from writing what they find, as a slow disk would; they wait in the middle of a transaction."""
        url = self.env["DATABASE_URL"]
        if self.is_embedded:
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield
                connection.execute("ROLLBACK")
        else:
            with psycopg.connect(url) as connection:
                connection.execute("LOCK TABLE cases_finding IN SHARE MODE")
                yield

    def count(self, what: str) -> int:
        """Count the rows of a table, or of a table and a condition."""
        return self.ask(f"SELECT count(*) FROM {what}")[0][0]  # noqa: S608 -- named in the tests themselves

    def has_nothing_to_do(self) -> bool:
        """Neither does a message wait in the broker nor is one at work: they are acknowledged when they are done."""
        with client_of(self.env["REDIS_URL"]) as client:
            return not any(map(client.llen, QUEUES)) and not client.hlen("unacked")

    def _run(self, command: list[str], **env: str) -> Part:
        part = subprocess.Popen(command, cwd=ROOT, env=os.environ | self.env | env, start_new_session=True)
        self.parts.append(part)
        return part

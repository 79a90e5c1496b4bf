"""Databases and brokers of their own, one pair an engine, for tests that need several processes."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.services.brokers import Broker, client_of
from tests.services.systems import System


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of SQLite as it is after its installation, to be copied."""
    folder = tmp_path_factory.mktemp("seeded")
    _install({"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"})
    return folder / "db.sqlite3"


@pytest.fixture(scope="session")
def seeded_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database of PostgreSQL as it is after its installation, a template for others."""
    with _database() as name:
        _install({"DATA_DIR": str(tmp_path_factory.mktemp("seeded")), "DATABASE_URL": _url(name)})
        yield name


@pytest.fixture
def embedded(tmp_path: Path, seeded_file: Path) -> Iterator[System]:
    """SQLite and the embedded broker."""
    shutil.copy(seeded_file, tmp_path / "db.sqlite3")
    broker = Broker.at_socket(tmp_path / "b.sock")
    broker.start()
    system = System(
        {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "REDIS_URL": broker.url}
    )
    yield system
    system.end()
    broker.go()


@pytest.fixture
def servers(tmp_path: Path, seeded_database: str) -> Iterator[System]:
    """PostgreSQL and Redis. The tests have a database of their own in each; that of Redis has the number 9."""
    redis = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/9"
    with client_of(redis) as client:
        client.flushdb()  # what a killed worker of another test has left would come to the worker of this one
    with _database(template=seeded_database) as name:
        env = {"DATA_DIR": str(tmp_path), "DATABASE_URL": _url(name), "REDIS_URL": redis, "SECRET_KEY": "x" * 50}
        system = System(env)
        yield system
        system.end()


@pytest.fixture(params=["embedded", "servers"])
def system(request: pytest.FixtureRequest) -> System:
    """Each engine in turn."""
    each: System = request.getfixturevalue(request.param)
    return each


def _install(env: dict[str, str]) -> None:
    system = System(env)
    for command in ("migrate", "seed"):
        system.finish(system.command(command))


@contextmanager
def _database(template: str = "template1") -> Iterator[str]:
    """A database that is gone afterwards."""
    name = f"settle_gov_killed_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield name
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(name: str) -> str:
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"

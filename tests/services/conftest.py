"""Databases and brokers of their own, one pair an engine, for tests that need several processes."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.services.brokers import Broker, client_of
from tests.services.systems import System


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[System]:
    """SQLite and the embedded broker."""
    broker = Broker.at_socket(tmp_path / "b.sock")
    broker.start()
    system = System(
        {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "REDIS_URL": broker.url}
    )
    yield system
    system.end()
    broker.go()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[System]:
    """PostgreSQL and Redis. The tests have a database of their own in each; that of Redis has the number 9."""
    server, name = os.environ["DATABASE_URL"], f"settle_gov_killed_{uuid.uuid4().hex[:8]}"
    redis = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/9"
    with psycopg.connect(server, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with client_of(
        redis
    ) as client:  # what a killed worker of another test has left would come to the worker of this one
        client.flushdb()
    url = f"{server.rpartition('/')[0]}/{name}"
    system = System({"DATA_DIR": str(tmp_path), "DATABASE_URL": url, "REDIS_URL": redis, "SECRET_KEY": "x" * 50})
    yield system
    system.end()
    with psycopg.connect(server, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["embedded", "servers"])
def system(request: pytest.FixtureRequest) -> System:
    """Each engine in turn."""
    each: System = request.getfixturevalue(request.param)
    return each

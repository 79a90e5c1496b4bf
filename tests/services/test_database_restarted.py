"""The database crashes, and is restarted, under load: who was cut off is told, and the parts go on by themselves."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.brokers import Broker
from tests.services.clusters import Cluster, cluster
from tests.services.systems import PATIENCE, System
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

DUE = 500
PEOPLE = 2
PREPARE = "from tests.services import town; town.build()"
FALL_DUE = f"from tests.services import town; town.fall_due({DUE})"
LIVE = "from pathlib import Path; from tests.services import town; town.live(Path('{until}'))"
FOUND = "cases_finding WHERE kind = 'overdue'"
CLOSED = "cases_case WHERE stage = 'closed'"


@pytest.fixture
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def system(server: Cluster, tmp_path: Path) -> Iterator[System]:
    broker = Broker.at_socket(tmp_path / "b.sock")
    broker.start()
    env = {"DATA_DIR": str(tmp_path), "DATABASE_URL": server.url, "REDIS_URL": broker.url, "SECRET_KEY": "x" * 50}
    system = System(env)
    yield system
    system.end()
    broker.go()


def come_to(system: System, count: int, what: str) -> bool:
    """Wait until there are so many; the server may still be recovering."""

    def holds() -> bool:
        try:
            return system.count(what) >= count
        except psycopg.OperationalError:
            return False

    return within(PATIENCE, holds)


def test_database_restarted_under_load(system: System, server: Cluster, tmp_path: Path) -> None:
    system.manage(PREPARE)
    system.worker()
    system.beat()
    until = tmp_path / "until"
    people = [system.start(LIVE.format(until=until)) for _each in range(PEOPLE)]
    assert come_to(system, 5, CLOSED)

    for times, mode in enumerate(("immediate", "fast"), start=1):
        system.manage(FALL_DUE)
        assert come_to(system, (times - 1) * DUE + 1, FOUND)
        closed = system.count(CLOSED)
        server.restart(mode)
        assert come_to(system, closed + 10, CLOSED)
        assert come_to(system, times * DUE, FOUND)
    until.touch()
    told = [list(map(int, system.finish(each).split())) for each in people]

    logged, failed = map(sum, zip(*told, strict=True))
    assert failed > 0, "nobody noticed"
    assert logged <= system.count("cases_case") - 2 * DUE <= logged + failed
    assert within(PATIENCE, lambda: system.count("cases_caseevent WHERE published_at IS NULL") == 0)
    assert system.all_run()
    system.end()
    assert_unharmed(system)

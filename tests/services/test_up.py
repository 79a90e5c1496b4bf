"""`manage.py up` for real: all parts start, and whatever ends it, nothing stays behind."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.services.ports import free_port
from tests.services.processes import descendants, parents
from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ROOT = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 10


def up(data: Path, port: int) -> "subprocess.Popen[str]":
    """Start it on the embedded default, whatever the surroundings name."""
    embedded = {"DATABASE_URL": f"sqlite:///{data}/db.sqlite3", "REDIS_URL": "", "SWEEP_SECONDS": "2"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", "--no-demo"],
        cwd=ROOT,
        env=os.environ | embedded | {"DATA_DIR": str(data), "PORT": str(port), "LC_ALL": "en_US.UTF-8"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def status(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def words_of(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def none_runs(pids: set[int]) -> bool:
    return not pids & parents().keys()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all tests here: only the first start has much to prepare."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def supervisor(data: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A supervisor that has said it is ready."""
    with up(data, port) as process:
        lines = []
        while not (lines and lines[-1].startswith("Press Ctrl-C")):
            line = process.stdout.readline()
            assert line, f"ended with {process.wait()}: {''.join(lines)}"
            lines.append(line)
        yield process
        process.kill()


def test_up_serves_until_ctrl_c_and_leaves_nothing(supervisor, data: Path, port: int):
    children = descendants(supervisor.pid)
    broker = Path((data / "broker").read_text().removeprefix("redis+socket://"))

    assert len(children) >= 4  # broker, worker, beat, web, and what these started
    assert broker.is_socket()
    assert status(port, "/api/v1/health/") == 200
    # Ready means that beat has sent a job, the broker has kept it and the worker has done it.
    assert within(20, lambda: status(port, "/api/v1/ready/") == 200)

    supervisor.send_signal(signal.SIGINT)

    assert supervisor.wait(STOP_SECONDS) == 0
    assert supervisor.stdout.read().split() == ["Stopping…", "Stopped."]
    assert within(1, lambda: none_runs(children))
    assert not broker.parent.exists()
    assert not (data / "broker").exists()


def test_up_stops_the_same_way_when_asked_by_the_system(supervisor):
    children = descendants(supervisor.pid)

    supervisor.terminate()

    assert supervisor.wait(STOP_SECONDS) == 0
    assert within(1, lambda: none_runs(children))


def test_children_of_a_killed_supervisor_end(supervisor):
    children = descendants(supervisor.pid)

    supervisor.kill()

    assert within(STOP_SECONDS, lambda: none_runs(children))


def test_the_death_of_one_part_ends_all_and_is_told(supervisor, data: Path):
    children = descendants(supervisor.pid)
    [worker] = [pid for pid in children if parents()[pid] == supervisor.pid and b"worker" in words_of(pid)]

    os.kill(worker, signal.SIGKILL)

    assert supervisor.wait(STOP_SECONDS) == 1
    told = supervisor.stdout.read()
    assert "worker has ended with exit code -9" in told
    assert str(data / "logs" / "worker.log") in told
    assert within(1, lambda: none_runs(children))


def test_a_second_supervisor_on_the_same_data_is_refused(supervisor, data: Path):
    with up(data, free_port()) as second:
        told, _ = second.communicate(timeout=30)

    assert second.returncode == 1
    assert f"already runs on the data in {data}" in told
    assert supervisor.poll() is None


def test_a_port_in_use_is_refused_before_anything_is_started(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with up(tmp_path, port) as process:
            told, _ = process.communicate(timeout=30)

    assert process.returncode == 1
    assert f"Port {port} is in use" in told
    assert not (tmp_path / "db.sqlite3").exists()

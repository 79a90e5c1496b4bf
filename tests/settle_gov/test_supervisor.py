"""The supervisor with small real processes: order, failure, patience, and no process left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from settle_gov.supervisor import LOG_BYTES, ChildFailedError, Supervisor

SLEEP = ["sleep", "60"]


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(logs=tmp_path / "logs", folder=tmp_path)


def start(supervisor: Supervisor, name: str, command: list[str], patience: float = 1):
    return supervisor.start(name, command, env=os.environ, patience=patience)


def is_alive(pid: int) -> bool:
    """Tell whether the process runs; one that ended and that nobody has asked about yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(holds: Callable[[], bool]) -> bool:
    return any(holds() or time.sleep(0.02) for _ in range(250))


def test_children_end_with_the_context_last_started_first(supervisor: Supervisor, tmp_path: Path):
    # Each child notes its name when asked to end.
    script = "trap 'echo {0} >> ended; exit' TERM; touch {0}; while :; do sleep 0.02; done"
    names = ["broker", "worker", "web"]

    with supervisor:
        children = [start(supervisor, name, ["sh", "-c", script.format(name)]) for name in names]
        for child in children:
            supervisor.wait_until((tmp_path / child.name).exists, child, seconds=5)

    assert (tmp_path / "ended").read_text().split() == ["web", "worker", "broker"]
    assert not any(is_alive(child.process.pid) for child in children)


def test_children_end_when_the_context_is_left_by_ctrl_c(supervisor: Supervisor):
    child = start(supervisor, "web", SLEEP)

    with pytest.raises(KeyboardInterrupt), supervisor:
        raise KeyboardInterrupt

    assert child.process.returncode == -signal.SIGTERM


def test_a_child_that_will_not_end_is_killed_after_its_patience(supervisor: Supervisor, tmp_path: Path):
    with supervisor:
        child = start(supervisor, "web", ["sh", "-c", "trap '' TERM; touch deaf; sleep 60"], patience=0.1)
        supervisor.wait_until((tmp_path / "deaf").exists, child, seconds=5)

    assert child.process.returncode == -signal.SIGKILL


def test_watch_names_the_child_that_ended_and_shows_the_end_of_its_log(supervisor: Supervisor):
    with supervisor:
        start(supervisor, "worker", SLEEP)
        start(supervisor, "web", ["sh", "-c", "echo cannot bind >&2; exit 3"])
        with pytest.raises(ChildFailedError) as failure:
            supervisor.watch()

    message = str(failure.value)
    assert message.startswith("web has ended with exit code 3.")
    assert str(supervisor.logs / "web.log") in message
    assert message.endswith("cannot bind")


def test_wait_until_gives_up_after_its_time(supervisor: Supervisor):
    with supervisor:
        child = start(supervisor, "web", SLEEP)
        with pytest.raises(ChildFailedError, match="web is not ready after 0 s"):
            supervisor.wait_until(lambda: False, child, seconds=0)


def test_a_child_has_a_session_of_its_own_so_that_ctrl_c_passes_it_by(supervisor: Supervisor):
    with supervisor:
        child = start(supervisor, "web", SLEEP)

        assert os.getsid(child.process.pid) == child.process.pid


def test_a_large_log_is_put_aside_at_start(supervisor: Supervisor):
    (supervisor.logs / "web.log").write_bytes(b"x" * (LOG_BYTES + 1))

    with supervisor:
        start(supervisor, "web", SLEEP)

    assert (supervisor.logs / "web.log").stat().st_size == 0
    assert (supervisor.logs / "web.log.1").stat().st_size == LOG_BYTES + 1


def test_a_small_log_is_continued(supervisor: Supervisor):
    (supervisor.logs / "web.log").write_text("yesterday\n")

    with supervisor:
        child = start(supervisor, "web", ["echo", "today"])
        child.process.wait()

    assert (supervisor.logs / "web.log").read_text() == "yesterday\ntoday\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_die_with_a_killed_supervisor(tmp_path: Path):
    program = (
        "import os, pathlib, time\n"
        "from settle_gov.supervisor import Supervisor\n"
        "here = pathlib.Path(os.environ['HERE'])\n"
        "with Supervisor(logs=here, folder=here) as supervisor:\n"
        "    child = supervisor.start('web', ['sleep', '60'], env=os.environ, patience=1)\n"
        "    print(child.process.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], env=os.environ | {"HERE": str(tmp_path)}, stdout=-1)
    with parent:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)

        parent.kill()

    assert eventually(lambda: not is_alive(pid))

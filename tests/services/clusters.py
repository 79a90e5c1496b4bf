"""A PostgreSQL server of its own for a test, which can be restarted."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services.ports import free_port

# PostgreSQL refuses to run as root.
AS_SERVER: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": ()} if os.getuid() == 0 else {}


@dataclass(frozen=True)
class Cluster:
    """A server that listens on a port of this machine."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        data = self.folder / "data"
        _run("initdb", "--pgdata", str(data), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8")
        self._control("start", "--options", f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1")

    def restart(self, mode: str) -> None:
        """`fast` ends all sessions in order; `immediate` is a crash."""
        self._control("restart", "--mode", mode)

    def stop(self) -> None:
        self._control("stop", "--mode", "immediate")

    def _control(self, *words: str) -> None:
        _run("pg_ctl", "--pgdata", str(self.folder / "data"), "--log", str(self.folder / "log"), "--wait", *words)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Its folder lies where the user of the server may go, which a folder of pytest is not."""
    folder = Path(tempfile.mkdtemp(prefix="settle_gov-"))
    if AS_SERVER:
        shutil.chown(folder, AS_SERVER["user"], AS_SERVER["group"])
    server = Cluster(folder, free_port())
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)


def _run(program: str, *words: str) -> None:
    folder = binaries()
    assert folder is not None, "there is no PostgreSQL server on this machine"
    command = [str(folder / program), *words]
    # What the server writes would keep a pipe open for as long as it runs.
    subprocess.run(command, check=True, cwd="/", timeout=120, stdout=subprocess.DEVNULL, **AS_SERVER)


def binaries() -> Path | None:
    """Where the programs of the newest server on this machine are; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: float(each.parts[-3]))
    named = [found[-1].parent] if found else []
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], check=True, text=True, stdout=subprocess.PIPE)
        named.append(Path(told.stdout.strip()))
    return next((folder for folder in named if (folder / "initdb").exists()), None)

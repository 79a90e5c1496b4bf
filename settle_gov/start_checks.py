"""What must hold before anything is started, with messages that say what to do where it does not."""

import errno
import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _


class CannotStartError(Exception):
    """The message is for the person at the keyboard."""


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CannotStartError unless one could listen there now."""
    try:
        family, kind, protocol, _canonical, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server will
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStartError(
                _("Port %(port)d is in use by another program. Stop it, or choose another port: make run PORT=%(next)d")
                % {"port": port, "next": port + 1}
            ) from error
        raise CannotStartError(
            _("Cannot listen on %(host)s port %(port)d: %(reason)s. Choose HOST= and PORT=.")
            % {"host": host, "port": port, "reason": error.strerror}
        ) from error


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process; raise CannotStartError while another one holds it.

    The system lets go of the lock when the process ends, however it ends.
    """
    with (folder / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStartError(
                _("settle_gov already runs on the data in %(folder)s. Stop it, or name other data: make run DATA_DIR=…")
                % {"folder": folder}
            ) from error
        yield

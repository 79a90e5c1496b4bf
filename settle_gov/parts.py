"""How worker, web and beat are called on one machine."""

import sys
from pathlib import Path

CELERY = [sys.executable, "-m", "celery", "--app", "settle_gov"]


def worker_command(name: str) -> list[str]:
    """Two processes that do tasks; without the talk among workers, for it is the only one."""
    how = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    return [*CELERY, "worker", "--hostname", name, *how]


def beat_command(schedule: Path) -> list[str]:
    """The clock that sends the periodic jobs; `schedule` is its memory of when it last did."""
    return [*CELERY, "beat", "--schedule", str(schedule), "--pidfile", "", "--loglevel", "INFO"]


def web_command(host: str, port: int) -> list[str]:
    """Two processes with four threads each. What they share is loaded once, before they part."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    how = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--preload", "--graceful-timeout", "2"]
    # A hundred codes in one parameter, the most that is taken, are longer than the 4,094 bytes of old
    how += ["--limit-request-line", "8190"]
    quiet = ["--access-logfile", "-", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "settle_gov.wsgi", "--bind", bind, *how, *quiet]

"""PostgreSQL without a broker: what serves or works refuses to start, and other commands run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from settle_gov.broker_check import check_broker, require_broker

CELERY = ["-m", "celery", "--app", "settle_gov.celery"]


def start(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python on a server configuration without a broker; nothing listens at the database's address."""
    server = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "SECRET_KEY": "x" * 50, "REDIS_URL": ""}
    env = os.environ | server | {"DATA_DIR": str(data), "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}
    return subprocess.run(
        [sys.executable, *(word.format(data=data) for word in command)],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=50,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import settle_gov.wsgi"],
        [*CELERY, "worker", "--pool", "solo"],
        [*CELERY, "beat", "--pidfile=", "--schedule", "{data}/beat-schedule"],
        ["manage.py", "check", "--deploy"],
    ],
    ids=["web", "worker", "beat", "check"],
)
def test_nothing_starts_on_a_server_without_a_broker(tmp_path: Path, command: list[str]) -> None:
    ended = start(tmp_path, *command)

    assert ended.returncode != 0
    assert "REDIS_URL" in ended.stderr


@pytest.mark.slow
def test_other_commands_need_no_broker(tmp_path: Path) -> None:
    assert start(tmp_path, "manage.py", "check").returncode == 0


def test_broker_is_asked_for_only_where_one_is_needed(settings: Settings) -> None:
    settings.HAS_NO_BROKER = False
    require_broker()
    assert check_broker() == []

    settings.HAS_NO_BROKER = True
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        require_broker()
    assert [error.id for error in check_broker()] == ["settle_gov.E001"]

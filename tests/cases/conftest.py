"""Who acts on cases, on a Monday morning on which nothing is late yet."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from cases.rulebook import Rulebook
from tests.cases.cast import Cast
from tests.factories.cases import MONDAY


@pytest.fixture
def monday() -> Iterator[None]:
    """An hour after the cases of the factory were reported; the clock stands still."""
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def cast(monday: None) -> Cast:
    """Those who act on cases, and the place where they do."""
    return Cast()


@pytest.fixture
def known_rules(db: None) -> None:
    """Rules and calendar are read already, as in any process that has run for a moment."""
    assert Rulebook().deadlines


@pytest.fixture
def uploads(settings: Settings, tmp_path: Path) -> Path:
    """A folder of its own for what is uploaded."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"

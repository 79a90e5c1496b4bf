"""What files say about the project is so."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from cases.schedule import periodic_jobs

ROOT: Path = settings.BASE_DIR
SOURCES = ("settle_gov", "stakeholders", "cases", "surveys")


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def variables_read() -> Iterator[str]:
    for source in SOURCES:
        for path in (ROOT / source).rglob("*.py"):
            yield from re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', path.read_text())


def targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_env_example_lists_exactly_the_variables_that_are_read():
    listed = re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert sorted(listed) == sorted(set(variables_read()))


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_make_targets_named_in_documents_exist(path: Path):
    named = set(re.findall(r"`make ([a-z0-9-]+)", path.read_text()))

    assert named - targets() == set()


def test_every_make_target_has_a_line_of_description():
    described = set(re.findall(r"^([a-z0-9-]+):.*## \S", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert targets() == described


def test_locks_name_no_registry():
    assert [path.name for path in ROOT.glob("requirements/*.txt") if "://" in path.read_text()] == []


def test_operations_lists_exactly_the_periodic_jobs():
    listed = re.findall(r"^\| `(\w+\.\w+)` \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)

    assert sorted(listed) == sorted(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values())


def test_operations_says_when_a_job_is_killed_and_when_it_is_late():
    row = re.compile(r"^\| `(\w+\.\w+)` \|[^|]*\| (\d+) s \| (\d+) (s|days) \|", re.MULTILINE)
    told = {
        name: (int(killed), timedelta(**{"seconds" if unit == "s" else unit: int(late)}))
        for name, killed, late, unit in row.findall((ROOT / "docs/operations.md").read_text())
    }

    assert told == {name: (job.time_limit, job.patience) for name, job in periodic_jobs(sweep=30).items()}

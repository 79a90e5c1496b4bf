"""Take all measures, or those whose names are given, and print the table. Ends with 1 where an aim is missed.

The database is made for the purpose and thrown away: beside that of DATABASE_URL where it is set, else in a file.
"""

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from tempfile import TemporaryDirectory

import django

from benchmarks.measure import Result, Size, table

# A module each, with `measure(size)`. `refresh` takes minutes and `sweeps` needs PostgreSQL: both are taken by name.
MEASURES = ("whole_city", "one_estate", "town_matrix")


def main(names: list[str]) -> int:
    """Take the measures."""
    with TemporaryDirectory() as folder:
        # Neither the database nor the secrets of a developer are touched, whatever .env says.
        os.environ |= {"DJANGO_SETTINGS_MODULE": "settle_gov.settings", "DATA_DIR": folder, "DEBUG": "false"}
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3")
        os.environ.setdefault("SECRET_KEY", "of-benchmarks-only")
        os.environ.setdefault("REDIS_URL", "memory://localhost")
        django.setup()
        results: list[Result] = []
        for line in table(_taken(names or list(MEASURES), results)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    return 0 if all(each.is_ok for each in results) else 1


def _taken(names: list[str], results: list[Result]) -> Iterator[Result]:
    for name in names:
        for result in import_module(f"benchmarks.{name}").measure(Size()):
            results.append(result)
            yield result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

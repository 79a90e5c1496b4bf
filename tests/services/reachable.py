"""Says at once which server or browser is missing, before a suite that needs them starts: they are never skipped."""

import os
import shutil
import sys
from collections.abc import Iterator

import psycopg
import redis

from tests.services.clusters import binaries


def missing() -> Iterator[str]:
    """Yield a sentence for each thing that is not there."""
    database, broker = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    try:
        # The test database is made beside the one named, which need not exist.
        psycopg.connect(database, dbname="postgres", connect_timeout=3).close()
    except psycopg.Error as error:
        yield f"PostgreSQL does not answer at DATABASE_URL: {error}"
    try:
        redis.from_url(broker, socket_connect_timeout=3).ping()
    except (redis.RedisError, ValueError) as error:
        yield f"Redis does not answer at REDIS_URL: {error}"
    if binaries() is None:
        yield "There is no PostgreSQL server here that a test may restart. Debian and Ubuntu: apt install postgresql"
    if not shutil.which("chromium"):
        yield "There is no browser called chromium. Debian and Ubuntu: apt install chromium fonts-noto-cjk"


if __name__ == "__main__":
    sys.exit("\n".join(missing()) or 0)

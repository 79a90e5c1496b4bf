"""Asks the parts whether they are at work."""

import http.client

from celery import Celery
from kombu.exceptions import OperationalError

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- what listens everywhere also answers here


def web_url(host: str, port: int) -> str:
    """Return the address for a browser on this machine."""
    host = ANYWHERE.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def web_answers(host: str, port: int) -> bool:
    """Tell whether the web server takes requests, whatever it thinks of this one."""
    connection = http.client.HTTPConnection(ANYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/api/v1/health/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def broker_answers(app: Celery) -> bool:
    """Tell whether the broker of `app` can be reached now."""
    try:
        with app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except OperationalError:
        return False
    return True


def worker_answers(app: Celery, name: str) -> bool:
    """Tell whether the worker of that name takes tasks."""
    return bool(app.control.ping(destination=[name], timeout=0.2, limit=1))

"""Calling an address that somebody else has named, without being led into the own network.

The name is resolved once, every address that it stands for is checked, and the connection goes to a checked address:
a name that answers otherwise the second time leads nowhere. Redirects are not followed and no answer is read.
"""

import re
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Event, Thread, Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

Address = IPv4Address | IPv6Address

FAILURES = (HTTPError, HTTPException, OSError, ValueError)  # whatever a strange server or name can bring about
LOOKUP = 3.0  # seconds to find the address of a name: a server of names may keep silent, too
TIMEOUT = 5.0  # seconds to connect, and for each step after that
DEADLINE = 15.0  # seconds for all steps together, the name included: a server may send one byte at a time
PLAIN = re.compile(r"[!-~]{1,500}")
HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024  # below it live mail, file and name servers, which a request could be made to say things to
# Global to Python, and yet not the internet: inner services of clouds, relays, and what carries IPv4 inside.
REFUSED = [
    ip_network(each)
    for each in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
]
UNICAST = ip_network("2000::/3")  # all that IPv6 has handed out so far; translated IPv4 (64:ff9b::) lies outside


class TargetRefusedError(ValueError):
    """This is not called; the message says why, in English, for the log of the deliveries."""


@dataclass(frozen=True)
class Target:
    """An address, taken apart. Raises TargetRefusedError for one that is never called, wherever it leads."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> "Target":
        """Read an address; it must be whole and plain: no user, no fragment, no odd port."""
        parts = _split(url)
        host = parts.hostname or ""
        if parts.scheme not in PORTS or (parts.scheme == "http" and not settings.WEBHOOK_ALLOWED_NETWORKS):
            raise TargetRefusedError("only https")
        if not HOST.fullmatch(host) or "@" in parts.netloc or parts.fragment:
            raise TargetRefusedError("no plain address")
        port = parts.port if parts.port is not None else PORTS[parts.scheme]
        if port not in PORTS.values() and port < FIRST_FREE_PORT:
            raise TargetRefusedError(f"port {port}")
        query = f"?{parts.query}" if parts.query else ""
        return cls(parts.scheme, host, port, f"{parts.path or '/'}{query}")

    @property
    def authority(self) -> str:
        """The name by which it is asked for."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def checked_address(self) -> str:
        """Resolve the name now and return the first address. Raises TargetRefusedError if any may not be called."""
        addresses = _addresses_of(self.host, self.port)
        for address in addresses:
            if not may_call(address, is_encrypted=self.scheme == "https"):
                raise TargetRefusedError(f"{address} is not to be called")
        return addresses[0]


def may_call(address: str, *, is_encrypted: bool = True) -> bool:
    """Whether an address belongs to the internet, or to a network that the settings name; only there without TLS."""
    if "%" in address:  # of one network card: certainly not the internet
        return False
    ip: Address = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in network for network in settings.WEBHOOK_ALLOWED_NETWORKS):
        return True
    return is_encrypted and _is_public(ip)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send it and return the status. Raises one of FAILURES; what is answered beside the status is not read."""
    target = Target.of(url)
    until = time.monotonic() + DEADLINE
    address = target.checked_address()
    connection = (
        HTTPSConnection(address, target.port, timeout=TIMEOUT, server_hostname=target.host)
        if target.scheme == "https"
        else HTTPConnection(address, target.port, timeout=TIMEOUT)
    )
    try:
        with _deadline(connection, until - time.monotonic()):
            connection.request("POST", target.path, body, {"Host": target.authority, **headers}, preload_content=False)
            return connection.getresponse().status
    finally:
        connection.close()


def _addresses_of(host: str, port: int) -> list[str]:
    """All addresses of a name. Raises TimeoutError when that takes too long.

    The system knows no time limit for it and cannot be interrupted, so a thread asks, and is left to itself.
    """
    found: Future[list[str]] = Future()

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.set_result([str(each[4][0]) for each in answers])
        except (OSError, ValueError) as error:
            found.set_exception(error)

    Thread(target=look_up, daemon=True).start()
    try:
        return found.result(LOOKUP)
    except TimeoutError as error:
        raise TimeoutError("the name was not found in time") from error


def _split(url: str) -> SplitResult:
    if not PLAIN.fullmatch(url) or "\\" in url:
        raise TargetRefusedError("no plain address")
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError as error:
        raise TargetRefusedError(str(error)) from error
    return parts


def _is_public(ip: Address) -> bool:
    if any(ip in network for network in REFUSED):
        return False
    if isinstance(ip, IPv6Address) and ip not in UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


@contextmanager
def _deadline(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut the line when it takes too long. Raises TimeoutError then, as half an answer may look like a whole one."""
    is_over = Event()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    watch = Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
    if is_over.is_set():
        raise TimeoutError("took too long")

"""Where webhooks are never sent, and how they are."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from cases import targets
from cases.targets import Target, TargetRefusedError, may_call, post
from tests.factories.webhooks import LOOPBACK, receiving

INSIDE = [
    "0.0.0.0",  # noqa: S104 -- this host, to some systems
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",  # the metadata of a cloud in China
    "127.0.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Whatever is asked for, this is where it is."""
    found: list[Any] = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_are_not_of_the_internet_are_not_called(address: str) -> None:
    assert not may_call(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "::ffff:1.1.1.1", "2606:4700::1111"])
def test_addresses_of_the_internet_are_called_with_tls_alone(address: str) -> None:
    assert may_call(address)
    assert not may_call(address, is_encrypted=False)


def test_networks_that_the_settings_name_are_called_also_without_tls(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK

    assert may_call("127.8.8.8", is_encrypted=False)
    assert may_call("::ffff:127.0.0.1", is_encrypted=False)
    assert not may_call("10.0.0.1", is_encrypted=False)
    assert not may_call("::1")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example",
        "//hooks.example/",
        "http://hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user@hooks.example/",
        "https://user:secret@hooks.example/",
        "https://@hooks.example/",
        "https://hooks.example/#part",
        "https://hooks.example:22/",
        "https://hooks.example:25/",
        "https://hooks.example:0/",
        "https://hooks.example:65536/",
        "https://hooks.example:x/",
        "https://hooks.example\\@inside/",
        "https://hooks.example/ /",
        "https://hooks.example/\r\nX: y",
        "https://hooks.example/\0",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://ho%6fks.example/",
        "https://例子.example/",
        "https://hooks.example/" + "x" * 500,
    ],
)
def test_target_refuses_what_is_no_plain_https_address(url: str) -> None:
    with pytest.raises(TargetRefusedError):
        Target.of(url)


@pytest.mark.parametrize(
    ("url", "target", "authority"),
    [
        ("https://hooks.example", Target("https", "hooks.example", 443, "/"), "hooks.example"),
        ("https://Hooks.example:8443/a?b=c", Target("https", "hooks.example", 8443, "/a?b=c"), "hooks.example:8443"),
        ("https://[2606:4700::1111]/", Target("https", "2606:4700::1111", 443, "/"), "[2606:4700::1111]"),
    ],
)
def test_target_takes_an_address_apart(url: str, target: Target, authority: str) -> None:
    assert Target.of(url) == target
    assert target.authority == authority


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::ffff:7f00:1]"])
def test_post_does_not_reach_this_host_by_any_name(host: str) -> None:
    with pytest.raises(TargetRefusedError):
        post(f"https://{host}:8443/", b"", {})


def test_one_address_inside_is_enough_to_refuse_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, "1.1.1.1", "10.0.0.1")

    with pytest.raises(TargetRefusedError, match=r"10\.0\.0\.1"):
        Target.of("https://hooks.example/").checked_address()


def test_post_connects_to_the_address_that_was_checked_and_asks_for_the_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def lookup(host: str, *args: Any, **kwargs: Any) -> Any:
        looked_up.append(host)
        return real("127.0.0.1" if host == "hooks.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with receiving() as receiver:
        status = post(f"http://hooks.example:{receiver.port}/hook?x=1", b"{}", {"X-Test": "1"})

    ((headers, body),) = receiver.got
    assert (status, body, headers["X-Test"]) == (204, b"{}", "1")
    assert headers["Host"] == f"hooks.example:{receiver.port}"
    assert looked_up == ["hooks.example", "127.0.0.1"]  # the name once, then the bare address


def test_post_does_not_follow_a_redirect(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    with receiving() as receiver:
        receiver.status, receiver.headers = 307, {"Location": receiver.url}

        assert post(receiver.url, b"", {}) == 307

    assert len(receiver.got) == 1


def test_post_gives_up_on_a_server_that_answers_byte_by_byte(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    monkeypatch.setattr(targets, "DEADLINE", 0.1)
    stop = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _peer = server.accept()
            with line, suppress(OSError):  # when the other side has gone
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.02):
                    line.sendall(b"X: y\r\n")

        thread = Thread(target=drip)
        thread.start()
        with pytest.raises(targets.FAILURES):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"", {})
        stop.set()
        thread.join(5)


def test_post_gives_up_on_a_name_that_nobody_answers_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Event()

    def keep_silent(*_args: Any, **_kwargs: Any) -> list[Any]:
        answered.wait(5)
        return []

    monkeypatch.setattr(targets, "LOOKUP", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", keep_silent)
    with pytest.raises(TimeoutError, match="name"):
        post("https://hooks.example/", b"", {})
    answered.set()


def test_post_tells_that_there_is_no_such_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def know_nothing(*_args: Any, **_kwargs: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", know_nothing)
    with pytest.raises(socket.gaierror):
        post("https://hooks.example/", b"", {})


def test_looking_up_the_name_is_part_of_the_time_of_a_request(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    clock, given = [0.0], []

    def look_up(*_args: Any) -> list[str]:
        clock[0] += 2
        return ["127.0.0.1"]

    @contextmanager
    def deadline(_connection: Any, seconds: float) -> Iterator[None]:
        given.append(seconds)
        yield

    monkeypatch.setattr(targets, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(targets, "_addresses_of", look_up)
    monkeypatch.setattr(targets, "_deadline", deadline)
    with receiving() as receiver:
        post(f"http://hooks.example:{receiver.port}/", b"", {})

    assert given == [targets.DEADLINE - 2]
    assert targets.LOOKUP + 2 * targets.TIMEOUT < targets.DEADLINE  # to look up, to connect and to shake hands


def test_post_wants_a_certificate_that_somebody_vouches_for(settings: Settings, tmp_path: Path) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def shake_hands() -> None:
            line, _peer = server.accept()
            with line, pytest.raises(ssl.SSLError):
                context.wrap_socket(line, server_side=True)

        thread = Thread(target=shake_hands)
        thread.start()
        with pytest.raises(targets.FAILURES, match="certificate"):
            post(f"https://127.0.0.1:{server.getsockname()[1]}/", b"", {})
        thread.join(5)

"""The whole system, started as a user starts it, and a browser in front of it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "清禾-in-the-morning-6"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`manage.py up` with the demo township on the embedded default; yields its address."""
    data = tmp_path_factory.mktemp("var")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    surroundings = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=surroundings
        | {"DATA_DIR": str(data), "PORT": str(port), "DEMO_PASSWORD": PASSWORD}
        | {"SWEEP_SECONDS": "5", "LC_ALL": "en_US.UTF-8"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Press Ctrl-C"):
            break
    else:
        pytest.fail("".join(said))
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


def is_wrong(message: ConsoleMessage) -> bool:
    """Whether the console complains; a form that comes back with what is to be mended is no fault, nor is it one that
    a line which a test has cut is cut, or that htmx drops a request for a newer one.
    """
    expected = ("status of 422", "ERR_INTERNET_DISCONNECTED", "htmx:afterRequest", "htmx:sendAbort")
    return message.type == "error" and not any(each in message.text for each in expected)


@pytest.fixture
def signed_in(browser: Browser, site: str) -> Iterator[SignIn]:
    """Give a page on which somebody is signed in; whatever goes wrong in its console fails the test."""
    pages: list[Page] = []
    wrong: list[str] = []

    def sign_in(
        username: str, *, width: int = 1440, height: int = 900, locale: str = "zh-CN", java_script_enabled: bool = True
    ) -> Page:
        page = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            locale=locale,
            java_script_enabled=java_script_enabled,
        ).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if is_wrong(message) else None)
        page.goto("/sign-in/")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("form:has(#password) button.btn--main")
        pages.append(page)
        return page

    yield sign_in
    for page in pages:
        page.context.close()
    assert wrong == []

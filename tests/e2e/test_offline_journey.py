"""A grid worker logs two cases without a network: they wait on the phone, and become exactly two cases."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.services.waiting import within

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


KEPT = """new Promise((resolve) => {
  const opening = indexedDB.open("settle_gov", 1);
  opening.onsuccess = () => {
    const counting = opening.result.transaction("reports").objectStore("reports").count();
    counting.onsuccess = () => (opening.result.close(), resolve(counting.result));
  };
})"""


def log(page: Page, title: str) -> None:
    page.locator("#id_title").fill(title)
    page.get_by_role("button", name="Report it").click()


def test_two_cases_logged_without_a_network_are_two_cases(signed_in: Callable[..., Page], site: str) -> None:
    page = signed_in("grid", width=390, locale="en")
    page.goto(f"{site}/cases/new/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    queue = page.locator("#queue")
    page.locator("#id_title").fill("断网一号：楼道灯不亮")
    expect(page.locator(".hit").first).to_be_visible()

    page.context.set_offline(True)
    page.get_by_role("button", name="Report it").click()
    expect(queue).to_contain_text("1 case is kept on this phone")
    page.goto(f"{site}/cases/new/")  # the page comes from the phone
    log(page, "断网二号：垃圾满溢")
    expect(queue).to_contain_text("2 cases are kept on this phone")
    page.goto(f"{site}/cases/")
    expect(page.locator("h1")).to_have_text("No network")

    page.context.set_offline(False)
    page.goto(f"{site}/cases/new/")
    assert within(30, lambda: page.evaluate(KEPT) == 0)

    page.goto(f"{site}/cases/?q=断网")
    for title in ("断网一号", "断网二号"):
        expect(page.get_by_role("link", name=title)).to_have_count(1)
    expect(page.locator("#queue")).to_be_hidden()


def test_a_report_that_is_refused_comes_back_with_the_reason(signed_in: Callable[..., Page], site: str) -> None:
    page = signed_in("grid", width=390, locale="en")
    page.goto(f"{site}/cases/new/")

    page.get_by_role("button", name="Report it").click()

    expect(page.locator("main")).to_contain_text("Say in one sentence what is wrong.")
    expect(page.locator("#queue")).to_be_hidden()

"""What the system is for: a matter nobody answers for is seen by those who must decide, with nobody touching it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import SignIn

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
MINUTE = 60_000  # milliseconds

TITLE = "地下车库监控全黑"


def choose(page: Page, label: str, words: str) -> None:
    """Choose the first option that has these words in it."""
    _choose(page.get_by_label(label), words)


def pick(page: Page, field: str, words: str) -> None:
    """Do the same in a field that has its label beside others of the same name."""
    _choose(page.locator(field), words)


def _choose(field: Locator, words: str) -> None:
    field.select_option(value=field.locator("option", has_text=words).first.get_attribute("value"))


def log_case(page: Page, place: str, item: str, title: str) -> str:
    """Log a case and return its number."""
    page.goto("/cases/new/")
    if (elsewhere := page.locator(".pick", has_text="别处")).count():
        elsewhere.click()
    pick(page, "#id_place", place)
    page.locator("#id_title").fill(title)
    if (other := page.locator(".hit--other")).count():
        other.click()
    pick(page, "#id_need_item", item)
    page.get_by_role("button", name="上报").click()
    page.wait_for_url(re.compile(r"/cases/AZ-\d{8}-\d{4}/"))
    return page.url.rstrip("/").rpartition("/")[2]


def test_case_without_a_mandate_shows_as_vacuum_everywhere_within_a_minute(signed_in: SignIn) -> None:
    coordinator = signed_in("coordinator")
    worker = signed_in("grid", width=390, height=844)

    number = log_case(worker, "东湖新居 公共区", "监控覆盖与升级", TITLE)

    expect(worker.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(worker.locator(".state--void").first).to_contain_text("真空")

    coordinator.goto("/inbox/?tab=vacuum")
    row = coordinator.locator("a.gap", has_text=TITLE)
    expect(row).to_be_visible()
    coordinator.goto("/duties/")
    cell = coordinator.get_by_role("link", name=re.compile("东湖新居.*监控覆盖与升级"))
    expect(cell).to_have_class(re.compile("cell--hot"))
    expect(cell.locator(".mark--void")).to_be_visible()

    coordinator.goto("/notices/")  # told by the worker process, once beat has come round
    notice = coordinator.locator(f"a[href*='{number}']").first
    for _ in range(12):
        if notice.is_visible():
            break
        coordinator.wait_for_timeout(MINUTE / 12)
        coordinator.reload()
    expect(notice).to_be_visible()


def test_coordinator_gives_it_to_a_party_which_handles_it_and_the_worker_closes_it(signed_in: SignIn) -> None:
    worker = signed_in("grid", width=390, height=844)
    coordinator = signed_in("coordinator")
    handler = signed_in("handler", width=390, height=844)
    number = log_case(worker, "东湖新居 公共区", "监控覆盖与升级", "东门摄像头都是黑的")

    coordinator.goto(f"/cases/{number}/actions/reassign/")
    choose(coordinator, "派给谁", "安居物业")
    coordinator.get_by_label("理由").fill("合同没写，先由物业处置")
    coordinator.locator("main form button.btn--main").click()

    for action, words in (("accept", None), ("resolve", "已换镜头和电源")):
        handler.goto(f"/cases/{number}/actions/{action}/")
        if words:
            handler.locator("main form textarea").first.fill(words)
        handler.locator("main form button.btn--main").click()
        handler.wait_for_url(f"**/cases/{number}/")

    worker.goto(f"/cases/{number}/actions/close/")
    worker.get_by_label("怎么核查的").fill("现场看过，画面清楚")
    worker.locator("main form button.btn--main").click()
    worker.wait_for_url(f"**/cases/{number}/")

    expect(worker.get_by_text("结案", exact=True).first).to_be_visible()
    for sentence in ("没有人负责", "派给安居物业", "签收", "已换镜头和电源"):
        expect(worker.locator("main")).to_contain_text(sentence)


@pytest.mark.parametrize(("width", "locale"), [(390, "zh-CN"), (1440, "en-US")])
@pytest.mark.parametrize("username", ["grid", "handler", "coordinator", "auditor", "admin"])
def test_no_page_scrolls_sideways_or_leads_nowhere(signed_in: SignIn, username: str, locale: str, width: int) -> None:
    page = signed_in(username, width=width, locale=locale)
    page.goto("/")
    seen: set[str] = set()
    waiting = {"/", "/cases/", "/duties/"}
    while waiting and len(seen) < 15:
        address = waiting.pop()
        seen.add(address)
        response = page.goto(address)

        assert response is not None
        assert response.status == 200, f"{address} answers {response.status}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        links = page.eval_on_selector_all("a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
        waiting |= {link.partition("#")[0] for link in links if not link.startswith(("/admin", "/static"))} - seen

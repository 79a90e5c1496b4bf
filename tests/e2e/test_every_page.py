"""Every page as people see it: on a phone and on a desk, in both languages, light and dark."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PAGES = {
    "grid": ["/desk/", "/cases/new/", "/cases/", "/duties/", "/notices/", "/me/"],
    "handler": ["/desk/", "/desk/?tab=unsigned", "/desk/?tab=asked", "/parties/"],
    "coordinator": ["/inbox/", "/cases/?choose=true", "/duties/gaps/", "/duties/what-if/", "/figures/"],
    "admin": ["/rules/", "/jobs/", "/me/tokens/"],
}
LOOKS = [(390, "zh-CN", "light"), (390, "en", "dark"), (1440, "zh-CN", "dark"), (1440, "en", "light")]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize(("width", "language", "theme"), LOOKS, ids=lambda each: str(each))
@pytest.mark.parametrize("who", PAGES)
def test_page_can_be_read_and_used_by_everybody(
    signed_in: Callable[..., Page], site: str, who: str, width: int, language: str, theme: str
) -> None:
    page = signed_in(who, width=width, locale=language)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    addresses = [*PAGES[who], _first_case(page)] if who != "admin" else PAGES[who]

    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert _violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"
    assert set(asked) == {urlsplit(site).netloc}


def _first_case(page: Page) -> str:
    page.goto("/cases/")
    return page.locator(".work__title").first.get_attribute("href")


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}}).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]

"""Search from anywhere, by keys on a desk and by thumb on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignIn

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

LANGUAGES = pytest.mark.parametrize(
    ("locale", "nothing", "cases"),
    [("zh-CN", "没有匹配“xyzzy”的内容", "案卷"), ("en-GB", "Nothing matches “xyzzy”", "Cases")],
)


def chosen(page: Page) -> str:
    return page.locator("#palette [aria-selected=true] .find__title").inner_text().strip()


@LANGUAGES
def test_palette_finds_while_one_types_and_opens_what_is_chosen(
    signed_in: SignIn, locale: str, nothing: str, cases: str
) -> None:
    page = signed_in("coordinator", locale=locale)
    page.goto("/cases/")
    title = page.title()
    page.locator(".work__title").first.focus()

    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.type("东湖")

    hits = page.locator("#palette a.find")
    expect(hits.first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette h2", has_text=cases)).to_be_visible()
    first, second = (hits.nth(at).locator(".find__title").inner_text().strip() for at in (0, 1))
    page.keyboard.press("ArrowDown")
    assert chosen(page) == second
    assert page.locator("#palette-q").get_attribute("aria-activedescendant") == hits.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    assert chosen(page) == first
    page.keyboard.press("ArrowUp")
    expect(hits.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    address = hits.first.get_attribute("href")
    assert page.title() == title
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{address}")


@LANGUAGES
def test_palette_closes_with_escape_and_gives_the_focus_back(
    signed_in: SignIn, locale: str, nothing: str, cases: str
) -> None:
    page = signed_in("coordinator", locale=locale)
    page.goto("/cases/")
    row = page.locator(".work__title").nth(1)
    row.focus()

    page.keyboard.press("/")
    page.keyboard.type("xyzzy")
    expect(page.locator("#palette").get_by_text(nothing)).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#palette")).to_be_hidden()
    expect(row).to_be_focused()


def test_palette_opens_nothing_that_was_found_for_other_words(signed_in: SignIn) -> None:
    page = signed_in("coordinator")
    page.goto("/cases/")
    page.keyboard.press("Control+k")
    page.keyboard.type("东湖")
    expect(page.locator("#palette [aria-selected=true]")).to_be_visible()

    page.route(
        "**/search/**", lambda route: route.abort() if route.request.resource_type == "xhr" else route.continue_()
    )
    page.keyboard.type("新居")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/search/\?q="))
    expect(page.locator("#q")).to_have_value("东湖新居")


def test_palette_waits_until_characters_are_chosen(signed_in: SignIn) -> None:
    page = signed_in("coordinator")
    page.goto("/cases/")
    page.keyboard.press("Control+k")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    browser = page.context.new_cdp_session(page)
    browser.send("Input.imeSetComposition", {"text": "dong", "selectionStart": 4, "selectionEnd": 4})
    browser.send("Input.insertText", {"text": "东湖"})

    expect(page.locator("#palette [aria-selected=true]")).to_be_visible()
    assert [url.split("q=")[1] for url in asked] == ["%E4%B8%9C%E6%B9%96"]


@pytest.mark.parametrize(
    ("key", "address"), [("i", "/inbox/"), ("c", "/cases/"), ("m", "/duties/"), ("o", "/figures/")]
)
def test_g_and_a_letter_lead_to_a_place(signed_in: SignIn, key: str, address: str) -> None:
    page = signed_in("coordinator")
    page.goto("/me/")

    page.keyboard.press("g")
    page.keyboard.press(key)

    page.wait_for_url(f"**{address}")


def test_letters_go_along_the_rows_and_enter_opens(signed_in: SignIn) -> None:
    page = signed_in("handler", locale="en-GB")
    page.goto("/me/")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/desk/")
    rows = page.locator(".work__title")

    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(rows.first).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.first).to_be_focused()
    address = rows.first.get_attribute("href")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{address}")


def test_question_mark_shows_the_keys_and_a_field_keeps_its_letters(signed_in: SignIn) -> None:
    page = signed_in("coordinator", locale="en-GB")
    page.goto("/cases/")

    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("#search").click()
    page.keyboard.type("gi?j/")

    assert page.locator("#search").input_value() == "gi?j/"
    assert page.url.endswith("/cases/")
    assert page.locator("dialog[open]").count() == 0


def test_keys_that_are_switched_off_do_nothing(signed_in: SignIn) -> None:
    page = signed_in("coordinator", locale="en-GB")
    page.goto("/me/")
    page.get_by_role("button", name="Only Ctrl K").click()
    page.wait_for_load_state()
    page.goto("/cases/")

    for key in ("/", "?", "j", "g", "i"):
        page.keyboard.press(key)

    assert page.url.endswith("/cases/")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()


@LANGUAGES
def test_search_on_a_phone_begins_in_the_box_and_finds_while_one_types(
    signed_in: SignIn, locale: str, nothing: str, cases: str
) -> None:
    page = signed_in("grid", width=390, height=844, locale=locale)
    page.goto("/cases/")

    page.locator(".topbar a[href='/search/']").click()
    page.wait_for_url("**/search/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("东湖")
    expect(page.locator("#found h2", has_text=cases)).to_be_visible()
    page.wait_for_url(re.compile(r"/search/\?q=%E4%B8%9C%E6%B9%96$"))
    fragment = page.locator("#found").inner_html()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert all(box["height"] >= 44 for box in (each.bounding_box() for each in page.locator("#found a").all()))

    page.reload()
    assert page.locator("#found").inner_html() == fragment
    page.locator("#q").fill("xyzzy")
    expect(page.locator("#found").get_by_text(nothing)).to_be_visible()


def test_search_works_without_scripts(signed_in: SignIn) -> None:
    page = signed_in("coordinator", java_script_enabled=False)
    page.goto("/cases/")

    page.fill("#search", "东湖")
    page.press("#search", "Enter")

    page.wait_for_url(re.compile(r"/search/\?q="))
    expect(page.locator("#found a.find").first).to_be_visible()

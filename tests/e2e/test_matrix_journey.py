"""The matrix as a coordinator uses it: a day by the slider, a state by the legend, a cell beside it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignIn

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def cells(page: Page) -> int:
    return page.locator("a.cell").count()


def test_slider_and_typed_day_go_together_and_change_only_the_matrix(signed_in: SignIn) -> None:
    page = signed_in("coordinator")
    page.goto("/duties/")
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    slider, typed = page.locator("#slider"), page.get_by_label("看哪一天", exact=True)
    today = typed.input_value()

    slider.press("ArrowLeft")

    page.wait_for_url(re.compile(r"/duties/\?at=\d{4}-\d\d-\d\d$"))
    assert typed.input_value() < today
    assert slider.get_attribute("aria-valuetext") == typed.input_value()
    typed.fill("2026-01-05")
    typed.blur()
    page.wait_for_url("**/duties/?at=2026-01-05")
    expect(page.locator("a.cell").first).to_have_attribute("href", re.compile(r"\?at=2026-01-05$"))
    assert page.locator("h1").get_attribute("data-kept") == "yes"
    assert int(slider.input_value()) == page.evaluate(
        "(Date.parse('2026-01-05') - Date.parse(document.getElementById('slider').dataset.first)) / 86400000"
    )


def test_legend_and_day_keep_each_other(signed_in: SignIn) -> None:
    page = signed_in("coordinator")
    page.goto("/duties/")

    page.locator(".legend a").first.click()
    page.wait_for_url("**/duties/?state=vacuum")
    page.get_by_label("看哪一天", exact=True).fill("2026-02-03")
    page.keyboard.press("Enter")

    page.wait_for_url("**/duties/?at=2026-02-03&state=vacuum")
    expect(page.locator("a.cell:has(.mark--void)").first).to_be_visible()
    assert page.locator("a.cell").count() == page.locator("a.cell .mark--void").count()


def test_cell_opens_beside_the_matrix_and_closes_with_escape(signed_in: SignIn) -> None:
    page = signed_in("coordinator")
    page.goto("/duties/")
    cell = page.locator("a.cell:has(.mark--many)").first
    address = cell.get_attribute("href")

    cell.click()

    page.wait_for_url(f"**{address}")
    expect(page.locator("#panel h2").first).to_be_focused()
    expect(cell).to_have_class(re.compile("cell--on"))
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(cell).to_be_focused()
    assert page.url.endswith("/duties/")


def test_cell_is_a_page_of_its_own_on_a_phone_and_back_leads_to_the_matrix(signed_in: SignIn) -> None:
    page = signed_in("coordinator", width=390, height=844)
    page.goto("/duties/")
    cell = page.locator("a.cell:has(.mark--many)").first
    address = cell.get_attribute("href")

    cell.click()
    page.wait_for_url(f"**{address}")

    expect(page.locator("#panel")).to_have_count(0)
    page.go_back()
    expect(page.locator("table.matrix")).to_be_visible()


def test_matrix_whose_session_is_over_leads_to_the_page_to_sign_in_on(signed_in: SignIn) -> None:
    page = signed_in("coordinator")
    page.goto("/duties/")
    page.context.clear_cookies()

    page.locator(".legend a").first.click()

    page.wait_for_url("**/sign-in/?next=/duties/**")
    expect(page.locator("#password")).to_be_visible()


def test_arrows_go_from_cell_to_cell_and_enter_opens(signed_in: SignIn) -> None:
    page = signed_in("coordinator")
    page.goto("/duties/?fold=2")
    focused = "document.activeElement.getAttribute('href')"
    names = page.locator("table.matrix tbody th a")
    cells = page.locator("table.matrix tbody tr:not(.grp)").first.locator("td a")

    cells.first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == cells.nth(1).get_attribute("href")
    page.keyboard.press("End")
    assert page.evaluate(focused) == cells.last.get_attribute("href")
    page.keyboard.press("Home")
    assert page.evaluate(focused) == names.first.get_attribute("href")
    page.keyboard.press("PageDown")
    assert page.evaluate(focused) == names.nth(1).get_attribute("href")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{cells.first.get_attribute('href')}")
    assert page.locator("table.matrix tbody a[tabindex='0']").count() == 1


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1440, 900), (1920, 1080)])
def test_seal_is_in_the_window_as_soon_as_the_panel_opens(signed_in: SignIn, width: int, height: int) -> None:
    page = signed_in("coordinator", width=width, height=height)
    page.goto("/duties/")

    page.locator("a.cell:has(.mark--many)").first.click()

    expect(page.locator("#panel .btn--seal")).to_be_in_viewport(ratio=1)

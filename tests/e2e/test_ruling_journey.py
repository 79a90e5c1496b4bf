"""A multi-head cell is settled from the home page in two clicks and a reason, and from then on goes by itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignIn
from tests.e2e.test_vacuum_journey import log_case

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

CELL = "/duties/donghu-xinju/3.1/"
ITEM = "垃圾分类与清运"


def cell_of_the_matrix(page: Page) -> str:
    """The words of the cell in the matrix."""
    page.goto("/duties/")
    return page.locator(f"a.cell[href^='{CELL}']").get_attribute("aria-label") or ""


def rows_of_the_register(page: Page) -> int:
    """How many rows of the gap register lead to the cell."""
    page.goto("/duties/gaps/?estate=donghu-xinju&need_item=3.1")
    return page.locator(f"li a[href^='{CELL}']").count()


def test_coordinator_settles_a_cell_in_two_clicks_and_a_reason(signed_in: SignIn) -> None:
    coordinator = signed_in("coordinator")
    worker = signed_in("grid", width=390, height=844)
    waiting = log_case(worker, "东湖新居 公共区", ITEM, "东门垃圾桶满溢")
    assert "多头" in cell_of_the_matrix(coordinator)
    assert rows_of_the_register(coordinator) > 0

    coordinator.goto("/")
    row = coordinator.locator(".gap-row", has_text=waiting)
    row.locator(f"a.btn[href^='{CELL}']").click()  # the first click: the matter
    coordinator.wait_for_url(re.compile(re.escape(CELL)))
    rule = coordinator.locator("#rule")
    party = rule.locator("label.choice:has(:checked) b").inner_text()
    assert rule.locator("textarea").input_value() != ""
    rule.locator("textarea").fill("合同与先例都指向同一家")
    expect(rule.locator("#change")).to_contain_text(party)
    rule.locator(".btn--seal").click()  # the second click: the seal

    expect(coordinator.locator(".notice--done")).to_contain_text(party)
    expect(coordinator.locator("#cell .state--ruled").first).to_be_visible()
    assert "已裁定" in cell_of_the_matrix(coordinator)
    assert rows_of_the_register(coordinator) == 0
    coordinator.goto("/inbox/")
    expect(coordinator.locator(".gap-row", has_text=waiting)).to_have_count(0)
    coordinator.goto(f"/cases/{waiting}/")
    expect(coordinator.locator("main")).to_contain_text(f"周敏裁定归{party}")

    fresh = log_case(worker, "东湖新居 公共区", ITEM, "西门垃圾桶又满了")

    expect(worker.locator(".notice--done")).to_contain_text(party)
    coordinator.goto(f"/cases/{fresh}/")
    expect(coordinator.locator("main")).to_contain_text("待签收")
    expect(coordinator.locator("main")).to_contain_text(party)


def test_choosing_another_party_changes_what_will_happen_at_once(signed_in: SignIn) -> None:
    page = signed_in("coordinator")
    page.goto("/duties/donghu-xinju/7.2/")
    rule = page.locator("#rule")
    choices = rule.locator("label.choice")
    other = choices.nth(1).locator("b").inner_text()
    proposal = rule.locator("textarea").input_value()

    choices.nth(1).click()

    expect(rule.locator(".btn--seal")).to_contain_text(other)
    expect(rule.locator("#change")).to_contain_text(other)
    expect(rule.locator("textarea")).not_to_have_value(proposal)
    assert page.url.endswith("/7.2/")


def test_nothing_is_ruled_that_was_not_shown_where_scripts_do_not_run(signed_in: SignIn) -> None:
    page = signed_in("coordinator", java_script_enabled=False)
    page.goto("/duties/donghu-xinju/8.3/")
    other = page.locator("#rule label.choice").nth(1)
    party = other.locator("b").inner_text()
    other.locator("input").check()

    page.locator("#rule .btn--seal").click()

    expect(page.locator("#rule .notice--bad")).to_be_visible()
    expect(page.locator("#rule .btn--seal")).to_contain_text(party)
    expect(page.locator("#cell .state--many").first).to_be_visible()

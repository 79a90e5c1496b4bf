"""The whole life of a case as its people live it: returned twice, disputed, ruled, reworked, closed, and not solved."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignIn
from tests.e2e.test_vacuum_journey import choose, log_case

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

TITLE = "地下车库监控又黑了"
PARTY = "安居物业"


def act(page: Page, number: str, action: str, *, radios: dict[str, str] | None = None, **fields: str) -> None:
    """Open the page of an action as its button does, fill in what it asks for, and do it."""
    page.goto(f"/cases/{number}/actions/{action}/")
    for name, value in (radios or {}).items():
        page.locator(f"[name={name}][value='{value}']").check(force=True)
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main form .btn--main").click()
    page.wait_for_url(f"**/cases/{number}/")


def offers(page: Page, number: str) -> set[str]:
    """The actions that the page of the case offers."""
    page.goto(f"/cases/{number}/")
    links = page.locator(".actions a, .actions form")
    addresses = [each.get_attribute("href") or each.get_attribute("action") or "" for each in links.all()]
    return {address.rstrip("/").rpartition("/")[2] for address in addresses if "/actions/" in address}


def assign(coordinator: Page, number: str) -> None:
    coordinator.goto(f"/cases/{number}/actions/reassign/")
    choose(coordinator, "派给谁", PARTY)
    coordinator.locator("main [name=reason]").fill("首接负责，请先办")
    coordinator.locator("main form .btn--main").click()
    coordinator.wait_for_url(f"**/cases/{number}/")


def test_case_goes_through_dispute_ruling_rework_and_is_not_solved(signed_in: SignIn) -> None:
    worker = signed_in("grid", width=390, height=844)
    coordinator, handler = signed_in("coordinator"), signed_in("handler")
    number = log_case(worker, "东湖新居 公共区", "监控覆盖与升级", TITLE)

    for ground in ("监控由公安统一管理", "仍不是物业的事"):
        assign(coordinator, number)
        act(handler, number, "return", ground=ground, legal_basis="合同第 12 条")
    expect(handler.locator("main")).to_contain_text("职责争议")
    assert "return" not in offers(handler, number)

    coordinator.goto("/inbox/?kind=disputed")
    coordinator.locator(".gap-row", has_text=TITLE).locator(f"a[href*='{number}'][href*='rule']").click()
    expect(coordinator.locator("main")).to_contain_text("仍不是物业的事")
    choose(coordinator, "归谁", PARTY)
    coordinator.locator("main [name=reason]").fill("物业服务合同写明由物业维护")
    coordinator.locator("main form .btn--main").click()
    coordinator.wait_for_url(f"**/cases/{number}/")
    expect(coordinator.locator("main")).to_contain_text("裁定")

    handler.goto(f"/cases/{number}/")
    handler.locator(".actions form button").first.click()  # sign for it
    act(handler, number, "resolve", reason="换了硬盘")
    act(worker, number, "rework", reason="东侧两路仍是黑的")
    act(handler, number, "resolve", reason="又换了两路摄像头")
    act(worker, number, "verify", reason="现场看过，六路都亮")
    act(worker, number, "close")
    act(coordinator, number, "rate", radios={"contacted": "true", "solved": "false", "satisfied": "false"})

    coordinator.goto(f"/cases/{number}/")
    expect(coordinator.locator(".case-head")).to_contain_text("待签收")
    story = coordinator.locator(".story").inner_text()
    told = [
        "没解决",
        "重开",
        "结案",
        "六路都亮",
        "又换了两路摄像头",
        "东侧两路仍是黑的",
        "换了硬盘",
        "裁定",
        "职责争议",
        "仍不是物业的事",
        "监控由公安统一管理",
        "上报",
    ]
    places = [story.find(words) for words in told]
    assert -1 not in places, dict(zip(told, places, strict=True))
    assert places == sorted(places)
    assert "accept" in offers(handler, number)

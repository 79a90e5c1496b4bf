"""Somebody turns the second step on, signs in with it, and turns it off again; a form outlives its session."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, SignIn

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
SIZES = [("handler", 390, 844), ("auditor", 1440, 900)]
PERIOD = 30


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + steps))


def sign_in_again(page: Page, username: str) -> None:
    page.request.post(
        "/sign-out/", form={"csrfmiddlewaretoken": cookie(page, "csrftoken")}, headers={"Referer": page.url}
    )
    page.goto("/sign-in/")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("form:has(#password) button.btn--main")


def cookie(page: Page, name: str) -> str:
    return next(each["value"] for each in page.context.cookies() if each["name"] == name)


def expect_no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(("username", "width", "height"), SIZES)
@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["script", "no-script"])
def test_second_step_from_turning_on_to_turning_off(
    signed_in: SignIn, username: str, width: int, height: int, java_script_enabled: bool
) -> None:
    page = signed_in(username, width=width, height=height, locale="en-GB", java_script_enabled=java_script_enabled)
    page.goto("/me/")
    page.get_by_role("link", name="Sign-in in two steps: off").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    expect(page.get_by_alt_text("QR code of the key below")).to_be_visible()
    expect_no_sideways_scroll(page)

    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Turn the second step on").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    expect_no_sideways_scroll(page)
    page.get_by_role("link", name="I have written them down").click()

    sign_in_again(page, username)
    page.wait_for_url("**/sign-in/code/")
    expect_no_sideways_scroll(page)
    page.get_by_label("Code", exact=True).fill(code_of(secret, steps=1))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/(desk|cases)/$"))

    sign_in_again(page, username)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.goto("/me/")
    expect(
        page.get_by_role("row", name=re.compile("By recovery code"))
        .or_(page.get_by_text("By recovery code", exact=False))
        .first
    ).to_be_visible()
    expect_no_sideways_scroll(page)
    page.get_by_role("link", name="Sign-in in two steps: on").click()
    expect(page.get_by_text("Recovery codes left")).to_be_visible()
    page.get_by_role("link", name="Turn the second step off").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Turn the second step off").click()

    expect(page.get_by_text("From now on your password alone will do.")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_form_that_was_sent_after_the_end_of_the_session_is_there_by_the_way_back_and_can_be_sent(
    signed_in: SignIn, width: int, height: int
) -> None:
    page = signed_in("handler", width=width, height=height, locale="en-GB")
    page.goto("/me/")
    page.get_by_label("E-mail address").fill("wang@example.com")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/sign-in/?next=/me/")
    expect(page.get_by_text("What you typed is not lost")).to_be_visible()

    page.fill("#username", "handler")
    page.fill("#password", PASSWORD)
    page.click("form:has(#password) button.btn--main")
    page.wait_for_url("**/me/")
    expect(page.get_by_text("What you typed is not lost")).to_be_visible()
    page.go_back()
    page.go_back()

    expect(page.get_by_label("E-mail address")).to_have_value("wang@example.com")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

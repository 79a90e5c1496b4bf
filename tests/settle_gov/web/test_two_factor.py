"""The second step is turned on and off at "Me"."""

import re
from base64 import b64decode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from stakeholders.models import AccountEvent
from tests.factories.accounts import PASSWORD, account_with_password, code_now, phone_of, wrong_code
from tests.factories.stakeholders import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
ON, OFF, CODES = "/me/two-factor/on/", "/me/two-factor/off/", "/me/two-factor/codes/"


@pytest.fixture
def member():
    return MembershipFactory(user=account_with_password(username="wang"))


def test_page_offers_the_secret_as_a_picture_a_link_and_in_letters(signed_in, member):
    browser = signed_in(member)

    page = browser.get("/me/two-factor/").content.decode()

    secret = browser.session["two_factor_secret"]
    assert " ".join(re.findall("....", secret)) in page
    assert f'href="otpauth://totp/wang?secret={secret}&amp;issuer=settle_gov"' in page
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert b"<path" in b64decode(picture[1])


def test_secret_stays_the_same_until_a_phone_has_it(signed_in, member):
    browser = signed_in(member)

    seen = {browser.get("/me/two-factor/") and browser.session["two_factor_secret"] for _each in range(2)}

    assert len(seen) == 1


def test_turning_it_on_shows_the_recovery_codes_once(signed_in, member):
    browser = signed_in(member)
    browser.get("/me/two-factor/")
    code = code_now(browser.session["two_factor_secret"])

    answer = browser.post(ON, {"code": code, "password": PASSWORD})

    shown = re.findall(r"<li><code>(\d{8})</code></li>", answer.content.decode())
    assert shown == RecoveryCodes.activate(member.user).get_unused_codes()
    assert "no-store" in answer["Cache-Control"]
    assert "two_factor_secret" not in browser.session
    page = browser.get("/me/two-factor/").content.decode()
    assert shown[0] not in page
    assert '<dd class="num">10</dd>' in page


def test_wrong_code_keeps_the_secret_and_says_what_to_do(signed_in, member):
    browser = signed_in(member)
    browser.get("/me/two-factor/")
    secret = browser.session["two_factor_secret"]

    answer = browser.post(ON, {"code": wrong_code(secret), "password": PASSWORD})

    assert answer.status_code == 422
    assert "Is the clock of the phone right?" in answer.content.decode()
    assert browser.session["two_factor_secret"] == secret


def test_form_without_a_secret_leads_to_the_page_that_gives_one(signed_in, member):
    assert signed_in(member).post(ON, {"code": "123456", "password": PASSWORD}).url == "/me/two-factor/"
    assert signed_in(member).get(ON).url == "/me/two-factor/"


def test_turning_it_off_wants_the_password(signed_in, member):
    phone_of(member.user)
    browser = signed_in(member)

    refused = browser.post(OFF, {"password": "wrong"})
    assert refused.status_code == 422
    assert Authenticator.objects.exists()
    done = browser.post(OFF, {"password": PASSWORD})

    assert done.url == "/me/two-factor/"
    assert not Authenticator.objects.exists()
    assert list(AccountEvent.objects.order_by("id").values_list("kind", flat=True)) == ["refused", "two_factor_off"]


def test_turning_it_off_is_not_for_whose_role_needs_it(signed_in, settings):
    settings.TWO_FACTOR_REQUIRED = True
    membership = MembershipFactory(user=account_with_password(), administrator=True)
    phone_of(membership.user)
    browser = signed_in(membership)
    session = browser.session
    session["second_step"] = True
    session.save()

    answer = browser.post(OFF, {"password": PASSWORD})

    assert answer.status_code == 422
    assert OFF not in browser.get("/me/two-factor/").content.decode()
    assert Authenticator.objects.exists()


def test_new_codes_take_the_place_of_the_old(signed_in, member):
    phone_of(member.user)
    old = RecoveryCodes.activate(member.user).get_unused_codes()

    answer = signed_in(member).post(CODES, {"password": PASSWORD})

    shown = re.findall(r"<li><code>(\d{8})</code></li>", answer.content.decode())
    assert len(shown) == 10
    assert set(shown).isdisjoint(old)
    assert signed_in(member).post(CODES, {"password": ""}).status_code == 422


@pytest.mark.parametrize("address", ["/me/two-factor/", OFF, CODES, "/me/password/"])
def test_pages_are_there_for_accounts_without_a_membership(client, address):
    client.force_login(UserFactory(is_staff=True))

    assert client.get(address).status_code == 200


def test_page_costs_a_query_of_its_own(signed_in, member, django_assert_num_queries):
    phone_of(member.user)
    browser = signed_in(member)

    with django_assert_num_queries(4):  # session, user, memberships; phone and codes
        browser.get("/me/two-factor/")

"""My password."""

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, account_with_password
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
NEW = "清禾-in-the-morning-6"


@pytest.fixture
def member():
    return MembershipFactory(user=account_with_password())


def test_changing_it_ends_all_other_sessions(signed_in, member):
    here, elsewhere = signed_in(member), signed_in(member)

    answer = here.post("/me/password/", {"password": PASSWORD, "new_password": NEW, "again": NEW}, follow=True)

    assert answer.redirect_chain == [("/me/", 302)]
    assert "Your password is changed." in answer.content.decode()
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").url == "/sign-in/?next=/desk/"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This is too short: a password has 10 characters or more."),
        ("zh-hans", "这个密码太常见了。"),
    ],
)
def test_rule_that_is_broken_is_said_in_the_language_of_the_reader(signed_in, member, language, words):
    given = {"password": PASSWORD, "new_password": "password1", "again": "password1"}

    answer = signed_in(member, language).post("/me/password/", given)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_rules_stand_above_the_form(signed_in, member):
    page = signed_in(member).get("/me/password/").content.decode()

    assert "at least 10 characters" in page
    assert page.count('type="password"') == 3


def test_password_of_the_administration_leads_here(client: Client):
    client.force_login(account_with_password(is_staff=True))

    assert client.get("/admin/password_change/").url == "/me/password/"

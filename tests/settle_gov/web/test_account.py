"""Who I am and for whom I act."""

import pytest

from cases.models import Mail, NoticeSettings
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import AccountEventFactory, MembershipFactory

pytestmark = pytest.mark.django_db
WISHES = {"email": "wang@example.com", "mail": "daily", "muted": ["returned"]}


def test_me_says_for_whom_i_act_and_in_which_role(signed_in):
    membership = MembershipFactory(party__name_en="Anju Property")

    page = signed_in(membership).get("/me/").content.decode()

    assert "Anju Property" in page
    assert "Handler" in page
    assert "Qinghe Town" in page


def test_act_for_changes_what_i_see_until_i_change_back(signed_in):
    handler = MembershipFactory()
    coordinator = MembershipFactory(user=handler.user, coordinator=True)
    browser = signed_in(handler)

    answer = browser.post("/me/act-for/", {"membership": coordinator.pk}, follow=True)

    assert answer.redirect_chain == [("/", 302), ("/inbox/", 302)]


@pytest.mark.parametrize("chosen", ["", "0", "x", "999999999999"])
def test_act_for_ignores_what_is_no_membership(signed_in, chosen):
    browser = signed_in(MembershipFactory())

    assert browser.post("/me/act-for/", {"membership": chosen}, follow=True).redirect_chain[-1] == ("/desk/", 302)


def test_act_for_never_gives_the_membership_of_somebody_else(signed_in):
    browser = signed_in(MembershipFactory())

    browser.post("/me/act-for/", {"membership": MembershipFactory(coordinator=True).pk})

    assert browser.get("/inbox/").status_code == 403


def test_me_offers_the_settings_as_they_are(signed_in):
    membership = MembershipFactory(user__email="wang@example.com")
    NoticeSettings.objects.create(membership=membership, mail="at_once", quiet=False, muted=["closed"])

    form = signed_in(membership).get("/me/").context["form"]

    assert [form[name].value() for name in ("email", "mail", "quiet", "muted")] == [
        "wang@example.com",
        "at_once",
        False,
        ["closed"],
    ]


def test_me_keeps_how_i_want_to_be_told(signed_in):
    membership = MembershipFactory()

    answer = signed_in(membership).post("/me/", WISHES)

    kept = NoticeSettings.objects.get(membership=membership)
    assert answer.url == "/me/"
    assert (kept.mail, kept.quiet, kept.muted, kept.membership.user.email) == (
        "daily",
        False,
        ["returned"],
        "wang@example.com",
    )


def test_me_concerns_the_membership_i_act_as(signed_in):
    handler = MembershipFactory()
    coordinator = MembershipFactory(user=handler.user, coordinator=True)
    browser = signed_in(handler)
    browser.post("/me/act-for/", {"membership": coordinator.pk})

    browser.post("/me/", WISHES)

    assert NoticeSettings.objects.get().membership == coordinator


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "wang"), ("email", "a@b.example\nBcc: c@d.example"), ("mail", "weekly"), ("muted", ["escalated"])],
)
def test_me_says_what_is_wrong_and_keeps_what_was_typed(signed_in, field, value):
    answer = signed_in(MembershipFactory()).post("/me/", WISHES | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f'href="#id_{field}' in answer.content.decode()
    assert not NoticeSettings.objects.exists()


@pytest.mark.parametrize(("tries", "is_shown"), [(6, True), (0, False)])
def test_me_tells_that_the_last_mail_could_not_be_delivered(signed_in, tries, is_shown):
    membership = MembershipFactory()
    Mail.objects.create(
        recipient=membership, key="1-1", created_at=MONDAY, due_at=MONDAY, given_up_at=MONDAY, tries=tries
    )
    Mail.objects.create(recipient=MembershipFactory(), key="2-2", created_at=MONDAY, due_at=MONDAY)

    page = signed_in(membership).get("/me/").content.decode()

    assert ("could not be delivered in 6 tries" in page) is is_shown


@pytest.mark.parametrize("lines", [1, 3])
def test_me_shows_my_own_last_sign_ins_in_one_query(signed_in, django_assert_num_queries, lines):
    membership = MembershipFactory()
    AccountEventFactory(address="198.51.100.1")
    for number in range(lines):
        AccountEventFactory(account=membership.user, address=f"192.0.2.{number}")
    browser = signed_in(membership)

    # session, user, memberships · notices on the bar · settings, last mail, sign-in log
    with django_assert_num_queries(7):
        page = browser.get("/me/").content.decode()

    assert [f"192.0.2.{number}" in page for number in range(3)] == [True, lines > 1, lines > 1]
    assert "198.51.100.1" not in page
    assert "Signed in" in page


def test_me_shows_no_more_than_twenty_of_them(signed_in):
    membership = MembershipFactory()
    for number in range(21):
        AccountEventFactory(account=membership.user, address=f"192.0.2.{number}")

    page = signed_in(membership).get("/me/").content.decode()

    assert page.count('<td class="num">192.0.2.') == 20
    assert "192.0.2.0<" not in page

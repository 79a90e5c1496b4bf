"""Who I am and for whom I act."""

import pytest

from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


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

"""Saying how one wants to be told."""

import pytest
from django.core.exceptions import ValidationError

from cases.models import NoticeSettings
from cases.services.set_notices import mutable, set_notices
from stakeholders.models import Membership
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
WISHES = {"mail": "daily", "quiet": False, "muted": ["returned", "closed"], "email": "wang@example.com"}


@pytest.fixture
def me() -> Membership:
    return MembershipFactory()


def test_set_notices_keeps_what_was_chosen_and_the_address(me):
    set_notices(**WISHES, by=me)

    kept = NoticeSettings.of(me)
    assert (kept.mail, kept.quiet, kept.muted) == ("daily", False, ["closed", "returned"])
    assert Membership.objects.get(pk=me.pk).user.email == "wang@example.com"


def test_set_notices_again_changes_the_one_row(me):
    set_notices(**WISHES, by=me)
    set_notices(mail="off", quiet=True, muted=[], email="", by=me)

    kept = NoticeSettings.objects.get()
    assert (kept.mail, kept.quiet, kept.muted, me.user.email) == ("off", True, [], "")


def test_set_notices_concerns_one_membership_alone(me):
    other = MembershipFactory(user=me.user)

    set_notices(**WISHES, by=me)

    assert NoticeSettings.of(other).mail == "collected"


@pytest.mark.parametrize("kind", [*sorted(NoticeSettings.NEVER_MUTED), "reported", "tomorrow"])
def test_set_notices_mutes_neither_what_everybody_hears_nor_what_nobody_does(me, kind):
    with pytest.raises(ValidationError) as refusal:
        set_notices(**WISHES | {"muted": ["returned", kind]}, by=me)

    assert list(refusal.value.message_dict) == ["muted"]
    assert not NoticeSettings.objects.exists()


@pytest.mark.parametrize(
    "email", ["wang", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", f"{'a' * 255}@b.c"]
)
def test_set_notices_refuses_what_is_no_address(me, email):
    with pytest.raises(ValidationError) as refusal:
        set_notices(**WISHES | {"email": email}, by=me)

    assert list(refusal.value.message_dict) == ["email"]


def test_set_notices_refuses_a_choice_that_is_none(me):
    with pytest.raises(ValidationError) as refusal:
        set_notices(**WISHES | {"mail": "weekly"}, by=me)

    assert list(refusal.value.message_dict) == ["mail"]


def test_everything_that_somebody_hears_of_can_be_muted_or_never_is():
    assert sorted(mutable()) == [
        "asked",
        "closed",
        "corrected",
        "extended",
        "held",
        "linked",
        "refused",
        "reopened",
        "resolved",
        "resumed",
        "returned",
        "reworked",
        "timer_extended",
        "timer_started",
        "timer_stopped",
        "voided",
    ]

"""A session ends after a while without a request, and in any case after a working day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories.accounts import PASSWORD, account_with_password
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
TO_SIGN_IN = "/sign-in/?next=/duties/"
At = Callable[[timedelta], bool]


@pytest.fixture
def is_in_at(client: Client) -> At:
    """Sign somebody in, and say whether a page opens a while later."""
    account = MembershipFactory(user=account_with_password()).user
    with time_machine.travel(MONDAY, tick=False):
        client.post("/sign-in/", {"username": account.username, "password": PASSWORD})

    def is_in(after: timedelta) -> bool:
        with time_machine.travel(MONDAY + after, tick=False):
            answer = client.get("/duties/")
        if answer.status_code == 302:
            assert answer.url == TO_SIGN_IN
        return answer.status_code == 200

    return is_in


@pytest.mark.parametrize(("after", "is_in"), [({"minutes": 29, "seconds": 59}, True), ({"minutes": 30}, False)])
def test_session_ends_after_half_an_hour_without_a_request(is_in_at: At, after: dict[str, int], is_in: bool) -> None:
    assert is_in_at(timedelta(**after)) is is_in


def test_session_in_use_goes_on_for_twelve_hours_and_no_longer(is_in_at: At) -> None:
    passed = [timedelta(minutes=20 * number) for number in range(1, 36)]

    assert all(is_in_at(after) for after in passed)
    assert is_in_at(timedelta(hours=11, minutes=59))
    assert not is_in_at(timedelta(hours=12))


def test_cookie_lives_on_with_the_session(is_in_at: At, client: Client) -> None:
    is_in_at(timedelta(minutes=20))

    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (1800, True, "Lax")


def test_reading_writes_once_a_minute(is_in_at: At, client: Client, django_assert_num_queries) -> None:
    with time_machine.travel(MONDAY + timedelta(seconds=59), tick=False), django_assert_num_queries(5):
        client.get("/me/tokens/")  # session, user, memberships, notices, tokens
    with time_machine.travel(MONDAY + timedelta(seconds=60), tick=False), django_assert_num_queries(6):
        client.get("/me/tokens/")  # and the session is put off
    with time_machine.travel(MONDAY + timedelta(seconds=119), tick=False), django_assert_num_queries(5):
        client.get("/me/tokens/")


def test_putting_off_does_not_undo_what_another_request_has_changed(client: Client) -> None:
    client.force_login(MembershipFactory().user)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=20))
    kept = Session.objects.get().session_data

    client.get("/me/tokens/")

    session = Session.objects.get()
    assert session.expire_date > timezone.now() + timedelta(minutes=29)
    assert session.session_data == kept


def test_strangers_have_no_session(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/sign-in/")

    assert "sessionid" not in answer.cookies

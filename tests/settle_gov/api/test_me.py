"""GET /api/v1/me/: who I am, what I may do, what waits for me."""

from datetime import timedelta

import pytest
import time_machine

from cases.models import CaseEvent, Finding, Notification
from cases.services.sweep_clocks import sweep_clocks
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import logged_case
from tests.factories.stakeholders import AreaFactory, GridFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def test_me_says_who_acts_and_what_is_allowed() -> None:
    grid = GridFactory()
    membership = MembershipFactory(grid_worker=True, grid=grid, user__username="grid", user__name="李秀兰")

    answer = ApiClient(membership).read("me/")

    assert answer["user"] == {"username": "grid", "name": "李秀兰"}
    assert answer["membership"] == {
        "id": membership.pk,
        "party": membership.party.code,
        "party_name": membership.party.name,
        "role": "grid_worker",
        "area": membership.area_id,
        "grid": grid.code,
        "since": "2020-01-01T08:00:00+08:00",
        "until": None,
    }
    assert answer["memberships"] == [answer["membership"]]
    assert answer["permissions"] == ["log_case", "see_duties", "verify_case"]


def test_me_counts_what_the_actor_sees() -> None:
    case = logged_case()
    logged_case(need_item=None)
    mine = MembershipFactory(coordinator=True)
    sweep_clocks(at=case.resolve_due_at + timedelta(days=1))
    event = CaseEvent.objects.filter(kind="found").first()
    Notification.objects.create(recipient=mine, event=event, created_at=case.opened_at)
    elsewhere = MembershipFactory(coordinator=True, area=AreaFactory())

    with time_machine.travel(case.resolve_due_at + timedelta(days=1), tick=False):
        counted = ApiClient(mine).read("me/")["counts"]
        uncounted = ApiClient(elsewhere).read("me/")["counts"]

    assert (counted["open_cases"], counted["overdue"], counted["unread_notices"]) == (2, 1, 1)
    assert counted["findings"] == dict.fromkeys(Finding.Kind.values, 0) | {
        "overdue": 1,
        "uncontacted": 1,
        "vacuum": 1,
        "unlocated": 1,
    }
    assert uncounted == {
        "open_cases": 0,
        "overdue": 0,
        "findings": dict.fromkeys(Finding.Kind.values, 0),
        "unread_notices": 0,
    }


def test_me_takes_no_parameters_and_no_writes() -> None:
    client = ApiClient(MembershipFactory())

    refused(client.get(f"{ROOT}me/?expand=all"), 400, "expand")
    refused(client.send("me/"), 405)
    refused(ApiClient().get(f"{ROOT}me/"), 401)

"""The desk of those who handle and of those who check."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from cases.services.disclaim_case import disclaim_case
from cases.services.hold_case import hold_case
from cases.services.put_in_charge import put_in_charge
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from cases.views import desk
from stakeholders.models import Membership
from tests.cases.views.conftest import BrowserOf
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 15, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def handler() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1", party__name_en="Anju").party)


@pytest.fixture
def worker() -> Membership:
    return MembershipFactory(grid_worker=True)


def lay(browser: Client, address: str = "/desk/", at: datetime = FRIDAY) -> str:
    """What lies on the desk."""
    with time_machine.travel(at, tick=False):
        answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def piles(page: str) -> list[tuple[str, list[str]]]:
    """Headings with the titles under them."""
    found = []
    for section in page.split('<section class="card card--flush bleed">')[1:]:
        heading = section.split("<h2>")[1].split("</h2>")[0]
        found.append((heading, [part.split(">")[1].split("<")[0] for part in section.split('class="work__title"')[1:]]))
    return found


def tabs(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('href="?tab=')[1:]]


def due_at(case: Case, moment: datetime) -> Case:
    Case.objects.filter(pk=case.pk).update(resolve_due_at=moment)
    return case


def test_desk_groups_by_when_it_is_due(browser_of: BrowserOf, handler: Membership) -> None:
    due_at(logged_case(title="over"), FRIDAY - timedelta(minutes=1))
    due_at(logged_case(title="long over"), FRIDAY - timedelta(days=3))
    due_at(logged_case(title="today"), FRIDAY + timedelta(hours=2))
    due_at(logged_case(title="later"), FRIDAY + timedelta(days=1))
    Case.objects.filter(pk=logged_case(title="some day").pk).update(resolve_due_at=None)

    assert piles(lay(browser_of(handler))) == [
        ("Overdue", ["long over", "over"]),
        ("Due today", ["today"]),
        ("Later", ["later", "some day"]),
    ]


def test_desk_shows_what_is_more_urgent_first_of_what_is_due_at_once(
    browser_of: BrowserOf, handler: Membership
) -> None:
    for urgency in "CPEGU":
        due_at(logged_case(title=urgency, urgency=urgency), FRIDAY + timedelta(hours=2))

    assert piles(lay(browser_of(handler))) == [("Due today", list("EUGCP"))]


@pytest.mark.parametrize("tab", ["due", "unsigned"])
def test_desk_asks_the_index_of_desks(handler: Membership, tab: str) -> None:
    pile = next(each for each in desk.TABS if each.key == tab).pile(handler)[:100]

    assert "custody" not in str(pile.query)
    if connection.vendor == "sqlite":  # without statistics it takes an index only where no other will do
        assert "USING INDEX case_desk (lead_id=?" in pile.explain()


def test_desk_tells_the_working_time_left_today(browser_of: BrowserOf, handler: Membership) -> None:
    browser = browser_of(handler)

    assert "it is 15:20; 2 h 10 min of working time left today" in lay(browser)
    assert "no working time left today" in lay(browser, at=FRIDAY + timedelta(days=1))
    assert "no working time left today" in lay(browser, at=FRIDAY + timedelta(hours=3))


def test_desk_holds_the_cases_of_the_own_party_only(
    browser_of: BrowserOf, handler: Membership, coordinator: Membership
) -> None:
    ours, theirs = logged_case(title="ours"), logged_case(title="theirs")
    Case.objects.filter(pk=theirs.pk).update(lead=coordinator.party)
    resolve_case(sign_for_case(logged_case(title="done"), by=handler), by=handler, reason="x")

    assert piles(lay(browser_of(handler))) == [("Overdue", [ours.title])]


def test_desk_offers_the_next_step_of_each_case(browser_of: BrowserOf, handler: Membership) -> None:
    waiting = logged_case()
    handled = sign_for_case(logged_case(), by=handler)

    page = lay(browser_of(handler))

    assert f'<form method="post" action="/cases/{waiting.number}/actions/accept/">' in page
    assert f'href="/cases/{waiting.number}/actions/return/">Not ours</a>' in page
    assert f'href="/cases/{handled.number}/actions/resolve/">Report it done</a>' in page


def test_desk_signs_with_one_click(handler: Membership) -> None:
    case = logged_case()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(handler.user)
    form = browser.get("/desk/").content.decode().split(f"/cases/{case.number}/actions/accept/")[1]
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    browser.post(f"/cases/{case.number}/actions/accept/", {"csrfmiddlewaretoken": token, "back": "desk"})

    case.refresh_from_db()
    assert case.stage == "handling"


def test_desk_lists_what_is_not_signed_for(browser_of: BrowserOf, handler: Membership) -> None:
    logged_case(title="unsigned")
    sign_for_case(logged_case(title="signed"), by=handler)

    page = lay(browser_of(handler), "/desk/?tab=unsigned")

    assert "unsigned</a>" in page
    assert ">signed</a>" not in page


def test_desk_of_a_grid_worker_starts_with_what_to_check(
    browser_of: BrowserOf, handler: Membership, worker: Membership
) -> None:
    building = BuildingFactory(grid=worker.grid)
    done = logged_case(title="done here", building=building)
    resolve_case(sign_for_case(done, by=handler), by=handler, reason="x")
    resolve_case(sign_for_case(logged_case(title="done elsewhere"), by=handler), by=handler, reason="x")
    logged_case(title="still open", building=building, by=worker)

    page = lay(browser_of(worker))

    assert "done here</a>" in page
    assert "done elsewhere" not in page
    assert "still open" not in page
    assert f'href="/cases/{done.number}/actions/close/">Close it</a>' in page
    assert "still open</a>" in lay(browser_of(worker), "/desk/?tab=mine")
    assert piles(lay(browser_of(worker), "/desk/?tab=open")) == [("Overdue", ["still open"]), ("Later", ["done here"])]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ({}, ["due", "unsigned", "asked", "charge"]),
        ({"grid_worker": True}, ["verify", "mine", "open"]),
        ({"coordinator": True}, ["verify", "mine"]),
        ({"api_client": True}, ["mine"]),
    ],
)
def test_desk_has_the_tabs_of_the_role(browser_of: BrowserOf, role: dict[str, bool], expected: list[str]) -> None:
    browser = browser_of(MembershipFactory(**role))

    assert tabs(lay(browser)) == expected
    assert tabs(lay(browser, "/desk/?tab=nonsense")) == expected


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_desk_is_not_for_those_who_only_look(browser_of: BrowserOf, role: str) -> None:
    answer = browser_of(MembershipFactory(**{role: True})).get("/desk/")

    assert answer.status_code == 403
    assert "Your role has no desk" in answer.content.decode()


def test_desk_counts_what_lies_on_each_pile(browser_of: BrowserOf, handler: Membership) -> None:
    logged_case()
    sign_for_case(logged_case(), by=handler)

    page = lay(browser_of(handler))

    assert 'By due time&nbsp;<span class="count">2</span>' in page
    assert 'To sign for&nbsp;<span class="count">1</span>' in page


def test_desk_shows_the_first_and_says_so(
    browser_of: BrowserOf, handler: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "CAP", 2)
    for _ in range(3):
        logged_case()

    page = lay(browser_of(handler))

    assert page.count('class="work__title"') == 2
    assert "The first 2 are shown." in page
    assert '<span class="count">2+</span>' in page


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("due", "no case to handle"),
        ("unsigned", "Everything is signed for."),
        ("asked", "Nobody waits for an answer of yours."),
        ("charge", "You are in charge of no case."),
    ],
)
def test_desk_says_that_all_is_done(browser_of: BrowserOf, handler: Membership, tab: str, said: str) -> None:
    page = lay(browser_of(handler), f"/desk/?tab={tab}")

    assert "All done" in page
    assert said in page


def test_desk_asks_what_the_party_has_not_answered(browser_of: BrowserOf, handler: Membership) -> None:
    MandateFactory(item="3.1")
    case, answered = logged_case(title="asked"), logged_case(title="answered")
    disclaim_case(answered, by=handler, ground="x")
    reassign_case(logged_case(title="settled"), by=case.logged_by, lead=handler.party, reason="x")

    page = lay(browser_of(handler), "/desk/?tab=asked")

    assert "asked</a>" in page
    assert "answered</a>" not in page
    assert "settled</a>" not in page
    assert 'Is it yours?&nbsp;<span class="count">1</span>' in page


def test_desk_shows_what_is_in_the_own_charge(browser_of: BrowserOf, handler: Membership) -> None:
    mine = logged_case(title="mine")
    logged_case(title="of a colleague")
    put_in_charge(mine, person=handler, by=handler)

    assert piles(lay(browser_of(handler), "/desk/?tab=charge")) == [("Overdue", ["mine"])]


def test_desk_says_what_stands_in_the_way(browser_of: BrowserOf, handler: Membership, coordinator: Membership) -> None:
    held = sign_for_case(logged_case(title="held", by=coordinator), by=handler, at=MONDAY)
    hold_case(held, by=coordinator, until=FRIDAY + timedelta(days=11), reason="x", at=MONDAY)
    logged_case(title="unsigned")
    Case.objects.filter(pk=logged_case(title="fought over").pk).update(responsibility="disputed", listed_at=MONDAY)
    due_at(held, MONDAY)

    page = lay(browser_of(handler))

    assert dict(piles(page))["Later"] == ["held"]
    rows = {row.split("</a>")[0].split(">")[-1]: row for row in page.split('class="work__title"')[1:]}
    assert "on hold until 1 Dec 15:20" in rows["held"]
    assert "Not signed for" in rows["unsigned"]
    assert "Disputed" in rows["fought over"]
    assert "Listed for supervision" in rows["fought over"]


@pytest.mark.parametrize("count", [1, 3])
def test_desk_costs_the_same_for_any_number_of_cases(
    browser_of: BrowserOf, handler: Membership, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        logged_case(at=MONDAY)
    browser = browser_of(handler)

    # session, user, membership · notices on the bar · cases, the three other piles · two for the working calendar
    with django_assert_num_queries(9):
        browser.get("/desk/")


def test_desk_is_for_members(client: Client) -> None:
    assert client.get("/desk/").headers["location"] == "/sign-in/?next=/desk/"
    client.force_login(UserFactory())
    assert client.get("/desk/").status_code == 403


def ticked(browser: Client, *numbers: str) -> Any:
    return browser.post("/desk/sign/", {"case": numbers}, follow=True)


def test_desk_signs_for_all_that_are_ticked(browser_of: BrowserOf, handler: Membership) -> None:
    cases = [logged_case() for _each in range(3)]
    browser = browser_of(handler)
    page = lay(browser, "/desk/?tab=unsigned")
    boxes = [f'name="case" value="{case.number}" form="sign-for"' for case in cases]

    answer = ticked(browser, cases[0].number, cases[1].number)

    assert all(box in page for box in boxes)
    assert answer.redirect_chain == [("/desk/?tab=unsigned", 302)]
    assert "You signed for 2 cases." in answer.content.decode()
    assert [each.stage for each in Case.objects.order_by("pk")] == ["handling", "handling", "dispatched"]


def test_desk_says_what_was_not_to_be_signed_for_any_more(browser_of: BrowserOf, handler: Membership) -> None:
    one, other = logged_case(), sign_for_case(logged_case(), by=handler)

    page = ticked(browser_of(handler), one.number, other.number, "AZ-1", "a\0b").content.decode()

    assert "You signed for 1 case." in page
    assert f"Not to be signed for any more: {other.number}." in page


def test_desk_asks_for_a_tick(browser_of: BrowserOf, handler: Membership) -> None:
    assert "Tick the cases that you want to sign for." in ticked(browser_of(handler)).content.decode()


def test_desk_lets_only_handlers_sign_for_many(browser_of: BrowserOf) -> None:
    assert browser_of(MembershipFactory(coordinator=True)).post("/desk/sign/").status_code == 403


def test_boxes_to_tick_are_where_there_is_something_to_sign_for(browser_of: BrowserOf, handler: Membership) -> None:
    logged_case()

    assert 'form="sign-for"' not in lay(browser_of(handler), "/desk/?tab=due")

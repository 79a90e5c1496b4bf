"""What the demo township holds once it is loaded."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import F, Q
from pytest_django import DjangoDbBlocker

from cases.models import Case, CaseEvent, Dispute, Finding, Notification, Rating
from cases.services.escalate import escalate
from cases.services.sweep_clocks import sweep_clocks
from cases.services.sweep_disputes import sweep_disputes
from cases.services.sweep_unattended import sweep_unattended
from cases.services.sweep_unowned import sweep_unowned
from cases.worktime import ZONE
from settle_gov.demo.load import load_township
from stakeholders.coverage import State
from stakeholders.ledger import MatrixCell, answer_at, matrix
from stakeholders.models import (
    Area,
    Building,
    Estate,
    Grid,
    Household,
    Mandate,
    Membership,
    NeedItem,
    Party,
    Resident,
    Ruling,
    User,
)
from stakeholders.roles import Role

pytestmark = pytest.mark.django_db  # so that there is a database, also where these tests run alone
SUNDAY = datetime(2026, 11, 22, 3, 4, tzinfo=ZONE)
PASSWORD = "long-enough-for-all"

EAST_LAKE, HEYUAN, GRANARY = "donghu-xinju", "heyuan-xincun", "liangzhan-sushe"


@pytest.fixture(scope="module")
def _township(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for all tests of this module, which only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_township(seed=1, now=SUNDAY, password=PASSWORD, weeks=2)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _looking(_township: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a test does to the township is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def cells() -> dict[tuple[str, str], MatrixCell]:
    """The matrix as it stands when the demo is loaded, by codes of estate and item."""
    rows = matrix(Estate.objects.all(), NeedItem.objects.select_related("need_class"), SUNDAY)
    return {(cell.estate.code, cell.item.code): cell for row in rows for cell in row}


def test_town_has_its_places_and_parties() -> None:
    assert Area.objects.filter(code__startswith="379926101").count() == 5  # the town, three communities, a village
    assert Counter(Estate.objects.values_list("kind", "property_party__code")) == {
        ("village_to_residents", "anju"): 1,
        ("resettlement", "anju"): 1,
        ("old", None): 1,
    }
    assert Building.objects.count() == 24
    assert Party.objects.count() == 12
    assert Household.objects.count() == 24 * 6
    assert Resident.objects.count() > Household.objects.count()


def test_two_committees_share_one_community() -> None:
    kinds = set(Mandate.objects.filter(estate__code=EAST_LAKE, role="lead").values_list("party__kind", flat=True))
    assert {Party.Kind.VILLAGE, Party.Kind.COMMITTEE} <= kinds


def test_parties_and_places_have_english_names() -> None:
    for model in (Area, Estate, Party):
        assert not model.objects.filter(name_en="").exists()


def test_three_quarters_of_the_matrix_are_clear() -> None:
    states = Counter(cell.state for cell in cells().values())
    assert states.total() == 3 * 31
    assert 0.75 <= states[State.CLEAR] / states.total() <= 0.80
    assert min(states[state] for state in State) >= 3


@pytest.mark.parametrize(
    ("estate", "item", "state", "is_partial", "is_ruled"),
    [
        (EAST_LAKE, "3.1", State.MULTI_HEAD, False, False),  # property, urban management and committee
        (EAST_LAKE, "8.3", State.MULTI_HEAD, False, False),
        (EAST_LAKE, "1.1", State.MULTI_HEAD, True, False),  # in five buildings the builder still answers, too
        (EAST_LAKE, "2.1", State.VACUUM, True, False),  # the property company disclaims two buildings
        (GRANARY, "2.1", State.VACUUM, False, False),  # outside the red line; handed over next month
        (GRANARY, "2.3", State.VACUUM, False, False),
        (GRANARY, "3.2", State.BACKSTOP, False, False),
        (GRANARY, "3.1", State.CLEAR, False, True),
        (HEYUAN, "3.1", State.CLEAR, False, True),
        (HEYUAN, "1.1", State.CLEAR, False, False),
    ],
)
def test_cell_is_as_honest_as_the_papers(
    estate: str, item: str, state: State, is_partial: bool, is_ruled: bool
) -> None:
    cell = cells()[estate, item]
    assert (cell.state, cell.is_partial, cell.is_ruled) == (state, is_partial, is_ruled)


def test_one_duty_has_run_out_and_one_is_yet_to_come() -> None:
    heyuan, granary = Estate.objects.get(code=HEYUAN), Estate.objects.get(code=GRANARY)
    patrol = NeedItem.objects.select_related("need_class").get(code="4.3")
    roads = NeedItem.objects.select_related("need_class").get(code="2.1")

    assert answer_at(heyuan, None, patrol, SUNDAY - timedelta(days=90)).state == State.CLEAR
    assert answer_at(heyuan, None, patrol, SUNDAY).state == State.VACUUM
    assert answer_at(granary, None, roads, SUNDAY).state == State.VACUUM
    assert answer_at(granary, None, roads, SUNDAY + timedelta(days=30)).state == State.CLEAR


def test_ledger_was_known_before_the_story_began() -> None:
    early = SUNDAY - timedelta(weeks=26)
    [row] = matrix([Estate.objects.get(code=HEYUAN)], NeedItem.objects.select_related("need_class"), early, early)
    assert Counter(cell.state for cell in row)[State.CLEAR] > 25
    assert not Ruling.objects.filter(recorded_at__gt=SUNDAY).exists()


def test_six_accounts_can_sign_in_and_nobody_else() -> None:
    can = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert can == {"grid", "handler", "coordinator", "auditor", "admin", "client"}
    assert User.objects.filter(is_superuser=True).get().username == "admin"
    roles = dict(Membership.objects.filter(user__username__in=can).values_list("user__username", "role"))
    assert roles == {
        "grid": Role.GRID_WORKER,
        "handler": Role.HANDLER,
        "coordinator": Role.COORDINATOR,
        "auditor": Role.AUDITOR,
        "admin": Role.ADMINISTRATOR,
        "client": Role.API_CLIENT,
    }


def test_every_party_has_a_handler_and_every_grid_a_worker() -> None:
    handlers = Membership.objects.filter(role=Role.HANDLER)
    workers = Membership.objects.filter(role=Role.GRID_WORKER)
    assert set(handlers.values_list("party", flat=True)) == set(Party.objects.values_list("pk", flat=True))
    assert set(workers.values_list("grid", flat=True)) == set(Grid.objects.values_list("pk", flat=True))


def test_cases_are_in_every_state_that_needs_somebody() -> None:
    stages = set(Case.objects.values_list("stage", flat=True))
    assert stages >= {"opened", "dispatched", "handling", "resolved", "closed"}
    assert Case.objects.overdue(SUNDAY).count() >= 5
    waiting = Case.objects.unsolved().filter(lead=None)
    assert {"vacuum", "multi_head"} <= set(waiting.values_list("responsibility", flat=True))
    assert Case.objects.unsolved().filter(responsibility="backstop").exists()
    assert Case.objects.filter(returns__gte=2, responsibility="disputed", disputes__settled_at=None).exists()
    assert Case.objects.filter(stage="on_hold", hold_until__gt=SUNDAY).exists()
    assert CaseEvent.objects.filter(kind="escalated", details__action="raise").exists()
    assert Finding.objects.filter(cleared_at=None, kind="overdue").count() == Case.objects.overdue(SUNDAY).count()


def test_nothing_is_left_for_the_periodic_jobs() -> None:
    assert (sweep_clocks(at=SUNDAY), sweep_unowned(at=SUNDAY), escalate(at=SUNDAY)) == (0, 0, 0)
    assert (sweep_disputes(at=SUNDAY), sweep_unattended(at=SUNDAY)) == (0, 0)
    assert not CaseEvent.objects.filter(published_at=None).exists()


def test_nothing_lies_in_the_future() -> None:
    assert not CaseEvent.objects.filter(at__gt=SUNDAY).exists()
    assert not Notification.objects.filter(Q(created_at__gt=SUNDAY) | Q(read_at__gt=SUNDAY)).exists()
    assert not Case.objects.filter(reported_at__gt=F("opened_at")).exists()


def test_histories_are_unbroken() -> None:
    for case in Case.objects.prefetch_related("events"):
        digest = ""
        for seq, event in enumerate(case.events.all(), start=1):
            assert event.seq == seq
            digest = event.digest_after(digest)
            assert event.digest == digest
        assert case.head_digest == digest


def test_recent_news_is_unread_and_old_news_is_read() -> None:
    news = Notification.objects.values_list("created_at", "read_at")
    assert {read_at is None for _, read_at in news} == {True, False}
    assert all((read_at is None) == (SUNDAY - created_at <= timedelta(days=3)) for created_at, read_at in news)


def test_life_of_a_case_is_there_with_all_its_turns() -> None:
    kinds = set(CaseEvent.objects.values_list("kind", flat=True))
    assert kinds >= {
        *("dispute_opened", "ruled", "claimed", "put_in_charge", "left", "rated", "reopened", "asked", "held"),
        *("timer_started", "duplicate", "linked", "verified"),
    }
    assert Dispute.objects.open().exists()
    assert Dispute.objects.exclude(settled_at=None).exists()
    assert Finding.objects.filter(cleared_at=None, kind="unattended").exists()
    assert Case.objects.filter(timer_due_at__gt=SUNDAY).exists()
    assert Rating.objects.count() >= Case.objects.filter(stage="closed").count() / 2

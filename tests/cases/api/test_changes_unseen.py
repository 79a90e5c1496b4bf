"""GET /api/v1/changes/ for who sees little of what changes: it costs little, and goes on."""

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.changes import number_changes
from cases.models import Case, Change
from stakeholders.models import Membership
from tests.api import ApiClient
from tests.cases.api.following import Copy
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import AreaFactory, BuildingFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    """A case that the handler does not see."""
    return logged_case()


@pytest.fixture
def handler() -> Membership:
    """Of a party that never had a case."""
    return MembershipFactory(area=AreaFactory())


def note(case: Case, count: int) -> None:
    """Changes that are committed, and have no number yet."""
    Change.objects.bulk_create(
        Change(kind="case", record=case.pk, key=case.number, at=MONDAY) for _turn in range(count)
    )


def only(case: Case, count: int) -> None:
    """The same with numbers, and no others."""
    Change.objects.all().delete()
    note(case, count)
    while number_changes():
        pass


@pytest.mark.parametrize("count", [3, 3000])
def test_page_costs_the_same_however_much_is_not_seen(
    case: Case, handler: Membership, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = ApiClient(handler)
    client.read("changes/")
    only(case, count)

    with django_assert_num_queries(4):  # the token, the last number, the page, whether there is more
        page = client.read("changes/")

    assert page == {"results": [], "next": str(count), "has_more": False}


@pytest.mark.parametrize("seen", [1, 3])
def test_page_costs_the_same_whatever_lies_between(
    case: Case, handler: Membership, seen: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    party = MandateFactory(item="3.1").party
    mine = [logged_case() for _turn in range(seen)]
    client = ApiClient(MembershipFactory(party=party))
    client.read("changes/")
    Change.objects.all().delete()
    for each in mine:
        note(each, 1)
        note(case, 500)
    number_changes()

    with django_assert_num_queries(8):  # the token, the last number, the page, 4 of cases, whether there is more
        page = client.read("changes/")

    assert [change["id"] for change in page["results"]] == [each.number for each in mine]


def test_request_looks_at_no_more_than_it_may(case: Case, handler: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.changes.LOOK", 5)
    only(case, 12)
    copy = Copy(handler)

    pages = [copy.page() for _turn in range(3)]

    assert pages == [
        {"results": [], "next": "5", "has_more": True},
        {"results": [], "next": "10", "has_more": True},
        {"results": [], "next": "12", "has_more": False},
    ]


def test_what_is_not_seen_never_blocks_the_cursor(
    case: Case, handler: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.changes.LOOK", 5)
    party = MandateFactory(item="3.1").party
    mine = logged_case()
    only(case, 12)
    note(mine, 1)
    note(case, 12)

    assert [change["id"] for change in Copy(MembershipFactory(party=party)).follow()] == [mine.number]


@pytest.mark.parametrize("look", [3, 10_000])
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_pages_leave_nothing_out_and_tell_nothing_twice(
    size: int, look: int, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = BuildingFactory(estate__grid__area=AreaFactory())
    for _turn in range(3):
        logged_case(building=away)
        logged_case()
    reader = MembershipFactory(coordinator=True, area=away.estate.area)
    whole = Copy(reader).follow()
    monkeypatch.setattr("cases.changes.LOOK", look)

    assert Copy(reader, page_size=size).follow() == whole
    assert len(whole) > 6


def test_full_page_ends_with_what_it_tells() -> None:
    logged_case()
    copy = Copy(MembershipFactory(coordinator=True), page_size=1)

    page = copy.page()

    assert page["next"] == page["results"][0]["cursor"] == "1"
    assert page["has_more"] is True


@pytest.mark.parametrize("sees_all", [True, False])
def test_request_numbers_no_more_than_it_may_whoever_reads(
    case: Case, handler: Membership, sees_all: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.changes.BATCH", 4)
    Change.objects.all().delete()
    note(case, 12)
    reader = case.logged_by if sees_all else handler
    copy = Copy(reader)

    page = copy.page()

    assert (page["next"], page["has_more"]) == ("4", True)
    assert Change.objects.exclude(seq=None).count() == 4
    assert Copy(reader).follow() == copy.client.read("changes/", page_size=1000)["results"]
    assert not Change.objects.unnumbered().exists()


def test_page_at_the_end_stays_there(case: Case, handler: Membership) -> None:
    copy = Copy(handler)
    copy.follow()
    end = copy.cursor

    assert copy.page() == {"results": [], "next": end, "has_more": False}


def test_page_behind_the_end_stays_there(case: Case, handler: Membership) -> None:
    far = str(2**63 - 1)

    assert ApiClient(handler).read("changes/", after=far) == {"results": [], "next": far, "has_more": False}

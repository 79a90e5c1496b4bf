"""GET /api/v1/changes/ about what records show of other tables: a copy stays right where only these change."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from cases.models import Case, Custody, Dispute, DisputeLevel, Finding
from cases.services.link_duplicate import link_duplicate
from cases.services.put_in_charge import put_in_charge
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from stakeholders.models import Building, Estate, Household, Membership, NeedClass, NeedItem, Party, User
from tests.cases.api.following import Copy
from tests.cases.cast import Cast
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import HouseholdFactory, MandateFactory, PartyFactory, RulingFactory, UserFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    """A town in which each name that the feed shows stands somewhere."""
    cast = Cast()
    need_class = NeedClass.objects.get(code="3")
    party, building = cast.lead.party, cast.building
    MandateFactory(party=party, building=building, item="3.1")
    MandateFactory(party=party, estate=building.estate, need_class=need_class)
    RulingFactory(lead=party, building=building, need_item=item("3.1"))
    RulingFactory(lead=party, estate=building.estate, need_class=need_class)
    home = HouseholdFactory(building=building)
    main = put_in_charge(
        logged_case(by=cast.coordinator, building=building, household=home), person=cast.lead, by=cast.lead
    )
    link_duplicate(cast.logged(), main_case=main, by=cast.coordinator)
    returned = return_case(cast.logged(), by=cast.lead, ground="合同不含")
    again = reassign_case(
        returned, lead=cast.other.party, by=cast.coordinator, supports=[PartyFactory()], reason="试派"
    )
    return_case(again, by=cast.other, ground="也不是")
    cast.unlocated()
    return cast


def kinds(told: list[dict[str, Any]]) -> set[str]:
    return {change["kind"] for change in told}


def kept_right(copy: Copy, change: Callable[[], Any]) -> set[str]:
    """The kinds of which a copy is told when something changes by which it is wrong; and that it is right then."""
    copy.follow()
    before = dict(copy.records)
    change()
    fresh = Copy(copy.membership)
    fresh.follow()
    assert fresh.records != before

    told = copy.follow()

    assert copy.records == fresh.records
    return kinds(told)


@pytest.mark.parametrize(
    ("model", "column", "concerned"),
    [
        (User, "username", {"case"}),
        (Party, "code", {"case", "custody", "mandate", "ruling"}),
        (Estate, "code", {"case", "mandate", "ruling"}),
        (Building, "code", {"case", "mandate", "ruling"}),
        (Household, "code", {"case"}),
        (NeedClass, "code", {"mandate", "ruling"}),
        (NeedItem, "code", {"case", "mandate", "ruling"}),
        (DisputeLevel, "name_en", {"case"}),
        (Case, "number", {"case", "custody", "finding"}),
    ],
)
def test_record_is_told_again_when_something_has_another_name(
    cast: Cast, model: Any, column: str, concerned: set[str]
) -> None:
    changed = partial(model.objects.update, **{column: Concat(column, Value("9"))})

    assert kept_right(Copy(cast.coordinator), changed) == concerned


def test_only_records_that_show_a_name_are_told_again(cast: Cast) -> None:
    copy = Copy(cast.coordinator)
    copy.follow()

    User.objects.filter(pk=cast.lead.user_id).update(username="another")

    assert [change["object"]["in_charge"] for change in copy.follow()] == ["another"]


def test_case_is_told_again_when_somebody_else_acts_as_who_is_in_charge(cast: Cast) -> None:
    changed = partial(Membership.objects.filter(pk=cast.lead.pk).update, user=UserFactory())

    assert kept_right(Copy(cast.coordinator), changed) == {"case"}


def test_case_is_told_again_when_its_duplicates_main_case_has_another_number(cast: Cast) -> None:
    copy, [duplicate] = Copy(cast.coordinator), Case.objects.filter(main_case__isnull=False)
    main = duplicate.main_case

    kept_right(copy, partial(Case.objects.filter(pk=main.pk).update, number="AZ-0"))

    assert ("case", main.number) not in copy.records
    assert copy.records["case", "AZ-0"]["number"] == copy.records["case", duplicate.number]["main_case"] == "AZ-0"


def test_case_is_told_again_in_the_language_of_its_reader(cast: Cast) -> None:
    copy = Copy(cast.coordinator)
    copy.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    copy.follow()

    DisputeLevel.objects.update(name="联席会议")

    assert [change["object"]["dispute"]["level"] for change in copy.follow()] == ["联席会议"]


OPEN, HELPING = Finding.objects.open, Custody.objects.helping


@pytest.mark.parametrize(
    "change",
    [
        lambda: Dispute.objects.update(level_due_at=F("level_due_at") + HOUR),
        lambda: Dispute.objects.update(level_due_at=None),
        lambda: Dispute.objects.update(opened_at=F("opened_at") - HOUR),
        lambda: Dispute.objects.update(level=DisputeLevel.objects.last()),
        lambda: Dispute.objects.update(level=None),
        lambda: Dispute.objects.update(settled_at=timezone.now() + HOUR),
        lambda: Dispute.objects.all().delete(),
        lambda: Dispute.objects.create(case=Case.objects.first(), opened_at=timezone.now(), level_since=timezone.now()),
    ],
)
def test_case_is_told_again_when_its_dispute_changes(cast: Cast, change: Callable[[], Any]) -> None:
    assert kept_right(Copy(cast.coordinator), change) == {"case"}


@pytest.mark.parametrize(
    "change",
    [
        lambda: OPEN().update(since=F("since") - HOUR),
        lambda: OPEN().update(opened_at=F("opened_at") - HOUR),
        lambda: OPEN().filter(kind="unlocated").update(kind="stalled"),
        lambda: OPEN().update(cleared_at=F("opened_at")),
        lambda: Finding.objects.create(
            case=Case.objects.first(), kind="stalled", since=timezone.now(), opened_at=timezone.now()
        ),
    ],
)
def test_case_is_told_again_when_a_fault_of_it_changes(cast: Cast, change: Callable[[], Any]) -> None:
    assert kept_right(Copy(cast.coordinator), change) == {"case", "finding"}


@pytest.mark.parametrize(
    "change",
    [
        lambda: HELPING().update(until=F("since"), ending="reassigned"),
        lambda: HELPING().update(role="candidate"),
        lambda: HELPING().update(party=PartyFactory()),
        lambda: Custody.objects.create(
            case=Case.objects.first(), party=PartyFactory(), role="support", since=timezone.now()
        ),
    ],
)
def test_case_is_told_again_when_who_helps_changes(cast: Cast, change: Callable[[], Any]) -> None:
    assert kept_right(Copy(cast.coordinator), change) >= {"case", "custody"}


def test_case_is_told_again_when_a_helper_is_deleted(cast: Cast) -> None:
    with connection.cursor() as cursor:
        change = partial(cursor.execute, "DELETE FROM cases_custody WHERE role = 'support'")

        assert kept_right(Copy(cast.coordinator), change) >= {"case", "custody"}


@pytest.mark.parametrize(
    ("change", "concerned"),
    [
        (lambda: User.objects.update(last_login=timezone.now(), name="李四"), set()),
        (lambda: User.objects.update(username=F("username")), set()),
        (lambda: Party.objects.update(name="别名", name_en=""), set()),
        (lambda: Estate.objects.update(name="别名"), set()),
        (lambda: Building.objects.update(name="别名"), set()),
        (lambda: NeedItem.objects.update(name="别名", position=F("position")), set()),
        (lambda: DisputeLevel.objects.update(amount=9), set()),
        (lambda: Membership.objects.filter(role="handler").update(until=timezone.now()), set()),
        (lambda: Dispute.objects.update(level_since=F("level_since") - HOUR), set()),
        (lambda: OPEN().update(evidence={"a": 1}), {"finding"}),
        (lambda: Finding.objects.exclude(cleared_at=None).update(since=F("since") - HOUR), {"finding"}),
        (lambda: Custody.objects.exclude(role="support").update(since=F("since") - HOUR), {"custody"}),
    ],
)
def test_case_is_not_told_again_where_it_shows_nothing_else(
    cast: Cast, change: Callable[[], Any], concerned: set[str]
) -> None:
    Finding.objects.create(
        case=Case.objects.first(), kind="due_soon", since=MONDAY, opened_at=MONDAY, cleared_at=timezone.now()
    )
    copy = Copy(cast.coordinator)
    copy.follow()

    assert change()

    assert kinds(copy.follow()) == concerned

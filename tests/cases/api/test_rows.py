"""The change feed reads columns, the lists make objects: of every record both say the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cases.api.cases import for_api
from cases.api.changes import OF_CASES, OF_DUTIES, ChangedCaseSerializer
from cases.models import Case, Change
from cases.services.close_case import close_case
from cases.services.link_duplicate import link_duplicate
from cases.services.put_in_charge import put_in_charge
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from tests.api import ApiClient
from tests.cases.cast import Cast
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    HouseholdFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db


def helped(cast: Cast) -> Case:
    helpers = [PartyFactory(), PartyFactory()]
    return reassign_case(cast.logged(), lead=cast.other.party, supports=helpers, by=cast.coordinator, reason="有人协办")


def no_longer_helped(cast: Cast) -> Case:
    done = resolve_case(sign_for_case(helped(cast), by=cast.other), by=cast.other, reason="已清运")
    return close_case(done, by=cast.coordinator, reason="现场核查")


def in_somebodys_charge(cast: Cast) -> Case:
    return put_in_charge(cast.handling(), person=cast.lead, by=cast.lead)


def disputed(cast: Cast) -> Case:
    once = return_case(cast.logged(), by=cast.lead, ground="合同不含")
    again = reassign_case(once, lead=cast.other.party, by=cast.coordinator, reason="试派")
    return return_case(again, by=cast.other, ground="也不是")


def duplicate(cast: Cast) -> Case:
    return link_duplicate(cast.logged(), main_case=cast.logged(), by=cast.coordinator)


def at_home(cast: Cast) -> Case:
    home = HouseholdFactory(building=cast.building)
    return logged_case(by=cast.coordinator, building=cast.building, household=home, external_id="7", urgency="E")


def faulty(cast: Cast) -> Case:
    case = sign_for_case(logged_case(by=cast.coordinator, building=cast.building), by=cast.lead, at=MONDAY)
    sweep_clocks(at=MONDAY + timedelta(days=60))
    return case


KINDS_OF_LIFE: list[Callable[[Cast], Case]] = [
    *(helped, no_longer_helped, in_somebodys_charge, disputed, duplicate, at_home, faulty),
    *(Cast.asked, Cast.unlocated, Cast.resolved, Cast.closed, Cast.on_hold, Cast.asks_for_time),
]


@pytest.mark.parametrize("life", KINDS_OF_LIFE, ids=lambda life: life.__name__)
def test_row_of_a_case_says_what_its_serializer_says(life: Callable[[Cast], Case]) -> None:
    cast = Cast()
    life(cast)
    visible, rows = OF_CASES[Change.Kind.CASE]

    told = dict(rows.of(visible(cast.coordinator)))

    made = {case.pk: dict(ChangedCaseSerializer(case).data) for case in for_api(Case.objects.all())}
    assert told == made
    assert [list(row) for row in told.values()] == [list(made[pk]) for pk in told]


@pytest.mark.parametrize("kind", [Change.Kind.CUSTODY, Change.Kind.FINDING, Change.Kind.MANDATE, Change.Kind.RULING])
def test_row_of_what_lies_beside_says_what_its_serializer_says(kind: str) -> None:
    cast = Cast()
    helped(cast), faulty(cast), cast.unlocated(), MandateFactory(estate=BuildingFactory().estate, item="3.1")
    RulingFactory(), MembershipFactory()
    visible, rows = (OF_CASES | OF_DUTIES)[kind]
    records = visible(cast.coordinator)

    told = dict(rows.of(records))

    assert told == {record.pk: dict(rows.serializer(record).data) for record in records}
    assert told


@pytest.mark.parametrize(("life", "count"), [(helped, 2), (no_longer_helped, 0)])
def test_only_who_helps_now_is_named(life: Callable[[Cast], Case], count: int) -> None:
    cast = Cast()
    case = life(cast)

    assert len(ApiClient(cast.coordinator).read(f"cases/{case.number}/")["supports"]) == count

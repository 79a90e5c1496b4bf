"""What a party does against what the ledger says of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.models import Case
from cases.practice import Practice, Stint, practice_of
from cases.services.close_case import close_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.void_case import void_case
from stakeholders.models import Mandate
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOW = MONDAY + timedelta(days=30)


@pytest.fixture
def anju():
    return PartyFactory(name_en="Anju")


@pytest.fixture
def handler(anju):
    return MembershipFactory(party=anju)


@pytest.fixture
def coordinator():
    return MembershipFactory(coordinator=True)


@pytest.fixture
def building():
    return BuildingFactory()


@pytest.fixture
def came(building, coordinator):
    """Log a case, and hand it to a party that the ledger does not name."""

    def log(to=None, at=MONDAY, **given):
        case = logged_case(**{"building": building, "by": coordinator, "at": at} | given)
        return case if to is None else reassign_case(case, lead=to, reason="try", by=coordinator, at=at)

    return log


@pytest.fixture
def practice(anju, coordinator):
    """The practice of Anju by item, as the coordinator of the town sees it."""

    def ask(by=None, since=MONDAY, until=NOW):
        found = practice_of(anju, by=by or coordinator, since=since, until=until, at=NOW)
        return {each.item.code: each for each in found}

    return ask


def counts(each) -> tuple[int, ...]:
    return each.came, each.signed, each.returned, each.left, each.resolved


def test_practice_counts_what_became_of_the_cases(anju, handler, coordinator, came, practice):
    MandateFactory(party=anju)
    other = PartyFactory()
    signed, done, _lying, given = came(), came(), came(), came()
    back = came()
    for case in (signed, done):
        sign_for_case(case, by=handler, at=MONDAY + HOUR)
    resolve_case(done, reason="done", by=handler, at=MONDAY + 2 * HOUR)
    reassign_case(given, lead=other, reason="too slow", by=coordinator, at=MONDAY + HOUR)
    return_case(back, ground="not ours", by=handler, at=MONDAY + HOUR)

    found = practice()["3.1"]

    assert counts(found) == (5, 2, 1, 2, 1)
    assert (found.open, found.came_as_lead, found.refused, found.unmandated) == (3, 5, 3, 0)


@pytest.mark.parametrize(("returned", "taken", "is_often"), [(1, 0, False), (2, 0, True), (2, 6, True), (2, 7, False)])
def test_practice_tells_what_is_often_refused_from_single_slips(anju, returned, taken, is_often):
    slip = Stint(leads=True, has_duty=True, is_signed=False, is_returned=True, is_left=False, is_resolved=False)
    stints = [slip] * returned + [replace(slip, is_returned=False, is_signed=True)] * taken

    assert Practice(item("3.1"), led=1, places=1, open=0, stints=stints).is_often_refused == is_often


def test_practice_waits_for_the_deadline_to_sign(anju, coordinator, came):
    MandateFactory(party=anju)
    case = came()

    found = [
        sum(each.left for each in practice_of(anju, by=coordinator, since=MONDAY, until=NOW, at=at))
        for at in (case.sign_due_at, case.sign_due_at + HOUR)
    ]

    assert found == [0, 1]


def test_practice_counts_a_signature_for_the_party_that_signed(anju, coordinator, handler, came, practice):
    MandateFactory(party=anju)
    case = came()
    other = MembershipFactory()
    reassign_case(case, lead=other.party, reason="try", by=coordinator, at=MONDAY + HOUR)
    sign_for_case(case, by=other, at=MONDAY + 2 * HOUR)

    assert counts(practice()["3.1"]) == (1, 0, 0, 1, 0)


def test_practice_counts_no_signature_of_an_earlier_time(anju, handler, coordinator, came, practice):
    MandateFactory(party=anju)
    case = came()
    sign_for_case(case, by=handler, at=MONDAY + HOUR)
    return_case(case, ground="not ours", by=handler, at=MONDAY + 2 * HOUR)
    reassign_case(case, lead=anju, reason="yours", by=coordinator, at=MONDAY + 3 * HOUR)

    assert counts(practice()["3.1"]) == (2, 1, 1, 1, 0)


def test_practice_takes_what_was_answered_elsewhere_for_signed(anju, came, practice):
    MandateFactory(party=anju)
    Case.objects.filter(pk=came().pk).update(stage=Case.Stage.RESOLVED, resolved_at=MONDAY + HOUR)

    assert counts(practice()["3.1"]) == (1, 1, 0, 0, 1)


def test_practice_counts_only_cases_that_came_to_be_led(anju, came, practice):
    MandateFactory(party=anju, role=Mandate.Role.SUPPORT)
    MandateFactory()
    came()

    assert practice() == {}


def test_practice_counts_every_time_that_a_case_came(anju, handler, coordinator, came, practice):
    MandateFactory(party=anju)
    case = came()
    return_case(case, ground="not ours", by=handler, at=MONDAY + HOUR)
    reassign_case(case, lead=anju, reason="yours", by=coordinator, at=MONDAY + 2 * HOUR)
    sign_for_case(case, by=handler, at=MONDAY + 3 * HOUR)
    resolve_case(case, reason="done", by=handler, at=MONDAY + 4 * HOUR)
    close_case(case, reason="checked", by=coordinator, at=MONDAY + 5 * HOUR)

    assert counts(practice()["3.1"]) == (2, 1, 1, 0, 1)


def test_practice_tells_work_without_a_mandate(anju, handler, came, practice):
    MandateFactory(party=PartyFactory(), item="3.1")
    case = came(to=anju)
    came(to=anju)
    sign_for_case(case, by=handler, at=MONDAY + HOUR)
    resolve_case(case, reason="done", by=handler, at=MONDAY + 2 * HOUR)
    MandateFactory(party=anju, valid_from=MONDAY + HOUR)

    found = practice()["3.1"]

    assert (found.came, found.came_as_lead, found.resolved, found.unmandated) == (2, 0, 1, 1)


@pytest.mark.parametrize(
    ("role", "unmandated"),
    [(role, int(role == Mandate.Role.DISCLAIM)) for role in Mandate.Role],
)
def test_practice_takes_any_duty_but_a_disclaimer_for_a_mandate(anju, handler, came, practice, role, unmandated):
    MandateFactory(party=anju, role=role)
    case = came(to=None if role in (Mandate.Role.LEAD, Mandate.Role.BACKSTOP) else anju)
    sign_for_case(case, by=handler, at=MONDAY + HOUR)
    resolve_case(case, reason="done", by=handler, at=MONDAY + 2 * HOUR)

    assert practice()["3.1"].unmandated == unmandated


def test_practice_does_not_blame_for_what_is_disclaimed_there(anju, handler, building, came, practice):
    MandateFactory(party=anju, estate=building.estate)
    MandateFactory(party=anju, building=building, role=Mandate.Role.DISCLAIM)
    return_case(came(to=anju), ground="not ours", by=handler, at=MONDAY + HOUR)
    return_case(came(building=None, estate=building.estate), ground="no", by=handler, at=MONDAY + HOUR)

    found = practice()["3.1"]

    assert (found.returned, found.came_as_lead, found.refused) == (2, 1, 1)


def test_practice_reads_the_ledger_of_the_day_on_which_a_case_came(anju, handler, came, practice):
    MandateFactory(party=anju, valid_until=MONDAY + HOUR)
    return_case(came(), ground="not ours", by=handler, at=MONDAY + 2 * HOUR)
    return_case(came(to=anju, at=MONDAY + 3 * HOUR), ground="not ours", by=handler, at=MONDAY + 4 * HOUR)

    found = practice()["3.1"]

    assert (found.led, found.came, found.came_as_lead, found.refused) == (0, 2, 1, 1)


def test_practice_obeys_rulings(anju, handler, building, came, practice):
    MandateFactory(party=anju)
    RulingFactory(estate=building.estate)
    RulingFactory(estate=building.estate, lead=anju, decided_at=NOW, recorded_at=MONDAY, withdrawn_at=NOW)
    return_case(came(to=anju), ground="ruled otherwise", by=handler, at=MONDAY + HOUR)
    elsewhere = BuildingFactory()
    RulingFactory(lead=anju, building=elsewhere)

    found = practice()["3.1"]

    assert (found.refused, found.led, found.places) == (0, 2, 4)


def test_practice_takes_a_ruling_for_a_duty(anju, handler, came, practice):
    RulingFactory(lead=anju)
    case = came()
    sign_for_case(case, by=handler, at=MONDAY + HOUR)
    resolve_case(case, reason="done", by=handler, at=MONDAY + 2 * HOUR)

    found = practice()["3.1"]

    assert (found.came_as_lead, found.resolved, found.unmandated) == (1, 1, 0)


def test_practice_leaves_out_withdrawn_records_and_void_cases(anju, handler, coordinator, came, practice):
    MandateFactory(party=anju, withdrawn_at=NOW)
    void_case(came(to=anju), reason="nothing", by=coordinator, at=MONDAY + HOUR)

    assert practice() == {}


def test_practice_looks_at_the_period_only(anju, came, practice):
    MandateFactory(party=anju, item="3.1")
    came()

    assert practice(since=MONDAY + HOUR)["3.1"].came == 0
    assert practice(until=MONDAY)["3.1"].came == 0
    assert practice(since=MONDAY)["3.1"].came == 1


def test_practice_shows_only_what_the_reader_sees(anju, came, practice):
    elsewhere = GridFactory(area=AreaFactory())
    EstateFactory(grid=elsewhere)
    MandateFactory(party=anju, item="3.1")
    came()

    found = practice(by=MembershipFactory(auditor=True, area=elsewhere.area))["3.1"]

    assert (found.came, found.open, found.led, found.places) == (0, 0, 1, 1)


def test_practice_says_where_a_party_leads_beside_others(anju, building, practice):
    MandateFactory(party=anju, estate=building.estate, item="4.1")
    MandateFactory(item="4.1")
    EstateFactory()

    found = practice()["4.1"]

    assert (found.led, found.places, found.came) == (2, 3, 0)


@pytest.mark.parametrize("codes", [["3.1"], ["3.1", "3.2", "4.1"]])
def test_practice_costs_the_same_for_any_number_of_items(anju, coordinator, came, codes, django_assert_num_queries):
    MandateFactory(party=anju)
    RulingFactory(lead=anju)
    for code in codes:
        came(need_item=item(code))

    with django_assert_num_queries(7):
        practice_of(anju, by=coordinator, since=MONDAY, until=NOW)

"""Who hears about what: everybody whom it concerns, once, and never of the own deed."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import CaseEvent, Custody, Notification
from cases.notifications import (
    tell_as_the_ladder_says,
    tell_person_in_charge,
    tell_who_is_above,
    tell_who_logged_a_duplicate,
)
from cases.services.close_case import close_case
from cases.services.correct_case import correct_case
from cases.services.decide_extension import decide_extension
from cases.services.decide_hold import decide_hold
from cases.services.extend_case import extend_case
from cases.services.hold_case import hold_case
from cases.services.link_duplicate import link_duplicate
from cases.services.publish_events import publish_events
from cases.services.put_in_charge import put_in_charge
from cases.services.reassign_case import reassign_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.resume_case import resume_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_disputes import sweep_disputes
from cases.services.sweep_unattended import sweep_unattended
from cases.timeline import Names, tell_to
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
Kind = CaseEvent.Kind


@pytest.fixture
def lead() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1", party__name_en="Anju").party)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def other() -> Membership:
    return MembershipFactory(party__name_en="Works")


def hear(kind: CaseEvent.Kind) -> set[int]:
    """Publish everything, and return who heard of events of this kind."""
    publish_events(list(CaseEvent.objects.filter(published_at__isnull=True).values_list("pk", flat=True)))
    return set(Notification.objects.filter(event__kind=kind).values_list("recipient", flat=True))


def forget() -> None:
    """Publish what has happened so far, and forget who heard of it."""
    hear(Kind.REPORTED)
    Notification.objects.all().delete()


def test_each_of_several_parties_is_asked(lead: Membership, other: Membership, coordinator: Membership) -> None:
    MandateFactory(party=other.party, item="3.1")
    MembershipFactory()
    case = logged_case(by=coordinator)

    assert hear(Kind.FOUND) == {lead.pk, other.pk}
    found = case.events.get(kind=Kind.FOUND)
    names = Names.in_events([found])
    question = (
        "Is it yours? The duty list names <b>Anju</b>, <b>Works</b> for this matter here: say “ours” or “not ours”."
    )
    assert tell_to(found, names, lead.party) == question
    assert tell_to(found, names, coordinator.party) == "The duty list names <b>2 parties</b> for this matter here."


def test_who_lost_a_case_hears_of_it(lead: Membership, other: Membership, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    reassign_case(case, by=coordinator, lead=other.party, reason="x")

    assert hear(Kind.REASSIGNED) == {lead.pk, other.pk}
    rule_on_case(case, by=coordinator, lead=lead.party, reason="x")
    assert hear(Kind.RULED) == {lead.pk, other.pk}


def test_those_in_a_dispute_hear_of_it_and_who_is_above_when_it_is_raised(
    lead: Membership, other: Membership, coordinator: Membership
) -> None:
    above = MembershipFactory()
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="x", at=MONDAY)
    reassign_case(case, by=coordinator, lead=other.party, reason="x", at=MONDAY)
    Custody.objects.create(case=case, party=above.party, role=Custody.Role.SUPERVISE, since=MONDAY)
    return_case(case, by=other, ground="y", at=MONDAY)
    sweep_disputes(at=MONDAY + timedelta(days=5))

    assert hear(Kind.DISPUTE_OPENED) == {lead.pk, other.pk}
    assert hear(Kind.DISPUTE_RAISED) == {coordinator.pk, above.pk}


def test_coordinators_hear_what_is_asked_for_and_the_party_what_is_decided(
    lead: Membership, coordinator: Membership
) -> None:
    colleague = MembershipFactory(party=lead.party)
    case = logged_case(by=coordinator)
    sign_for_case(case, by=lead, at=MONDAY)
    until = MONDAY + timedelta(days=3)
    extend_case(case, by=lead, until=until, reason="x", at=MONDAY)
    assert hear(Kind.ASKED) == {coordinator.pk}

    decide_extension(case, by=coordinator, grant=True, reason="y", at=MONDAY)
    assert hear(Kind.EXTENDED) == {lead.pk, colleague.pk}
    hold_case(case, by=lead, until=until, reason="x", at=MONDAY)
    decide_hold(case, by=coordinator, grant=False, reason="y", at=MONDAY)
    assert hear(Kind.REFUSED) == {lead.pk, colleague.pk}
    hold_case(case, by=coordinator, until=until, reason="x", at=MONDAY)
    assert hear(Kind.HELD) == {lead.pk, colleague.pk}
    resume_case(case, by=lead, at=MONDAY)
    assert hear(Kind.RESUMED) == {colleague.pk}


def test_the_lead_hears_what_was_corrected(lead: Membership, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)

    correct_case(case, urgency="U", by=coordinator, at=MONDAY)

    assert hear(Kind.CORRECTED) == {lead.pk}


def test_who_logged_it_hears_of_every_end_and_beginning(lead: Membership, coordinator: Membership) -> None:
    building = BuildingFactory()
    worker = MembershipFactory(grid_worker=True, grid=building.grid)
    case = logged_case(by=worker, building=building)
    sign_for_case(case, by=lead, at=MONDAY)
    resolve_case(case, by=lead, reason="x", at=MONDAY)
    rework_case(case, by=coordinator, reason="x", at=MONDAY)
    assert hear(Kind.REWORKED) == {lead.pk}
    resolve_case(case, by=lead, reason="x", at=MONDAY)
    close_case(case, by=coordinator, reason="x", at=MONDAY)
    forget()

    reopen_case(case, by=coordinator, reason="x", at=MONDAY)

    assert hear(Kind.REOPENED) == {worker.pk}
    assert hear(Kind.ASSIGNED) == {lead.pk}


def test_who_logged_a_duplicate_hears_the_outcome_of_the_main_case(lead: Membership, coordinator: Membership) -> None:
    building = BuildingFactory()
    worker = MembershipFactory(grid_worker=True, grid=building.grid)
    main, double = logged_case(by=coordinator), logged_case(by=worker, building=building)
    link_duplicate(double, main_case=main, by=coordinator, at=MONDAY)
    assert hear(Kind.LINKED) == {worker.pk, lead.pk}
    sign_for_case(main, by=lead, at=MONDAY)
    resolve_case(main, by=lead, reason="x", at=MONDAY)
    assert hear(Kind.RESOLVED) == {coordinator.pk, worker.pk}
    close_case(main, by=coordinator, reason="x", at=MONDAY)

    assert hear(Kind.CLOSED) == {worker.pk}


def test_person_in_charge_hears_of_it_and_the_colleagues_when_they_left(
    lead: Membership, coordinator: Membership
) -> None:
    colleague = MembershipFactory(party=lead.party)
    case = logged_case(by=coordinator)
    put_in_charge(case, person=colleague, by=lead)
    assert hear(Kind.PUT_IN_CHARGE) == {colleague.pk}

    colleague.user.is_active = False
    colleague.user.save()
    sweep_unattended()
    assert hear(Kind.LEFT) == {lead.pk}


def test_who_is_not_in_charge_any_more_is_not_told_so(lead: Membership) -> None:
    case = logged_case()
    case.in_charge = lead
    event = CaseEvent(case=case, kind=Kind.PUT_IN_CHARGE, details={"person": "somebody else"})

    tell_person_in_charge([event])

    assert not Notification.objects.exists()


def test_handing_over_is_told_to_the_new_party_and_the_one_before(lead: Membership, other: Membership) -> None:
    case = logged_case()
    forget()
    details = {"action": "hand_over", "trigger": "stalled", "party": other.party.code, "previous": lead.party.code}
    event = CaseEvent.objects.create(case=case, seq=99, kind=Kind.ESCALATED, at=MONDAY, details=details)

    tell_as_the_ladder_says([event])

    assert set(Notification.objects.values_list("recipient", flat=True)) == {lead.pk, other.pk}


@pytest.mark.parametrize("count", [1, 3])
def test_telling_costs_the_same_for_any_number_of_events(
    coordinator: Membership, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    above, building = MembershipFactory(), BuildingFactory()
    events = []
    for _ in range(count):
        case = logged_case(by=coordinator, building=building)
        Custody.objects.create(case=case, party=above.party, role=Custody.Role.SUPERVISE, since=MONDAY)
        events.append(CaseEvent.objects.create(case=case, seq=99, kind=Kind.DISPUTE_RAISED, at=MONDAY))

    # who supervises · the handlers of that party · the coordinators of that area · what is written
    with django_assert_num_queries(5):
        tell_who_is_above(events)
    # the duplicates; there are none
    with django_assert_num_queries(1):
        tell_who_logged_a_duplicate(events)


def test_a_party_without_handlers_is_heard_of_by_nobody_else(coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    reassign_case(case, by=coordinator, lead=PartyFactory(), reason="x")

    assert hear(Kind.REASSIGNED) == set()

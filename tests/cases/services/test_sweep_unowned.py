"""Flagging what nobody has any more."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from cases import custody
from cases.models import Case, Finding, Notification
from cases.services.claim_case import claim_case
from cases.services.publish_events import publish_events
from cases.services.reassign_case import reassign_case
from cases.services.return_case import return_case
from cases.services.sweep_unowned import sweep_unowned
from stakeholders.models import Episode, Mandate, Membership
from stakeholders.services.end_mandate import end_mandate
from stakeholders.services.refresh_episodes import refresh_episodes
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory, PartyFactory, RulingFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=1)


def test_sweep_unowned_leaves_a_held_case_alone() -> None:
    MandateFactory(item="3.1")
    logged_case()
    logged_case(need_item=None)

    assert sweep_unowned(at=LATER) == 0


def test_sweep_unowned_finds_the_vacuum_that_a_closed_party_leaves() -> None:
    party = MandateFactory(item="3.1").party
    case = logged_case()
    party.closed_at = LATER
    party.save()

    assert sweep_unowned(at=LATER) == 1
    assert sweep_unowned(at=LATER) == 0

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.stage) == (None, "vacuum", "opened")
    assert case.findings.open().get().kind == Finding.Kind.VACUUM
    assert case.custodies.get().ending == "party_closed"


def test_sweep_unowned_gives_the_case_to_who_answers_by_now() -> None:
    party = MandateFactory(item="3.1").party
    case = logged_case()
    party.closed_at = LATER
    party.save()
    heir = MandateFactory(item="3.1").party

    sweep_unowned(at=LATER)

    case.refresh_from_db()
    assert (case.lead, case.responsibility) == (heir, "held")


def test_sweep_unowned_leaves_two_backstops_to_the_coordinator() -> None:
    MandateFactory(role=Mandate.Role.BACKSTOP)
    MandateFactory(role=Mandate.Role.BACKSTOP)
    case = logged_case()
    assert (case.responsibility, case.lead) == ("backstop", None)

    assert sweep_unowned(at=LATER) == 0
    assert case.findings.open().count() == 1


@pytest.mark.parametrize(("role", "state"), [("backstop", "backstop"), ("lead", "held")])
def test_sweep_unowned_settles_what_a_closed_backstop_left(role: str, state: str) -> None:
    party = MandateFactory(role=Mandate.Role.BACKSTOP).party
    case = logged_case()
    party.closed_at = LATER
    party.save()
    heir = MandateFactory(role=role).party

    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert (case.lead, case.responsibility) == (heir, state)
    assert [finding.kind for finding in case.findings.open()] == (["backstop"] if role == "backstop" else [])


def test_sweep_unowned_finds_an_unlocated_case_whose_party_was_closed() -> None:
    case, party = logged_case(need_item=None), PartyFactory()
    reassign_case(case, lead=party, reason="首接负责", by=MembershipFactory(coordinator=True), at=MONDAY)
    party.closed_at = LATER
    party.save()

    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.stage) == (None, "unlocated", "opened")
    assert case.findings.open().get().kind == "unlocated"


def test_sweep_unowned_goes_on_after_a_case_that_cannot_be_routed(monkeypatch: pytest.MonkeyPatch) -> None:
    party = MandateFactory(item="3.1").party
    first, second = logged_case(), logged_case()
    party.closed_at = LATER
    party.save()
    release = custody.release

    def fail_on_the_first(case: Case, **how: object) -> None:
        if case.pk == first.pk:
            raise IntegrityError
        release(case, **how)

    monkeypatch.setattr(custody, "release", fail_on_the_first)

    assert sweep_unowned(at=LATER) == 1
    second.refresh_from_db()
    assert second.responsibility == "vacuum"


def test_sweep_unowned_gives_what_waits_to_who_leads_by_now() -> None:
    vacant, headed = BuildingFactory(), BuildingFactory()
    heads = MandateFactory.create_batch(2, estate=headed.estate)
    nobodys, everybodys, other = logged_case(building=vacant), logged_case(building=headed), logged_case()
    lead = MandateFactory(estate=vacant.estate).party
    withdraw_mandate(heads[0], by=MembershipFactory(coordinator=True))
    refresh_episodes()

    assert sweep_unowned(at=LATER) == 2
    assert sweep_unowned(at=LATER) == 0

    for case, party in ((nobodys, lead), (everybodys, heads[1].party)):
        case.refresh_from_db()
        assert (case.lead, case.responsibility, case.stage) == (party, "held", "dispatched")
        assert not case.findings.open().exists()
    other.refresh_from_db()
    assert (other.lead, other.responsibility) == (None, "vacuum")


def test_sweep_unowned_follows_a_ruling_that_has_begun() -> None:
    building = BuildingFactory()
    case = logged_case(building=building)
    ruling = RulingFactory(estate=building.estate, valid_from=LATER)
    refresh_episodes()

    assert sweep_unowned(at=LATER - timedelta(seconds=1)) == 0
    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert case.lead == ruling.lead
    assert case.events.get(kind="assigned").details["ruling"] == ruling.pk


def test_sweep_unowned_says_which_gap_it_is_by_now() -> None:
    building = BuildingFactory()
    case = logged_case(building=building)
    MandateFactory.create_batch(2, estate=building.estate)
    refresh_episodes()

    assert sweep_unowned(at=LATER) == 1
    assert sweep_unowned(at=LATER) == 0

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.stage) == (None, "multi_head", "opened")
    [cleared, found] = [(each.kind, each.cleared_at) for each in case.findings.order_by("pk")]
    assert (cleared, found) == (("vacuum", LATER), ("multi_head", None))


def test_sweep_unowned_moves_on_what_a_backstop_had_meanwhile() -> None:
    building = BuildingFactory()
    behind = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP).party
    case = logged_case(building=building)
    lead = MandateFactory(estate=building.estate).party
    refresh_episodes()

    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.handoffs) == (lead, "held", 1)
    assert case.custodies.get(party=behind).ending == "reassigned"


def test_sweep_unowned_leaves_what_it_has_to_a_backstop_that_is_to_lead() -> None:
    building = BuildingFactory()
    behind = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP).party
    case = logged_case(building=building)
    MandateFactory(estate=building.estate, party=behind)
    refresh_episodes()

    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.handoffs) == (behind, "held", 0)
    assert case.custodies.get().until is None
    assert not case.findings.open().exists()
    assert case.events.filter(kind="assigned").count() == 1


def test_sweep_unowned_takes_a_case_from_a_backstop_whose_duty_has_ended() -> None:
    building, handler = BuildingFactory(), MembershipFactory()
    duty = MandateFactory(estate=building.estate, party=handler.party, role=Mandate.Role.BACKSTOP)
    case = logged_case(building=building)
    withdraw_mandate(duty, by=MembershipFactory(coordinator=True))
    refresh_episodes()

    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.stage, case.sign_due_at) == (None, "vacuum", "opened", None)
    assert case.custodies.get().ending == "duty_ended"
    found = case.events.filter(kind="found").latest("seq")
    assert found.details == {"finding": "vacuum", "parties": [], "mandates": [], "previous": handler.party.code}
    publish_events([found.pk])
    assert Notification.objects.get(event=found).recipient == handler


def test_sweep_unowned_moves_a_case_from_one_backstop_to_the_next() -> None:
    building, handler = BuildingFactory(), MembershipFactory()
    duty = MandateFactory(estate=building.estate, party=handler.party, role=Mandate.Role.BACKSTOP)
    case = logged_case(building=building)
    heir = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP, valid_from=LATER).party
    end_mandate(duty, until=LATER, by=MembershipFactory(coordinator=True))
    refresh_episodes()

    assert sweep_unowned(at=LATER - timedelta(seconds=1)) == 0
    assert sweep_unowned(at=LATER) == 1
    assert sweep_unowned(at=LATER) == 0

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.handoffs) == (heir, "backstop", 1)
    finding = case.findings.open().get()
    assert (finding.evidence["parties"], finding.since, finding.opened_at) == ([heir.code], MONDAY, LATER)
    moved = case.events.filter(kind="assigned").latest("seq")
    assert (moved.details["previous"], moved.details["lead"]) == (handler.party.code, heir.code)
    publish_events([moved.pk])
    assert Notification.objects.get(event=moved).recipient == handler


@pytest.mark.parametrize("role", ["lead", "backstop"])
@pytest.mark.parametrize("stay", [1, 2])
def test_sweep_unowned_says_which_parties_it_is_between_by_now(role: str, stay: int) -> None:
    building = BuildingFactory()
    heads = MandateFactory.create_batch(stay + 1, estate=building.estate, role=role)
    case = logged_case(building=building)
    withdraw_mandate(heads[-1], by=MembershipFactory(coordinator=True))
    new = MandateFactory.create_batch(2 - stay, estate=building.estate, role=role)
    refresh_episodes()

    assert sweep_unowned(at=LATER) == 1
    assert sweep_unowned(at=LATER) == 0

    finding = case.findings.open().get()
    assert finding.evidence == {
        "parties": [each.party.code for each in (*heads[:-1], *new)],
        "mandates": [each.pk for each in (*heads[:-1], *new)],
    }
    assert finding.since == MONDAY


def test_sweep_unowned_leaves_what_it_has_to_one_of_two_backstops() -> None:
    building = BuildingFactory()
    first = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP).party
    case = logged_case(building=building)
    second = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP).party
    refresh_episodes()

    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.handoffs) == (first, "backstop", 0)
    assert case.findings.open().get().evidence["parties"] == [first.code, second.code]
    assert case.events.filter(kind="assigned").count() == 1


def test_sweep_unowned_leaves_a_returned_case_to_a_person() -> None:
    building = BuildingFactory()
    party = MandateFactory(estate=building.estate).party
    case = logged_case(building=building)
    return_case(case, ground="不归我们", by=MembershipFactory(party=party), at=MONDAY)
    refresh_episodes()

    assert sweep_unowned(at=LATER) == 0

    case.refresh_from_db()
    assert (case.lead, case.responsibility) == (None, "vacuum")


def test_sweep_unowned_believes_the_ledger_more_than_episodes_that_are_behind() -> None:
    case = logged_case()
    assert not Episode.objects.exists()

    assert sweep_unowned(at=LATER) == 0

    assert case.findings.get().cleared_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_unowned_with_nothing_to_do_costs_three_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        logged_case()
        for role in Mandate.Role.LEAD, Mandate.Role.BACKSTOP:
            building = BuildingFactory()
            MandateFactory.create_batch(2, estate=building.estate, role=role)
            logged_case(building=building)
    refresh_episodes()

    with django_assert_num_queries(3):
        assert sweep_unowned(at=LATER) == 0


def test_sweep_unowned_never_overrides_a_claim(handler: Membership, second: Membership) -> None:
    heads = [MembershipFactory(party=MandateFactory(item="4.1").party) for _ in range(2)]
    case = logged_case(need_item=item("4.1"))
    claim_case(case, by=heads[0], at=MONDAY)
    RulingFactory(estate=case.estate, need_item=item("4.1"), lead=second.party)
    refresh_episodes()

    assert sweep_unowned(at=MONDAY + timedelta(days=1)) == 0

    case.refresh_from_db()
    assert (case.responsibility, case.lead) == ("multi_head", None)


def test_sweep_unowned_lets_a_dispute_go_on_with_the_next_receiver(
    disputed: Case, handler: Membership, second: Membership
) -> None:
    handler.party.closed_at = MONDAY
    handler.party.save()

    assert sweep_unowned(at=MONDAY + timedelta(days=1)) == 1

    disputed.refresh_from_db()
    assert (disputed.responsibility, disputed.lead, disputed.stage) == ("disputed", second.party, "dispatched")
    assert disputed.disputes.open().exists()
    assert sweep_unowned(at=MONDAY + timedelta(days=1)) == 0


def test_sweep_unowned_gives_what_a_closed_party_had_to_whoever_says_that_it_is_theirs(
    handling: Case, handler: Membership, second: Membership
) -> None:
    handling.custodies.create(party=second.party, role="support", since=MONDAY)
    claim_case(handling, by=second, at=MONDAY + timedelta(hours=2))
    handler.party.closed_at = MONDAY
    handler.party.save()

    assert sweep_unowned(at=MONDAY + timedelta(days=1)) == 1

    handling.refresh_from_db()
    assert (handling.responsibility, handling.lead) == ("held", second.party)
    assert not handling.findings.open().filter(kind="multi_head").exists()

"""Settling who leads: the ruling, the episodes it ends and the cases that waited for it, in one transaction."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from cases.models import Case, Custody, Escalation, Notification
from cases.services import settle_scope as module
from cases.services.publish_events import publish_events
from cases.services.return_case import return_case
from cases.services.settle_scope import settle_scope
from cases.services.sign_for_case import sign_for_case
from cases.services.verify_history import verify_history
from stakeholders.models import Building, Episode, Mandate, Membership, Party, Ruling
from stakeholders.services.refresh_episodes import refresh_episodes
from stakeholders.services.withdraw_ruling import withdraw_ruling
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def building() -> Building:
    return BuildingFactory()


def heads_at(building: Building) -> list[Party]:
    """Two parties that both lead for everything at the estate."""
    return [each.party for each in MandateFactory.create_batch(2, estate=building.estate)]


def holder(case: Case) -> tuple[Party | None, str, str]:
    case.refresh_from_db()
    return case.lead, case.stage, case.responsibility


def test_settle_scope_closes_the_episodes_and_moves_the_cases_that_waited(
    coordinator: Membership, building: Building
) -> None:
    lead, _other = heads_at(building)
    case, elsewhere, of_another_item = (
        logged_case(building=building),
        logged_case(),
        logged_case(building=building, need_item=item("3.2")),
    )
    refresh_episodes()
    due = case.resolve_due_at

    ruling = settle_scope(
        lead, reason="合同第 8 条", by=coordinator, estate=building.estate, need_item=item(), at=LATER
    )

    assert holder(case) == (lead, "dispatched", "held")
    assert (case.resolve_due_at, case.custodies.get(role="lead").since) == (due, LATER)
    assert case.sign_due_at > LATER
    assert case.findings.get().cleared_at == LATER
    assert not Escalation.objects.filter(case=case, fired_at=None, cancelled_at=None).exists()
    ruled, cleared = case.events.order_by("-seq")[1], case.events.order_by("-seq")[0]
    assert (ruled.kind, ruled.by, ruled.at, cleared.kind) == ("ruled", coordinator, LATER, "cleared")
    assert ruled.details == {
        "previous": None, "lead": lead.code, "ruling": ruling.pk, "reason": "合同第 8 条", "document_no": "",
        "until": None,
    }  # fmt: skip
    ended = Episode.objects.filter(estate=building.estate, need_item=item(), state="multi_head")
    assert {each.until for each in ended} == {LATER}
    assert holder(elsewhere) == (None, "opened", "vacuum")
    assert holder(of_another_item) == (None, "opened", "multi_head")
    assert list(verify_history(Case.objects.all())) == []


def test_settle_scope_leaves_nothing_to_the_refresh_after_commit(
    coordinator: Membership, building: Building, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    refresh_episodes()

    with django_capture_on_commit_callbacks() as callbacks:
        settle_scope(PartyFactory(), reason="x", by=coordinator, estate=building.estate, need_item=item())

    assert not Episode.objects.open_at().filter(estate=building.estate, need_item=item()).exists()
    assert refresh_episodes() == 0
    assert callbacks


@pytest.mark.parametrize(
    ("wide", "broad"),
    [("building", "item"), ("estate", "class"), ("community", "everything"), ("town", "item"), ("town", "everything")],
)
def test_settle_scope_moves_cases_as_far_as_it_reaches(
    coordinator: Membership, building: Building, wide: str, broad: str
) -> None:
    beside = BuildingFactory(estate=building.estate)
    nearby = BuildingFactory(estate=EstateFactory(grid=building.grid))
    away = BuildingFactory(estate__grid__area=AreaFactory())
    cases = {each: logged_case(building=each) for each in (building, beside, nearby, away)}
    of_class = logged_case(building=building, need_item=item("3.2"))
    of_others = logged_case(building=building, need_item=item("1.1"))
    place = {
        "building": {"building": building},
        "estate": {"estate": building.estate},
        "community": {"area": building.estate.area},
        "town": {"area": TownFactory()},
    }[wide]
    what = {"item": {"need_item": item()}, "class": {"need_class": item().need_class}, "everything": {}}[broad]
    lead = PartyFactory()

    settle_scope(lead, reason="x", by=coordinator, **place, **what)

    reached = ["building", "estate", "community", "town"].index(wide) + 1
    assert [holder(each)[0] for each in cases.values()] == [lead] * reached + [None] * (4 - reached)
    assert holder(of_class)[0] == (None if broad == "item" else lead)
    assert holder(of_others)[0] == (lead if broad == "everything" else None)


def test_settle_scope_leaves_cases_where_a_narrower_ruling_decides(coordinator: Membership, building: Building) -> None:
    case = logged_case(building=building)
    RulingFactory(estate=None, building=building, lead=PartyFactory())

    settle_scope(PartyFactory(), reason="x", by=coordinator, estate=building.estate)

    assert holder(case) == (None, "opened", "vacuum")


def test_settle_scope_leaves_cases_that_a_party_holds(coordinator: Membership, building: Building) -> None:
    held_by = MandateFactory(estate=building.estate).party
    case = logged_case(building=building)
    version = case.version

    settle_scope(PartyFactory(), reason="x", by=coordinator, estate=building.estate, need_item=item())

    assert holder(case) == (held_by, "dispatched", "held")
    assert case.version == version


def test_settle_scope_gives_a_returned_case_to_whom_it_names(coordinator: Membership, building: Building) -> None:
    party = MandateFactory(estate=building.estate).party
    case = logged_case(building=building)
    return_case(case, ground="不归我们", by=MembershipFactory(party=party), at=MONDAY)

    settle_scope(party, reason="合同写明", by=coordinator, estate=building.estate, need_item=item(), at=LATER)

    assert holder(case) == (party, "dispatched", "held")
    assert not case.findings.open().exists()


def test_settle_scope_moves_on_what_a_backstop_had_meanwhile(coordinator: Membership, building: Building) -> None:
    behind = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP).party
    case = logged_case(building=building)
    sign_for_case(case, by=MembershipFactory(party=behind), at=MONDAY)
    lead = PartyFactory()

    settle_scope(lead, reason="x", by=coordinator, estate=building.estate, need_item=item(), at=LATER)

    assert holder(case) == (lead, "dispatched", "held")
    assert (case.handoffs, case.signed_at) == (1, None)
    told = [(each.party, each.until, each.ending) for each in case.custodies.order_by("since")]
    assert told == [(behind, LATER, "reassigned"), (lead, None, "")]
    assert case.events.get(kind="ruled").details["previous"] == behind.code


def test_settle_scope_leaves_what_it_has_to_a_backstop_that_is_to_lead(
    coordinator: Membership, building: Building
) -> None:
    behind = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP).party
    case = logged_case(building=building)
    sign_for_case(case, by=MembershipFactory(party=behind), at=MONDAY)

    settle_scope(behind, reason="x", by=coordinator, estate=building.estate, need_item=item(), at=LATER)

    assert holder(case) == (behind, "handling", "held")
    assert (case.handoffs, case.signed_at) == (0, MONDAY)
    assert case.custodies.get().until is None
    assert not case.findings.open().exists()


def test_settle_scope_names_the_supporting_parties(coordinator: Membership, building: Building) -> None:
    lead, helper = (
        MandateFactory(estate=building.estate, role=Mandate.Role.SUPPORT).party,
        MandateFactory(estate=building.estate, role=Mandate.Role.SUPPORT).party,
    )
    case = logged_case(building=building)

    settle_scope(lead, reason="x", by=coordinator, estate=building.estate, need_item=item())

    assert [each.party for each in case.custodies.filter(role=Custody.Role.SUPPORT)] == [helper]


def test_settle_scope_that_begins_later_moves_nothing_now(coordinator: Membership, building: Building) -> None:
    case = logged_case(building=building)
    refresh_episodes()

    settle_scope(PartyFactory(), reason="x", by=coordinator, estate=building.estate, valid_from=LATER, at=MONDAY)

    assert holder(case) == (None, "opened", "vacuum")
    ends = Episode.objects.filter(estate=building.estate).values_list("until", flat=True)
    assert set(ends) == {LATER}


def test_settle_scope_refuses_to_rule_the_same_again(coordinator: Membership, building: Building) -> None:
    lead, other = PartyFactory(), PartyFactory()
    scope = {"estate": building.estate, "need_item": item()}
    settle_scope(lead, reason="x", by=coordinator, **scope, valid_until=LATER, at=MONDAY)

    with pytest.raises(ValidationError) as refusal:
        settle_scope(lead, reason="y", by=coordinator, **scope, valid_until=LATER, at=MONDAY)

    assert refusal.value.error_dict["lead"][0].code == "unchanged"
    assert Ruling.objects.count() == 1
    settle_scope(lead, reason="and longer", by=coordinator, **scope, at=MONDAY)
    settle_scope(lead, reason="and wider", by=coordinator, estate=building.estate, at=MONDAY)
    settle_scope(other, reason="otherwise", by=coordinator, **scope, at=MONDAY)
    settle_scope(lead, reason="back again", by=coordinator, **scope, at=MONDAY)
    assert Ruling.objects.count() == 5


def test_settle_scope_refuses_the_same_beginning_and_end_again(coordinator: Membership, building: Building) -> None:
    lead, other = PartyFactory(), PartyFactory()
    scope = {"estate": building.estate, "need_item": item(), "valid_until": LATER + timedelta(days=9), "at": MONDAY}
    settle_scope(lead, reason="x", by=coordinator, **scope, valid_from=LATER)

    with pytest.raises(ValidationError) as refusal:
        settle_scope(lead, reason="y", by=coordinator, **scope, valid_from=LATER)

    assert refusal.value.error_dict["lead"][0].code == "unchanged"
    assert Ruling.objects.count() == 1
    settle_scope(lead, reason="earlier", by=coordinator, **scope, valid_from=MONDAY)
    settle_scope(lead, reason="longer", by=coordinator, **scope | {"valid_until": None}, valid_from=MONDAY)
    settle_scope(other, reason="otherwise, and later", by=coordinator, **scope, valid_from=LATER + timedelta(days=5))
    settle_scope(lead, reason="back again", by=coordinator, **scope, valid_from=LATER)
    assert Ruling.objects.count() == 5


def test_settle_scope_rules_again_what_was_withdrawn(coordinator: Membership, building: Building) -> None:
    lead, scope = PartyFactory(), {"estate": building.estate, "valid_from": MONDAY}

    withdraw_ruling(settle_scope(lead, reason="x", by=coordinator, **scope), by=coordinator)
    settle_scope(lead, reason="y", by=coordinator, **scope)

    assert Ruling.objects.count() == 2


def test_settle_scope_refuses_a_party_of_another_area_and_one_that_is_closed_down(
    coordinator: Membership, building: Building
) -> None:
    case = logged_case(building=building)
    stranger = PartyFactory(area__code="440106001000")
    closed = PartyFactory(closed_at=MONDAY)

    for party, code in ((stranger, "elsewhere"), (closed, "closed_down")):
        with pytest.raises(ValidationError) as refusal:
            settle_scope(party, reason="x", by=coordinator, estate=building.estate, at=LATER)
        assert [each.code for each in refusal.value.error_dict["lead"]] == [code]

    assert not Ruling.objects.exists()
    assert holder(case) == (None, "opened", "vacuum")


def test_settle_scope_is_for_who_keeps_the_ledger_there(building: Building) -> None:
    of_elsewhere = MembershipFactory(coordinator=True, area=AreaFactory())
    for by in (MembershipFactory(), of_elsewhere):
        with pytest.raises(PermissionDenied):
            settle_scope(PartyFactory(), reason="x", by=by, estate=building.estate)


def test_settle_scope_tells_the_handlers_of_the_lead(coordinator: Membership, building: Building) -> None:
    handler = MembershipFactory()
    case = logged_case(building=building)

    settle_scope(handler.party, reason="x", by=coordinator, estate=building.estate, need_item=item())
    publish_events([case.events.get(kind="ruled").pk])

    assert [each.recipient for each in Notification.objects.all()] == [handler]


def test_settle_scope_works_in_batches(
    coordinator: Membership, building: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [logged_case(building=building, by=coordinator) for _each in range(3)]
    monkeypatch.setattr(module, "BATCH", 2)
    lead = PartyFactory()

    settle_scope(lead, reason="x", by=coordinator, estate=building.estate, need_item=item())

    assert [holder(each)[0] for each in cases] == [lead] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_settle_scope_asks_as_much_for_many_cases_as_for_one(
    coordinator: Membership, building: Building, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(count):
        logged_case(building=building, by=coordinator)
    MandateFactory(estate=building.estate, role=Mandate.Role.SUPPORT)
    refresh_episodes()
    lead = PartyFactory()

    with django_assert_num_queries(50):
        settle_scope(lead, reason="x", by=coordinator, estate=building.estate, need_item=item())

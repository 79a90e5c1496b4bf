"""Ruling on whose a case is."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import Case, CaseEvent, CaseRuling
from cases.policies import NotNowError
from cases.services import rule_on_case as module
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Building, Episode, Membership, Ruling
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.cases.services.conftest import pass_back_and_forth
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


def test_rule_on_case_settles_a_dispute(disputed: Case, second: Membership, coordinator: Membership) -> None:
    due = disputed.resolve_due_at

    case = rule_on_case(
        disputed, lead=second.party, reason="合同第 8 条", document_no="纪要 12 号", by=coordinator, at=LATER
    )

    assert (case.lead, case.responsibility, case.stage) == (second.party, "held", "dispatched")
    assert (case.ruled_at, case.resolve_due_at) == (LATER, due)
    assert case.disputes.get().settled_at == LATER
    assert not case.findings.open().exists()
    ruled = case.rulings.get()
    assert (ruled.lead, ruled.ruling, ruled.reason, ruled.document_no, ruled.by, ruled.decided_at) == (
        *(second.party, None, "合同第 8 条", "纪要 12 号", coordinator, LATER),
    )
    assert case.events.get(kind=CaseEvent.Kind.RULED).details == {
        "previous": disputed.lead.code,
        "lead": second.party.code,
        "ruling": None,
        "reason": "合同第 8 条",
        "document_no": "纪要 12 号",
        "until": None,
    }


def test_rule_on_case_for_whoever_has_it_keeps_what_is_done(
    disputed: Case, handler: Membership, coordinator: Membership
) -> None:
    sign_for_case(disputed, by=handler, at=LATER)

    case = rule_on_case(disputed, lead=handler.party, reason="x", by=coordinator, at=LATER)

    assert (case.stage, case.signed_at, case.lead) == ("handling", LATER, handler.party)
    assert case.events.get(kind=CaseEvent.Kind.RULED).details["previous"] is None


def test_rule_on_case_from_now_on_takes_along_what_waits_and_routes_the_next(
    building: Building, coordinator: Membership
) -> None:
    first, second = (MembershipFactory(party=MandateFactory(item="4.1").party) for _ in range(2))
    about: dict[str, object] = {"building": building, "need_item": item("4.1"), "by": coordinator}
    case, waiting, in_dispute = (logged_case(**about) for _ in range(3))
    elsewhere = logged_case(need_item=item("4.1"))
    for each in (first, second):
        in_dispute.custodies.filter(party=each.party).delete()
    in_dispute = module.Case.objects.get(pk=in_dispute.pk)
    _give(in_dispute, first, coordinator)
    pass_back_and_forth(in_dispute, first, second, coordinator, at=MONDAY)
    refresh_episodes()

    rule_on_case(
        case,
        lead=second.party,
        reason="x",
        by=coordinator,
        estate=building.estate,
        need_item=item("4.1"),
        at=LATER,
    )

    for each in Case.objects.filter(pk__in=[case.pk, waiting.pk, in_dispute.pk]):
        assert (each.lead, each.responsibility, each.ruled_at) == (second.party, "held", LATER)
        assert not each.findings.open().exists()
        assert not each.custodies.filter(role="candidate", until__isnull=True).exists()
        assert not each.disputes.open().exists()
    elsewhere.refresh_from_db()
    assert elsewhere.responsibility == "multi_head"
    assert not Episode.objects.open_at(LATER).filter(estate=building.estate, state="multi_head").exists()
    ruling = Ruling.objects.get()
    assert CaseRuling.objects.get().ruling == ruling
    following = logged_case(**about, at=LATER)
    assert (following.responsibility, following.lead) == ("held", second.party)
    assert following.events.get(kind="assigned").details["ruling"] == ruling.pk


def _give(case: Case, to: Membership, coordinator: Membership) -> None:
    module.routing.assign(case, to.party, module.Rulebook(), at=MONDAY)
    case.responsibility = "held"
    module.bookkeeping.enter(case, at=MONDAY, changed=module.routing.FIELDS)


def test_rule_on_case_rolls_everything_back_when_a_write_fails(
    building: Building, coordinator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, waiting = logged_case(building=building), logged_case(building=building)
    before = {each.pk: (each.version, each.head_digest) for each in Case.objects.all()}

    def broken(*_given: object, **_named: object) -> None:
        raise OSError("disk is full")

    monkeypatch.setattr(module.bookkeeping, "enter", broken)
    with pytest.raises(OSError, match="disk"):
        rule_on_case(
            case, lead=PartyFactory(), reason="x", by=coordinator, estate=building.estate, need_item=item(), at=LATER
        )

    assert {each.pk: (each.version, each.head_digest) for each in Case.objects.all()} == before
    assert not Ruling.objects.exists()
    assert not CaseRuling.objects.exists()
    waiting.refresh_from_db()
    assert (waiting.lead, waiting.responsibility) == (None, "vacuum")


def test_rule_on_case_refuses_who_may_not_and_what_cannot_be(
    closed: Case, handling_of_another: Case, second: Membership, coordinator: Membership
) -> None:
    with pytest.raises(PermissionDenied):
        rule_on_case(handling_of_another, lead=second.party, reason="x", by=second)
    with pytest.raises(NotNowError):
        rule_on_case(closed, lead=second.party, reason="x", by=coordinator)
    with pytest.raises(ValidationError) as refusal:
        rule_on_case(handling_of_another, lead=PartyFactory(closed_at=MONDAY), reason="x", by=coordinator)
    assert list(refusal.value.message_dict) == ["lead"]


@pytest.fixture
def handling_of_another() -> Case:
    return logged_case()

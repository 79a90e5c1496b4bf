"""Telling whose a case is: stances, disputes, rulings, who is in charge."""

from datetime import timedelta

import pytest

from cases.models import CaseEvent
from cases.services.claim_case import claim_case
from cases.services.close_case import close_case
from cases.services.disclaim_case import disclaim_case
from cases.services.put_in_charge import put_in_charge
from cases.services.rate_case import rate_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_disputes import sweep_disputes
from stakeholders.models import Membership
from tests.cases.timeline.conftest import sentences, tell_all, told
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
Kind = CaseEvent.Kind


def hours(count: float) -> dict[str, object]:
    """So many hours after it was reported."""
    return {"at": MONDAY + timedelta(hours=count)}


def test_story_tells_a_dispute_from_the_first_return_to_the_reopening(
    lead: Membership, coordinator: Membership
) -> None:
    works = MembershipFactory(party__name_en="Works", user__name="Wu Jianguo")
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="合同只含楼内收集。", **hours(1))
    reassign_case(case, by=coordinator, lead=works.party, reason="先办", **hours(2))
    return_case(case, by=works, ground="红线内归物业。", **hours(3))
    sweep_disputes(at=MONDAY + timedelta(days=3))
    rule_on_case(case, by=coordinator, lead=works.party, reason="合同第 8 条", document_no="纪要 12号", **hours(73))
    sign_for_case(case, by=works, **hours(74))
    resolve_case(case, by=works, reason="已清运", **hours(75))
    rework_case(case, by=coordinator, reason="仍满溢", **hours(76))
    resolve_case(case, by=works, reason="再次清运", **hours(77))
    close_case(case, by=coordinator, reason="现场看过", **hours(78))
    rate_case(case, by=coordinator, contacted=True, solved=False, **hours(79))

    assert sentences(case)[::-1][3:21] == [
        "<b>Anju</b> (Chen Lijun) returned it: not ours.",
        "Since <b>Anju</b> returned it, <b>nobody</b> has it; the coordinator has been told.",
        "<b>Zhou Min</b> assigned it to <b>Works</b>.",
        "No longer a vacuum.",
        "<b>Works</b> (Wu Jianguo) returned it: not ours.",
        "<b>Dispute</b> opened on the second return: <b>Town office</b> has to settle it by 18 Nov 17:30.",
        "<b>Town office</b> has not settled the dispute in time: now <b>Joint meeting</b> has to, by 26 Nov 17:30.",
        "<b>Zhou Min</b> ruled: <b>Works</b>, for this case. 纪要 12号.",
        "No longer disputed.",
        "<b>Works</b> signed for it after 1 h of working time.",
        "<b>Works</b> reports it done.",
        "<b>Zhou Min</b> checked: not done. Back to handling; the clock runs on.",
        "<b>Works</b> reports it done.",
        "<b>Zhou Min</b> checked: it is done.",
        "<b>Zhou Min</b> closed it.",
        "<b>Zhou Min</b> noted what the reporter answers: <b>contacted, not solved</b>.",
        "The reporter answered “not solved”: reopened; to be resolved by 20 Nov 17:30.",
        "It went to <b>Works</b> again, which had it last.",
    ]


def test_dispute_says_who_has_it_meanwhile(lead: Membership, coordinator: Membership) -> None:
    works = MembershipFactory(party__name_en="Works")
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="x", **hours(1))
    reassign_case(case, by=coordinator, lead=works.party, reason="先办", **hours(2))
    return_case(case, by=works, ground="y", **hours(3))

    [opened] = [each for each in tell_all(case) if each.event.kind == Kind.DISPUTE_OPENED]

    assert str(opened.note) == (
        "Work does not stop: <b>Anju</b>, the first receiver, has it meanwhile, and the deadline runs on."
    )
    assert opened.icon == "clock"


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        (
            {"level": None, "from": "联席会议"},
            "<b>Joint meeting</b> has not settled the dispute in time, and there is no level above.",
        ),
        (
            {"level": "联席会议", "from": None},
            "The dispute goes to <b>Joint meeting</b>, which has to settle it by 18 Nov 17:30.",
        ),
        ({"level": "某处", "from": None}, "The dispute goes to <b>某处</b>, which has to settle it by 18 Nov 17:30."),
    ],
)
def test_raising_a_dispute_is_told_at_either_end_of_the_levels(details: dict[str, str], sentence: str) -> None:
    assert told(Kind.DISPUTE_RAISED, due_at="2026-11-18T17:30:00+08:00", **details) == sentence


def test_story_tells_what_parties_say_and_that_they_agree(lead: Membership, coordinator: Membership) -> None:
    other = MembershipFactory(
        party=MandateFactory(item="3.1", party__name_en="Committee").party, user__name="Li Xiulan"
    )
    case = logged_case(by=coordinator)
    disclaim_case(case, by=lead, ground="合同没有", legal_basis="合同第 12 条", **hours(1))
    claim_case(case, by=other, **hours(2))

    entries = tell_all(case)[::-1][3:]

    assert [(str(each.sentence), each.quotation, each.basis) for each in entries] == [
        ("<b>Anju</b> (Chen Lijun) says: not ours.", "合同没有", "合同第 12 条"),
        ("<b>Committee</b> (Li Xiulan) says: ours.", "", ""),
        ("The parties agree: it is for <b>Committee</b>.", "", ""),
        ("No longer multi-head.", "", ""),
    ]


def test_agreeing_says_from_whom_it_goes(lead: Membership) -> None:
    details = {"lead": lead.party.code, "previous": PartyFactory(name_en="Works").code}

    assert told(Kind.AGREED, **details) == "The parties agree: it goes from <b>Works</b> to <b>Anju</b>."


def test_story_tells_who_is_to_support(lead: Membership, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    greens, works, office = (PartyFactory(name_en=name) for name in ("Greens", "Works", "Office"))
    reassign_case(case, by=coordinator, lead=greens, supports=[works, office], reason="x")
    first = {"lead": greens.code, "supports": [works.code]}

    assert sentences(case)[0] == (
        "<b>Zhou Min</b> reassigned it from <b>Anju</b> to <b>Greens</b>; <b>Works</b>, <b>Office</b> to support."
    )
    assert told(Kind.REASSIGNED, **first) == "The system assigned it to <b>Greens</b>; <b>Works</b> to support."


def test_story_tells_who_is_in_charge(lead: Membership) -> None:
    case = logged_case()
    colleague = MembershipFactory(party=lead.party, user__name="Wang Fang")
    put_in_charge(case, person=lead, by=lead)
    put_in_charge(case, person=colleague, by=lead)

    assert sentences(case)[:2] == [
        "<b>Chen Lijun</b> put <b>Wang Fang</b> in charge, in place of <b>Chen Lijun</b>.",
        "<b>Chen Lijun</b> took charge of it.",
    ]
    assert told(Kind.LEFT, person="Wang Fang") == "<b>Wang Fang</b>, who was in charge, has left."

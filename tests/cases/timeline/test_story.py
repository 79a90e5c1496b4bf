"""The history in sentences: every kind of event has one, with the details that services really write."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import CaseEvent, Finding
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.escalate import escalate
from cases.services.locate_case import locate_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.settle_scope import settle_scope
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from cases.services.sweep_unowned import sweep_unowned
from cases.services.void_case import void_case
from cases.timeline import Names, story, tell
from cases.timeline.faults import _CLEARED, _FOUND
from cases.timeline.sentences import SENTENCES
from cases.work_calendar import load_work_calendar
from stakeholders.models import Mandate, Membership
from stakeholders.services.refresh_episodes import refresh_episodes
from stakeholders.services.rule_on_scope import rule_on_scope
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.cases.timeline.conftest import sentences, tell_all
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db
Kind = CaseEvent.Kind


def test_story_tells_a_case_from_report_to_close(lead: Membership, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    sign_for_case(case, by=lead, at=MONDAY + timedelta(minutes=85))
    contact_reporter(case, by=lead, reason="电话里说明了安排", at=MONDAY + timedelta(hours=2))
    resolve_case(case, by=lead, reason="已清运", at=MONDAY + timedelta(hours=3))
    rework_case(case, by=coordinator, reason="仍满溢", at=MONDAY + timedelta(hours=4))
    resolve_case(case, by=lead, reason="再次清运", at=MONDAY + timedelta(hours=5))
    close_case(case, by=coordinator, reason="现场看过", at=MONDAY + timedelta(hours=6))

    assert sentences(case)[::-1] == [
        "Party-building coordinator <b>Zhou Min</b> reported it.",
        "Opened; to be resolved by 17 Nov 17:30.",
        "It went to <b>Anju</b>, as the duty list says.",
        "<b>Anju</b> signed for it after 1 h 25 min of working time.",
        "<b>Chen Lijun</b> contacted the reporter.",
        "<b>Anju</b> reports it done.",
        "<b>Zhou Min</b> checked: not done. Back to handling; the clock runs on.",
        "<b>Anju</b> reports it done.",
        "<b>Zhou Min</b> checked: it is done.",
        "<b>Zhou Min</b> closed it.",
    ]


def test_story_tells_of_returning_and_reassigning(lead: Membership, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="合同只含楼内收集。", legal_basis="物业服务合同第 12 条")
    reassign_case(case, by=coordinator, lead=PartyFactory(name_en="Works"), reason="先办")
    reassign_case(case, by=coordinator, lead=PartyFactory(name_en="Greens"), reason="改派")
    comment_on_case(case, by=coordinator, reason="已电话催办")
    void_case(case, by=coordinator, reason="重复")

    entries = tell_all(case)[::-1][3:]

    assert [(str(each.sentence), each.quotation, each.basis) for each in entries] == [
        ("<b>Anju</b> (Chen Lijun) returned it: not ours.", "合同只含楼内收集。", "物业服务合同第 12 条"),
        ("Since <b>Anju</b> returned it, <b>nobody</b> has it; the coordinator has been told.", "", ""),
        ("<b>Zhou Min</b> assigned it to <b>Works</b>.", "先办", ""),
        ("No longer a vacuum.", "", ""),
        ("<b>Zhou Min</b> reassigned it from <b>Works</b> to <b>Greens</b>.", "改派", ""),
        ("<b>Zhou Min</b> remarked:", "已电话催办", ""),
        ("<b>Zhou Min</b> declared it void.", "重复", ""),
    ]


def test_story_tells_of_vacuum_lateness_and_the_ladder(coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    escalate(at=MONDAY)
    sweep_clocks(at=MONDAY + timedelta(days=9))
    escalate(at=MONDAY + timedelta(days=9))

    told = sentences(case)

    assert "The duty list was asked: <b>nobody</b> answers for this here; the coordinator has been told." in told
    assert "<b>Past the deadline.</b>" in told
    assert "The coordinator was told: vacuum." in told
    assert "The coordinator was told: overdue." in told
    assert f"Raised to <b>{coordinator.party.name_en}</b>: vacuum." in told


def test_story_says_who_has_it_no_longer() -> None:
    building, by = BuildingFactory(), MembershipFactory(coordinator=True)
    first = MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP, party__name_en="Works")
    case = logged_case(building=building)
    withdraw_mandate(first, by=by)
    MandateFactory(estate=building.estate, role=Mandate.Role.BACKSTOP, party__name_en="Greens")
    refresh_episodes()
    sweep_unowned(at=MONDAY + timedelta(days=1))
    rule_on_scope(PartyFactory(name_en="Anju"), reason="x", by=by, estate=building.estate, at=MONDAY)
    refresh_episodes()
    sweep_unowned(at=MONDAY + timedelta(days=2))
    lost = PartyFactory(name_en="Sweepers", code="sweepers")
    found = CaseEvent(kind=Kind.FOUND, details={"finding": "vacuum", "parties": [], "previous": lost.code})

    assert [each for each in sentences(case)[::-1] if each.startswith("It went")] == [
        "It went to <b>Works</b>, as the duty list says.",
        "It went from <b>Works</b> to <b>Greens</b>, as the duty list says.",
        "It went from <b>Greens</b> to <b>Anju</b>, as an earlier ruling says.",
    ]
    assert str(tell(found, Names.in_events([found])).sentence) == (
        "The duty list was asked: <b>nobody</b> answers for this here; the coordinator has been told. "
        "<b>Sweepers</b> has it no longer."
    )


def test_story_says_when_there_is_no_party_above(lead: Membership) -> None:
    building = BuildingFactory()
    case = logged_case(by=MembershipFactory(grid_worker=True, grid=building.grid), building=building)
    sweep_clocks(at=MONDAY + timedelta(days=9))
    escalate(at=MONDAY + timedelta(days=9))

    assert "To be raised, but there is no party above: overdue." in sentences(case)


def test_story_names_the_party_a_case_is_raised_to(lead: Membership) -> None:
    lead.party.supervisor = PartyFactory(name_en="Town office")
    lead.party.save()
    case = logged_case()
    sweep_clocks(at=MONDAY + timedelta(days=9))
    escalate(at=MONDAY + timedelta(days=9))

    assert "Raised to <b>Town office</b>: overdue." in sentences(case)


def test_story_names_the_parties_that_all_claim_a_matter(lead: Membership) -> None:
    MandateFactory(item="3.1", party__name_en="Committee")
    case = logged_case()

    entry = tell_all(case)[0]

    assert str(entry.sentence) == "The duty list names <b>2 parties</b> for this matter here."
    assert (entry.finding, sorted(entry.parties)) == (Finding.Kind.MULTI_HEAD, ["Anju", "Committee"])


def test_story_names_the_party_that_stands_behind() -> None:
    MandateFactory(item="3.1", role=Mandate.Role.BACKSTOP, party__name_en="Town office")
    case = logged_case()

    assert sentences(case)[:2] == [
        "It went to <b>Town office</b>, as the duty list says.",
        "Nobody leads for this here; <b>Town office</b> stands behind.",
    ]


def test_story_says_when_a_ruling_decided() -> None:
    RulingFactory(lead__name_en="Works")
    case = logged_case()

    assert sentences(case)[0] == "It went to <b>Works</b>, as an earlier ruling says."


def test_story_says_where_a_case_was_located(coordinator: Membership) -> None:
    case = logged_case(by=coordinator, need_item=None)
    locate_case(case, by=coordinator, estate=case.estate, need_item=item("3.1"))

    expected = f"<b>Zhou Min</b> said where it is and what: {case.estate}, Waste sorting and collection."
    assert expected in sentences(case)


def test_story_says_from_which_file_a_case_was_taken_over() -> None:
    event = CaseEvent(kind=Kind.IMPORTED, at=MONDAY, details={"file": "2020 <台账>.csv", "row": 7, "mapping": "m"})

    assert str(tell(event, Names()).sentence) == "Taken over from 2020 &lt;台账&gt;.csv, row 7."


def test_story_tells_of_a_ruling(coordinator: Membership) -> None:
    building, lead = BuildingFactory(), PartyFactory(name_en="Anju")
    case = logged_case(by=coordinator, building=building)
    for_ever = {"estate": building.estate, "document_no": "清禾纪要〔2026〕12号"}
    settle_scope(lead, reason="合同第 8 条", by=coordinator, **for_ever, at=MONDAY)
    [_cleared, ruled, *_before] = tell_all(case)

    assert str(ruled.sentence) == "<b>Zhou Min</b> ruled: <b>Anju</b>, here and from now on. 清禾纪要〔2026〕12号."
    assert (ruled.quotation, ruled.icon) == ("合同第 8 条", "seal")


def test_story_tells_until_when_a_ruling_holds(coordinator: Membership) -> None:
    building, until = BuildingFactory(), MONDAY + timedelta(days=4)
    case = logged_case(by=coordinator, building=building)
    lead = PartyFactory(name_en="Anju")
    settle_scope(lead, reason="x", by=coordinator, building=building, valid_until=until, at=MONDAY)

    assert "<b>Zhou Min</b> ruled: <b>Anju</b>, here until 20 Nov 09:14." in sentences(case)


def test_story_tells_which_deadlines_moved() -> None:
    moved = {
        "cause": "calendar",
        "year": 2026,
        "before": {"contact": "2026-11-16T17:30:00+08:00", "resolve": "2026-11-17T17:30:00+08:00"},
        "after": {"contact": "2026-11-17T17:30:00+08:00", "resolve": "2026-11-18T17:30:00+08:00"},
    }

    assert str(tell(CaseEvent(kind=Kind.DEADLINE_MOVED, at=MONDAY, details=moved), Names()).sentence) == (
        "The work calendar of 2026 changed: the time to contact the reporter moved from 16 Nov 17:30 to 17 Nov 17:30. "
        "The work calendar of 2026 changed: the deadline moved from 17 Nov 17:30 to 18 Nov 17:30."
    )


def test_every_kind_of_event_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Kind)
    assert set(_FOUND) == set(_CLEARED) == set(Finding.Kind)


@pytest.mark.parametrize("kind", Kind)
def test_tell_does_without_a_person_and_names(kind: Kind) -> None:
    """A kind with the least its service writes, by the system itself and without names, is still a sentence."""
    least = {
        Kind.LOCATED: {"estate": "e", "need_item": "3.1"},
        Kind.ASSIGNED: {"lead": "p"},
        Kind.REASSIGNED: {"previous": None, "lead": "p", "reason": ""},
        Kind.RULED: {"lead": "p"},
        Kind.RETURNED: {"party": "p", "ground": "g", "legal_basis": ""},
        Kind.FOUND: {"finding": "vacuum"},
        Kind.DEADLINE_MOVED: {"year": 2027, "before": {}, "after": {}},
        Kind.CLEARED: {"finding": "overdue"},
        Kind.ESCALATED: {"rule": 1, "trigger": "overdue", "action": "remind"},
        Kind.CLAIMED: {"party": "p", "ground": ""},
        Kind.DISCLAIMED: {"party": "p", "ground": "g"},
        Kind.AGREED: {"lead": "p", "previous": None},
        Kind.DISPUTE_OPENED: {"parties": [], "level": None, "due_at": None},
        Kind.DISPUTE_RAISED: {"from": "l", "level": None, "due_at": None},
        Kind.PUT_IN_CHARGE: {"person": "王", "previous_person": None},
        Kind.LEFT: {"person": "王"},
        Kind.RATED: {"contacted": None, "solved": None, "satisfied": None},
        Kind.ASKED: {"request": "hold", "amount": None, "unit": "", "until": None},
        Kind.EXTENDED: {"request": "extension", "party": "p", "before": None, "due_at": None},
        Kind.HELD: {"request": "hold", "party": "p", "until": None},
        Kind.REFUSED: {"request": "hold", "party": "p"},
        Kind.DEADLINE_MOVED: {"year": 2027, "before": {}, "after": {}},
        Kind.TIMER_STARTED: {"timer": "t", "due_at": None},
        Kind.TIMER_EXTENDED: {"timer": "t", "before": None, "due_at": None},
        Kind.TIMER_STOPPED: {"timer": "t", "due_at": None, "late": False},
        Kind.LINKED: {"main_case": "AZ-1"},
        Kind.DUPLICATE: {"duplicate": "AZ-1"},
        Kind.ATTACHED: {"attachment": 1, "kind": "document", "name": "n"},
    }
    event = CaseEvent(kind=kind, at=MONDAY, details=least.get(kind, {}))

    assert str(tell(event, Names()).sentence)


def test_story_escapes_what_people_wrote(lead: Membership) -> None:
    lead.user.name = "<script>alert(1)</script>"
    lead.user.save()
    case = logged_case()
    return_case(case, by=lead, ground="x")

    assert "<script>" not in "".join(sentences(case))
    assert "&lt;script&gt;" in sentences(case)[1]


def test_story_looks_names_up_once(
    lead: Membership, coordinator: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="x")
    for _ in range(3):
        reassign_case(case, by=coordinator, lead=PartyFactory(), reason="y")
    events = list(case.events.select_related("by__user", "by__party"))
    calendar = load_work_calendar()

    with django_assert_num_queries(1):
        assert len(story(events, calendar)) == len(events)

"""Doing something with a case on a page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from cases.models import Case, EscalationRule, ReplyTemplate
from cases.services.comment_on_case import comment_on_case
from cases.services.escalate import escalate
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from cases.views import act_on_case, fetch
from cases.workflow import Action
from stakeholders.models import Membership
from tests.cases.views.conftest import BrowserOf
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory, PartyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1", party__name_en="Anju").party, user__name="陈立军")


def address(case: Case, action: str) -> str:
    return f"/cases/{case.number}/actions/{action}/"


def seen_in(page: str) -> str:
    """The line of the history that the first form of the page sends back."""
    return page.split('name="seen" value="')[1].split('"')[0]


def handling(lead: Membership, by: Membership) -> Case:
    """A case that the lead has signed for."""
    return sign_for_case(logged_case(by=by), by=lead)


def resolved(lead: Membership, by: Membership) -> Case:
    """A case that waits to be checked."""
    return resolve_case(handling(lead, by), by=lead, reason="已清运")


def test_act_reassigns_to_the_party_that_was_chosen(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    works = PartyFactory()
    case = logged_case(by=coordinator)

    browser_of(coordinator).post(address(case, "reassign"), {"lead": works.code, "reason": "先办"})

    case.refresh_from_db()
    assert case.lead == works


def test_act_locates_a_case(browser_of: BrowserOf, coordinator: Membership, lead: Membership) -> None:
    building = BuildingFactory()
    case = logged_case(by=coordinator, need_item=None)

    typed = {"place": f"building:{building.code}", "need_item": "3.1"}
    browser_of(coordinator).post(address(case, "locate"), typed)

    case.refresh_from_db()
    assert (case.building, case.need_item, case.lead) == (building, item("3.1"), lead.party)


@pytest.mark.parametrize(
    ("action", "who", "make", "field", "said"),
    [
        ("return", "lead", handling, "ground", "Say why: the coordinator decides by what you write."),
        ("resolve", "lead", handling, "reason", "Say what was done: somebody will check it."),
        ("rework", "coordinator", resolved, "reason", "Say what is still to be done."),
        ("void", "coordinator", handling, "reason", "Say why: the reason stays readable."),
        ("reassign", "coordinator", handling, "lead", "Choose a party."),
        ("comment", "coordinator", handling, "reason", "Write something."),
    ],
)
def test_act_asks_for_what_is_missing(  # noqa: PLR0917
    browser_of: BrowserOf,
    coordinator: Membership,
    lead: Membership,
    action: str,
    who: str,
    make: Callable[[Membership, Membership], Case],
    field: str,
    said: str,
) -> None:
    case = make(lead, coordinator)
    before = case.head_seq

    answer = browser_of(lead if who == "lead" else coordinator).post(address(case, action), {})

    assert answer.status_code == 422
    assert said in answer.content.decode().split(f'id="id_{field}"')[1]
    case.refresh_from_db()
    assert case.head_seq == before


@pytest.mark.parametrize("text", ["a\0b", "字" * 2001])
def test_act_refuses_text_that_cannot_be_kept(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, text: str
) -> None:
    case = handling(lead, coordinator)

    assert browser_of(lead).post(address(case, "resolve"), {"reason": text}).status_code == 422


@pytest.mark.parametrize("code", ["nobody", "a\0b"])
def test_act_refuses_a_party_that_is_not_there(browser_of: BrowserOf, coordinator: Membership, code: str) -> None:
    case = logged_case(by=coordinator)

    answer = browser_of(coordinator).post(address(case, "reassign"), {"lead": code, "reason": "x"})

    assert answer.status_code == 422


def test_act_offers_the_parties_of_the_duty_list_first(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    other = MandateFactory(item="3.1").party
    PartyFactory(code="closed", closed_at="2020-01-01T00:00Z")
    case = logged_case(by=coordinator)

    page = browser_of(coordinator).get(address(case, "reassign")).content.decode()

    first, rest = page.split('<optgroup label="Named by the duty list">')[1].split("</optgroup>")[:2]
    assert f'value="{lead.party.code}"' in first
    assert f'value="{other.code}"' in first
    assert f'value="{coordinator.party.code}"' in rest
    assert 'value="closed"' not in page


def test_act_leaves_out_the_party_that_has_the_case(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = logged_case(by=coordinator)

    page = browser_of(coordinator).get(address(case, "reassign")).content.decode()

    assert f'<option value="{lead.party.code}"' not in page


def test_act_keeps_what_was_typed_when_the_case_has_moved_on(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = handling(lead, coordinator)
    browser = browser_of(lead)
    browser.get(address(case, "resolve"))
    resolve_case(case, by=lead, reason="同事先报了")

    answer = browser.post(address(case, "resolve"), {"reason": "清了两车"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The case is “resolved” by now; this is not possible any more." in page
    assert "What happened last: <b>Anju</b> reports it done." in page
    assert "清了两车</textarea>" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_act_does_not_overwrite_what_somebody_has_just_decided(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = logged_case(by=coordinator)
    browser, mine, theirs = browser_of(coordinator), PartyFactory(), PartyFactory(name_en="Works")
    seen = seen_in(browser.get(address(case, "reassign")).content.decode())
    reassign_case(case, by=MembershipFactory(coordinator=True, user__name="王强"), lead=theirs, reason="先办")
    typed = {"lead": mine.code, "reason": "派给我们"}

    answer = browser.post(address(case, "reassign"), {**typed, "seen": seen})

    page = answer.content.decode()
    case.refresh_from_db()
    assert (answer.status_code, case.lead) == (409, theirs)
    assert "The case has changed since you opened this page." in page
    assert "What happened last: <b>王强</b> reassigned it from <b>Anju</b> to <b>Works</b>." in page
    assert "派给我们</textarea>" in page

    browser.post(address(case, "reassign"), {**typed, "seen": seen_in(page)})

    case.refresh_from_db()
    assert case.lead == mine


def test_act_is_not_stopped_by_what_the_clock_finds(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = logged_case(by=coordinator)
    browser, works = browser_of(coordinator), PartyFactory()
    seen = seen_in(browser.get(address(case, "reassign")).content.decode())
    comment_on_case(case, reason="何时来人？", by=lead)
    sweep_clocks(at=case.resolve_due_at + timedelta(minutes=1))
    escalate(at=case.resolve_due_at + timedelta(minutes=1))
    assert {event.kind for event in case.events.filter(seq__gt=seen)} >= {"commented", "found", "escalated"}

    answer = browser.post(address(case, "reassign"), {"lead": works.code, "reason": "先办", "seen": seen})

    case.refresh_from_db()
    assert (answer.status_code, case.lead) == (302, works)


def test_act_is_stopped_by_a_step_that_hands_over(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    lead.party.supervisor = PartyFactory()
    lead.party.save()
    case = logged_case(by=coordinator)
    browser = browser_of(coordinator)
    seen = seen_in(browser.get(address(case, "reassign")).content.decode())
    EscalationRule.objects.create(trigger="overdue", amount=0, action="hand_over")
    sweep_clocks(at=case.resolve_due_at + timedelta(minutes=1))
    escalate(at=case.resolve_due_at + timedelta(minutes=1))

    answer = browser.post(address(case, "reassign"), {"lead": PartyFactory().code, "reason": "先办", "seen": seen})

    case.refresh_from_db()
    assert (answer.status_code, case.lead) == (409, lead.party.supervisor)


def test_act_sees_who_was_quicker_by_the_blink_of_an_eye(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = logged_case(by=coordinator)
    theirs = PartyFactory()

    def while_it_is_read(by: Membership, number: str) -> Case:
        monkeypatch.setattr(act_on_case, "get_case", fetch.get_case)
        read = fetch.get_case(by, number)
        reassign_case(case, by=coordinator, lead=theirs, reason="先办")
        return read

    monkeypatch.setattr(act_on_case, "get_case", while_it_is_read)
    answer = browser_of(coordinator).post(address(case, "reassign"), {"lead": PartyFactory().code, "reason": "x"})

    case.refresh_from_db()
    assert (answer.status_code, case.lead) == (409, theirs)
    assert "The case has changed since you opened this page." in answer.content.decode()


def test_act_keeps_what_was_seen_while_a_typing_error_is_mended(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = handling(lead, coordinator)

    page = browser_of(lead).post(address(case, "resolve"), {"reason": "", "seen": case.head_seq}).content.decode()

    assert seen_in(page) == str(case.head_seq)


@pytest.mark.parametrize("page", ["/desk/", "/cases/{case.number}/"])
def test_one_click_names_the_line_that_was_seen(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, page: str
) -> None:
    case = logged_case(by=coordinator)
    form = browser_of(lead).get(page.format(case=case)).content.decode().split("/actions/accept/")[1]

    assert seen_in(form) == str(case.head_seq)


@pytest.mark.parametrize("seen", ["", "0", "x", "²", "9" * 20, "9" * 5000, "a\0b"])
def test_act_takes_nothing_else(browser_of: BrowserOf, coordinator: Membership, lead: Membership, seen: str) -> None:
    case = logged_case(by=coordinator)

    assert browser_of(lead).post(address(case, "accept"), {"seen": seen}).status_code == 409


def test_act_keeps_what_was_typed_when_the_case_is_somebody_elses(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = handling(lead, coordinator)
    reassign_case(case, by=coordinator, lead=PartyFactory(name_en="Works"), reason="改派")

    answer = browser_of(lead).post(address(case, "resolve"), {"reason": "清了两车"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Works handles this; you may comment on the case, but not do this." in page
    assert "<b>周敏</b> reassigned it from <b>Anju</b> to <b>Works</b>." in page
    assert "清了两车</textarea>" in page


def test_act_says_at_once_that_it_is_too_late(browser_of: BrowserOf, coordinator: Membership, lead: Membership) -> None:
    case = resolved(lead, coordinator)

    answer = browser_of(lead).get(address(case, "resolve"))

    assert answer.status_code == 409
    assert "<textarea" not in answer.content.decode()


def test_act_says_whose_it_is(browser_of: BrowserOf, coordinator: Membership, lead: Membership) -> None:
    case = logged_case(by=coordinator)

    answer = browser_of(coordinator).get(address(case, "accept"))

    assert answer.status_code == 403
    assert "Anju handles this; you may comment on the case, but not do this." in answer.content.decode()


def test_act_does_not_let_the_party_close_what_it_handled(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = resolved(lead, coordinator)

    assert browser_of(lead).post(address(case, "close"), {}).status_code == 403
    case.refresh_from_db()
    assert case.stage == "resolved"


def test_act_returns_to_the_desk_it_came_from(browser_of: BrowserOf, coordinator: Membership, lead: Membership) -> None:
    case = logged_case(by=coordinator)

    answer = browser_of(lead).post(address(case, "accept"), {"back": "desk"})

    assert answer.headers["location"] == "/desk/"


@pytest.mark.parametrize("action", ["explode", "ACCEPT", "Action.ACCEPT"])
def test_act_knows_its_actions(browser_of: BrowserOf, coordinator: Membership, action: str) -> None:
    assert browser_of(coordinator).get(address(logged_case(by=coordinator), action)).status_code == 404


@pytest.mark.parametrize("action", Action)
def test_act_is_not_there_for_who_may_not_see_the_case(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership, action: str
) -> None:
    case = logged_case(by=coordinator, need_item=item("1.1"))
    browser = browser_of(lead)

    assert browser.get(address(case, action)).status_code == 404
    assert browser.post(address(case, action), {"reason": "x"}).status_code == 404


def test_act_is_for_members(client: Client, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)

    assert client.post(address(case, "comment"), {"reason": "x"}).status_code == 302
    client.force_login(UserFactory())
    assert client.post(address(case, "comment"), {"reason": "x"}).status_code == 403
    assert not case.events.filter(kind="commented").exists()


def test_act_on_a_case_that_the_party_has_returned_is_over(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = logged_case(by=coordinator)
    return_case(case, by=lead, ground="x")

    answer = browser_of(lead).post(address(case, "return"), {"ground": "again"})

    assert answer.status_code == 403
    assert "Nobody has this case now; it can be done by the party that gets it." in answer.content.decode()


@pytest.mark.parametrize(("action", "field"), [("resolve", "reason"), ("return", "ground")])
def test_templates_go_before_what_one_writes_oneself(
    browser_of: BrowserOf, lead: Membership, action: str, field: str
) -> None:
    case = sign_for_case(logged_case(), by=lead)
    one, other = ReplyTemplate.objects.filter(action=action)[:2]
    browser = browser_of(lead)
    page = browser.get(f"/cases/{case.number}/actions/{action}/").content.decode()

    taken = {"template": [one.pk, other.pk], field: "下周再看。", "seen": case.head_seq}
    browser.post(f"/cases/{case.number}/actions/{action}/", taken)

    assert f'name="template" value="{one.pk}"' in page
    [event] = case.events.filter(kind__in=["resolved", "returned"])
    assert event.details[field] == f"{one.text}\n{other.text}\n下周再看。"


def test_a_template_is_enough(browser_of: BrowserOf, lead: Membership) -> None:
    case = sign_for_case(logged_case(), by=lead)
    template = ReplyTemplate.objects.filter(action="resolve")[0]

    browser_of(lead).post(
        f"/cases/{case.number}/actions/resolve/", {"template": ["x", template.pk], "reason": "", "seen": case.head_seq}
    )

    case.refresh_from_db()
    assert case.stage == "resolved"


def test_template_of_another_action_is_none(browser_of: BrowserOf, lead: Membership) -> None:
    case = sign_for_case(logged_case(), by=lead)
    template = ReplyTemplate.objects.filter(action="rework")[0]

    answer = browser_of(lead).post(f"/cases/{case.number}/actions/resolve/", {"template": [template.pk]})

    assert answer.status_code == 422

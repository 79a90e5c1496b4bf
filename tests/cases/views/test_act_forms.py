"""What single forms show and offer before somebody decides."""

from typing import Any

import pytest

from cases.models import Case
from cases.services.claim_case import claim_case
from cases.services.verify_case import verify_case
from stakeholders.models import Membership, Ruling
from tests.cases.cast import LIMIT, Cast
from tests.cases.views.conftest import BrowserOf
from tests.factories.stakeholders import MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of(browser_of: BrowserOf) -> Any:
    def read(case: Case, action: str, by: Membership) -> str:
        text: str = browser_of(by).get(f"/cases/{case.number}/actions/{action}/").content.decode()
        return text.split("<main")[1]

    return read


def send(browser_of: BrowserOf, case: Case, action: str, by: Membership, typed: dict[str, Any]) -> Any:
    return browser_of(by).post(f"/cases/{case.number}/actions/{action}/", typed)


def test_decision_shows_who_asked_for_what_and_why_and_what_comes_of_it(cast: Cast, page_of: Any) -> None:
    page = page_of(cast.asks_for_time(), "decide_extension", cast.coordinator)

    assert "<dt>Asked for</dt><dd>2 working days</dd>" in page
    assert "<dt>By</dt><dd>Anju · 陈立军</dd>" in page
    assert "<dt>Why</dt><dd>等配件</dd>" in page
    assert "<dt>Deadline now</dt><dd>17 Nov 17:30</dd>" in page
    assert "<dt>Deadline then</dt><dd>19 Nov 17:30</dd>" in page


def test_decision_on_a_hold_shows_when_it_ends_and_what_is_left_then(cast: Cast, page_of: Any) -> None:
    case = cast.asks_for_hold()

    page = page_of(case, "decide_hold", cast.coordinator)

    assert "<dt>Asked for</dt><dd>until 18 Nov 17:30</dd>" in page
    assert "<dt>Deadline now</dt><dd>17 Nov 17:30</dd>" in page
    assert "<dt>Deadline then</dt><dd>19 Nov 17:30</dd>" in page
    assert Case.objects.get().deadlines == case.deadlines


@pytest.mark.parametrize(("grant", "kind"), [("true", "extended"), ("false", "refused")])
def test_decision_is_yes_or_no(cast: Cast, browser_of: BrowserOf, grant: str, kind: str) -> None:
    case = cast.asks_for_time()

    send(browser_of, case, "decide_extension", cast.coordinator, {"grant": grant, "reason": "x"})

    assert case.events.filter(kind=kind).exists()


def test_span_may_be_a_moment_on_the_local_clock(cast: Cast, browser_of: BrowserOf, page_of: Any) -> None:
    case = cast.handling()

    assert "Local time: Asia/Shanghai" in page_of(case, "hold", cast.lead)
    typed = {"until": "2026-11-18T12:00", "amount": "", "unit": "working_day", "reason": "等配件"}
    send(browser_of, case, "hold", cast.lead, typed)

    assert case.time_requests.get().until.isoformat() == "2026-11-18T04:00:00+00:00"


@pytest.mark.parametrize("action", ["hold", "extend"])
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": "2", "until": "2026-11-18T12:00", "unit": "hour"}, "until"),
        ({"unit": "hour"}, "until"),
        ({"until": "2026-11-01T12:00"}, "until"),
        ({"until": "0001-01-01T00:00"}, "until"),
        ({"until": "9999-12-31T23:59"}, "until"),
        ({"amount": "0", "unit": "hour"}, "amount"),
        ({"amount": "10000", "unit": "hour"}, "amount"),
        ({"amount": "2", "unit": "year"}, "unit"),
        ({"amount": "2"}, "unit"),
    ],
)
def test_span_is_an_amount_with_its_unit_or_a_moment(
    cast: Cast, browser_of: BrowserOf, action: str, typed: dict[str, str], field: str
) -> None:
    answer = send(browser_of, cast.handling(), action, cast.lead, {"reason": "x", **typed})

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_ruling_shows_what_each_party_says(cast: Cast, page_of: Any) -> None:
    case = cast.asked()
    claim_case(case, by=cast.other, ground="合同约定", legal_basis="第 3 条")

    page = page_of(case, "rule", cast.coordinator)

    assert "<dt>Works</dt><dd>ours · 合同约定 · 第 3 条</dd>" in page
    assert "<dt>Anju</dt><dd>has not answered</dd>" in page
    claiming, named = page.split("<optgroup")[1:3]
    assert 'label="Says it is theirs"' in claiming
    assert f'value="{cast.other.party.code}"' in claiming
    assert f'value="{cast.lead.party.code}"' in named


@pytest.mark.parametrize(
    ("scope", "place", "matter"),
    [("building", "building", "need_item"), ("estate", "estate", "need_item"), ("class", "estate", "need_class")],
)
def test_ruling_from_now_on_goes_to_the_ledger(
    cast: Cast, browser_of: BrowserOf, scope: str, place: str, matter: str
) -> None:
    case = cast.returned()
    typed = {"lead": cast.other.party.code, "scope": scope, "reason": "按合同", "document_no": "8 号"}

    send(browser_of, case, "rule", cast.coordinator, typed)

    ruling = Ruling.objects.get()
    set_fields = {name for name in ("area", "estate", "building", "need_class", "need_item") if getattr(ruling, name)}
    assert set_fields == {place, matter}
    assert case.rulings.get().ruling == ruling
    assert (ruling.lead, ruling.document_no) == (cast.other.party, "8 号")


def test_ruling_on_this_case_alone_leaves_the_ledger_as_it_is(cast: Cast, browser_of: BrowserOf) -> None:
    case = cast.returned()

    send(browser_of, case, "rule", cast.coordinator, {"lead": cast.other.party.code, "scope": "case", "reason": "x"})

    case.refresh_from_db()
    assert (case.lead, Ruling.objects.count()) == (cast.other.party, 0)


def test_ruling_on_a_case_without_a_place_is_for_this_case_alone(cast: Cast, page_of: Any) -> None:
    page = page_of(cast.unlocated(), "rule", cast.coordinator)

    assert page.count('name="scope"') == 1


def test_person_in_charge_is_a_handler_of_the_party(cast: Cast, page_of: Any) -> None:
    colleague = MembershipFactory(party=cast.lead.party, user__name="李芳")
    MembershipFactory(party=cast.lead.party, auditor=True, user__name="审计")
    MembershipFactory(party=cast.lead.party, until="2025-01-01T00:00Z", user__name="离职")

    page = page_of(cast.handling(), "put_in_charge", cast.lead)

    assert page.count("<option ") == 2
    assert f'<option value="{cast.lead.pk}" selected>陈立军</option>' in page
    assert f'<option value="{colleague.pk}">李芳</option>' in page


def test_main_case_is_found_by_its_number_however_it_was_copied(cast: Cast, browser_of: BrowserOf) -> None:
    main, case = cast.logged(), cast.logged()

    send(browser_of, case, "link_duplicate", cast.coordinator, {"main_case": f" {main.number.lower()} "})

    case.refresh_from_db()
    assert (case.main_case, case.stage) == (main, "void")


@pytest.mark.parametrize("number", ["AZ-19990101-0001", "a\0b", "itself", "elsewhere"])
def test_main_case_that_cannot_be_one_is_refused_at_the_field(cast: Cast, browser_of: BrowserOf, number: str) -> None:
    case, hidden = cast.logged(), Cast().logged()
    near = MembershipFactory(coordinator=True, area=case.area)
    typed = {"itself": case.number, "elsewhere": hidden.number}.get(number, number)

    answer = send(browser_of, case, "link_duplicate", near, {"main_case": typed})

    assert answer.status_code == 422
    assert 'id="id_main_case_error"' in answer.content.decode()


def test_close_asks_for_words_only_while_nobody_has_verified_it(cast: Cast, page_of: Any) -> None:
    case = cast.resolved()
    assert "How it was checked</label>" in page_of(case, "close", cast.coordinator)

    verify_case(case, by=cast.coordinator, reason="现场核查")

    assert 'Remark <span class="quiet small">optional</span>' in page_of(case, "close", cast.coordinator)


def test_rating_takes_no_answer_for_an_answer(cast: Cast, browser_of: BrowserOf) -> None:
    case = cast.closed()

    send(browser_of, case, "rate", cast.coordinator, {"contacted": "true", "solved": "", "satisfied": "false"})

    rating = case.ratings.get()
    assert (rating.contacted, rating.solved, rating.satisfied) == (True, None, False)


def test_timers_that_run_are_offered_with_how_far_they_go(cast: Cast, page_of: Any) -> None:
    case = cast.with_timer()

    page = page_of(case, "extend_timer", cast.coordinator)

    assert page.count("<option ") == 1
    assert f'<option value="{LIMIT}">' in page
    assert "ends 15 Jan 2027 17:30, at the latest 15 Feb 2027 17:30" in page


def test_timer_may_have_begun_before(cast: Cast, browser_of: BrowserOf) -> None:
    case = cast.logged()

    send(browser_of, case, "start_timer", cast.coordinator, {"rule": "gas-complaint", "started_at": "2026-11-10T09:00"})

    assert case.timers.get().started_at.isoformat() == "2026-11-10T01:00:00+00:00"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "2026-11-17T09:00"])
def test_timer_begins_at_a_moment_that_can_be(cast: Cast, browser_of: BrowserOf, moment: str) -> None:
    answer = send(
        browser_of, cast.logged(), "start_timer", cast.coordinator, {"rule": "gas-complaint", "started_at": moment}
    )

    assert answer.status_code == 422
    assert 'id="id_started_at_error"' in answer.content.decode()


def test_reassign_names_several_that_support(cast: Cast, browser_of: BrowserOf) -> None:
    case, helpers = cast.logged(), [PartyFactory(), PartyFactory()]
    typed = {"lead": cast.other.party.code, "supports": [each.code for each in helpers], "reason": "先办"}

    send(browser_of, case, "reassign", cast.coordinator, typed)

    assert {each.party for each in case.custodies.filter(role="support")} == set(helpers)


# The buttons on the page of the case


def test_case_shows_four_buttons_and_keeps_the_rest_in_a_menu(cast: Cast, browser_of: BrowserOf) -> None:
    case = cast.handling()

    page = browser_of(cast.lead).get(case.get_absolute_url()).content.decode()

    bar = page.split('class="actions"')[1]
    buttons, wide, phone = bar.split("<details")[:3]
    links = [part.split("/actions/")[1].split("/")[0] for part in buttons.split('href="/cases/')[1:]]
    assert links == ["resolve", "return", "contact", "put_in_charge"]
    assert buttons.count("only-wide") == 2
    assert "only-wide" in wide.split(">")[0]
    assert [f"/actions/{each}/" in wide for each in ("put_in_charge", "extend", "hold", "attach")] == [
        False,
        True,
        True,
        True,
    ]
    assert "/actions/contact/" in phone
    assert "/actions/return/" not in phone

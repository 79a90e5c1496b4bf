"""Trying a step out, saving it, switching it off; and the lists of where it fired or would have fired."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.dry_run import Step
from cases.models import EscalationRule
from cases.services.escalate import escalate
from cases.services.sweep_clocks import sweep_clocks
from settle_gov.web.rules import fired as lists
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db

RULES = "/rules/"
DRAFT = {"trigger": "vacuum", "amount": 2, "unit": "hour", "action": "list"}
HOUR = timedelta(hours=1)


@pytest.fixture
def keeper():
    return MembershipFactory(administrator=True)


@pytest.fixture
def browser(signed_in, keeper):
    return signed_in(keeper)


@pytest.fixture
def raised() -> EscalationRule:
    """The step of the default ladder that raises a vacuum after two working days."""
    return EscalationRule.objects.get(trigger="vacuum", action="raise")


def old_cases(count: int) -> list:
    """Cases for which nobody has answered, logged an hour after each other some ten days ago."""
    began = timezone.now() - timedelta(days=10)
    return [logged_case(at=began + number * HOUR) for number in range(count)]


def tried(answer) -> list[tuple[str, bool, bool, int]]:
    return [(each.words, each.before, each.after, each.outcome.firings) for each in answer.context["trial"].tried]


def test_step_form_asks_before_it_tries_anything_out(browser):
    answer = browser.get(f"{RULES}steps/new/", {"trigger": "stalled"})

    assert answer.status_code == 200
    assert answer.context["form"]["trigger"].value() == "stalled"
    assert "trial" not in answer.context


def test_new_step_is_tried_out_beside_those_that_are_there(browser):
    cases = old_cases(2)

    answer = browser.get(f"{RULES}steps/new/", DRAFT)

    assert tried(answer) == [
        ("At once: tell the coordinator", True, True, 2),
        ("After 2 hours: list for supervision", False, True, 2),
        ("After 2 working days: raise to the supervising party", True, True, 2),
    ]
    assert [row.case for row in answer.context["trial"].rows] == [cases[1], cases[0]]
    assert cases[0].get_absolute_url() in answer.content.decode()
    assert cases[0].place in answer.content.decode()
    assert not EscalationRule.objects.filter(action="list", trigger="vacuum").exists()


def test_changed_step_is_tried_out_in_place_of_the_old_one(browser, raised):
    old_cases(1)

    answer = browser.get(f"{RULES}steps/{raised.pk}/change/", {**DRAFT, "action": "raise"})

    assert tried(answer) == [
        ("At once: tell the coordinator", True, True, 1),
        ("After 2 hours: raise to the supervising party", False, True, 1),
        ("After 2 working days: raise to the supervising party", True, False, 1),
    ]


def test_new_step_is_saved_by_what_the_trial_offers(browser):
    trial = browser.get(f"{RULES}steps/new/", DRAFT)
    hidden = {field.name: field.value() for field in trial.context["form"]}

    answer = browser.post(f"{RULES}steps/new/", hidden)

    rule = EscalationRule.objects.get(trigger="vacuum", action="list")
    assert answer.url == f"{RULES}#{rule}"
    assert Step.of(rule) == Step(**DRAFT)


def test_changed_step_is_saved_as_another_one(browser, raised):
    answer = browser.post(f"{RULES}steps/{raised.pk}/change/", {"amount": 3, "unit": "hour", "action": "raise"})

    raised.refresh_from_db()
    fresh = EscalationRule.objects.get(trigger="vacuum", action="raise", is_active=True)
    assert (answer.url, raised.is_active, fresh.amount) == (f"{RULES}#{fresh}", False, 3)


@pytest.mark.parametrize("method", ["get", "post"])
def test_step_form_names_what_is_wrong(browser, method):
    wrong = {"trigger": "bored", "amount": "-1", "unit": "week", "action": "shout"}

    answer = getattr(browser, method)(f"{RULES}steps/new/", wrong)

    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["action", "amount", "trigger", "unit"]


def test_same_step_twice_is_refused_at_its_field(browser, raised):
    twice = {"trigger": "vacuum", "amount": 2, "unit": "working_day", "action": "raise"}

    answer = browser.post(f"{RULES}steps/new/", twice)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"amount": [f"There is such a step already: {raised}."]}


def test_step_is_switched_off_and_on_again(browser, raised):
    browser.post(f"{RULES}steps/{raised.pk}/switch/", {"is_active": "false"})
    off = EscalationRule.objects.get(pk=raised.pk).is_active
    answer = browser.post(f"{RULES}steps/{raised.pk}/switch/", {"is_active": "true"})

    assert (off, EscalationRule.objects.get(pk=raised.pk).is_active) == (False, True)
    assert answer.url == f"{RULES}#{raised}"


def test_step_that_is_not_there_is_not_found(browser):
    assert browser.get(f"{RULES}steps/9999/change/").status_code == 404
    assert browser.get(f"{RULES}steps/9999/fired/").status_code == 404


# The lists


def pages(browser, address: str) -> list[list]:
    """The cases of a list, page by page."""
    found = []
    while address:
        answer = browser.get(address)
        found.append([row.case for row in answer.context["rows"]])
        address = answer.context["next"]
    return found


def dry(step: dict) -> str:
    return f"{RULES}dry-run/?" + "&".join(f"{name}={value}" for name, value in step.items())


def test_fired_lists_the_cases_of_a_step_newest_first(browser, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    rule = EscalationRule.objects.get(trigger="vacuum", amount=0)
    cases = []
    for day in (9, 8, 7):
        cases.append(logged_case(at=timezone.now() - timedelta(days=day)))
        escalate(at=timezone.now() - timedelta(days=day))

    assert pages(browser, f"{RULES}steps/{rule.pk}/fired/") == [[cases[2], cases[1]], [cases[0]]]


def test_dry_run_lists_all_cases_page_by_page(browser, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    cases = old_cases(3)

    assert pages(browser, dry(DRAFT)) == [[cases[2], cases[1]], [cases[0]]]
    assert browser.get(dry(DRAFT)).context["total"] == 3


def test_lists_name_who_leads_now(browser):
    lead = MandateFactory(item="3.1", party__name_en="Anju Property").party
    case = logged_case(at=timezone.now() - timedelta(days=20))

    page = browser.get(dry({**DRAFT, "trigger": "overdue"})).content.decode()

    assert case.lead == lead
    assert "<td>Anju Property</td>" not in page
    sweep_clocks(at=timezone.now() - timedelta(days=5))
    assert "<td>Anju Property</td>" in browser.get(dry({**DRAFT, "trigger": "overdue"})).content.decode()


def test_lists_show_only_cases_that_the_reader_sees(signed_in):
    mine, _other = old_cases(2)
    rule = EscalationRule.objects.get(trigger="vacuum", amount=0)
    escalate()
    browser = signed_in(MembershipFactory(auditor=True, area=mine.area))

    assert pages(browser, dry(DRAFT)) == [[mine]]
    assert pages(browser, f"{RULES}steps/{rule.pk}/fired/") == [[mine]]


def test_lists_say_so_where_there_is_no_case(browser, raised):
    for address in (dry(DRAFT), f"{RULES}steps/{raised.pk}/fired/"):
        assert "On no case" in browser.get(address).content.decode()


def test_dry_run_names_what_is_wrong_with_its_address(browser):
    answer = browser.get(f"{RULES}dry-run/", {**DRAFT, "unit": "week"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["unit"]


@pytest.mark.parametrize("key", ["yesterday", "1"])
def test_lists_refuse_what_is_no_page(browser, raised, key):
    assert browser.get(f"{dry(DRAFT)}&after={key}").status_code == 400
    assert browser.get(f"{RULES}steps/{raised.pk}/fired/?after={key}").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_trial_take_as_many_queries_for_many_as_for_one(
    count, browser, django_assert_num_queries: DjangoAssertNumQueries
):
    old_cases(count)
    escalate()
    rule = EscalationRule.objects.get(trigger="vacuum", amount=0)
    fired = f"{RULES}steps/{rule.pk}/fired/"

    # session, user, membership, unread notices, late jobs; the rule, the rows, their number
    with django_assert_num_queries(8):
        assert len(browser.get(fired).context["rows"]) == count
    # ; the edition of the calendar, faults, what fired, the cases
    with django_assert_num_queries(9):
        assert len(browser.get(dry(DRAFT)).context["rows"]) == count
    # ; the steps beside it, estates elsewhere
    with django_assert_num_queries(11):
        assert len(browser.get(f"{RULES}steps/new/", DRAFT).context["trial"].rows) == count


def test_trial_hands_on_what_was_tried_under_no_second_id(browser):
    page = browser.get(f"{RULES}steps/new/", DRAFT).content.decode()

    for name, value in DRAFT.items():
        assert page.count(f'id="id_{name}"') == 1
        assert f'<input type="hidden" name="{name}" value="{value}">' in page

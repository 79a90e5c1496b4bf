"""The page of the rules: the ladder, the tables, and who reads and edits them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, DeadlineRule, DisputeLevel, EscalationRule, StatutoryRule
from cases.services.escalate import escalate
from cases.services.switch_escalation_step import switch_escalation_step
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import EstateFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db

RULES = "/rules/"


@pytest.fixture
def keeper():
    return MembershipFactory(administrator=True)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def rungs(answer) -> dict[str, list[tuple[str, str, int]]]:
    """What the ladder on a page shows: by fault, how long after, what, how often it fired."""
    flights = answer.context["ladder"].flights
    return {each.trigger.value: [(rung.after, rung.rule.action, rung.fired) for rung in each.rungs] for each in flights}


def test_rules_shows_the_steps_of_each_fault_in_time(signed_in, keeper):
    EscalationRule.objects.create(trigger="overdue", amount=3, unit="hour", action="hand_over")

    answer = signed_in(keeper).get(RULES)

    assert answer.status_code == 200
    assert rungs(answer)["overdue"] == [
        ("at once", "remind", 0),
        ("after 3 hours", "hand_over", 0),
        ("after 1 working day", "raise", 0),
        ("after 3 working days", "tell_coordinator", 0),
        ("after 10 working days", "list", 0),
    ]


def test_rules_counts_what_fired_in_the_last_month_on_cases_that_the_reader_sees(signed_in, keeper):
    cases = [logged_case(at=timezone.now()) for _ in range(2)]
    logged_case(at=timezone.now() - timedelta(days=40))
    escalate(at=timezone.now() - timedelta(days=39))
    escalate()

    assert rungs(signed_in(keeper).get(RULES))["vacuum"][0] == ("at once", "tell_coordinator", 2)
    narrow = MembershipFactory(auditor=True, area=cases[0].area)
    assert rungs(signed_in(narrow).get(RULES))["vacuum"][0] == ("at once", "tell_coordinator", 1)


def test_rules_keeps_steps_that_are_off_apart_and_names_faults_without_any(signed_in, keeper):
    rule = EscalationRule.objects.get(trigger="backstop")
    switch_escalation_step(rule, is_active=False, by=keeper)

    ladder = signed_in(keeper).get(RULES).context["ladder"]

    assert [rung.rule for rung in ladder.off] == [rule]
    assert ladder.bare == ["backstop"]


def test_rules_have_the_anchors_that_cases_name(signed_in, keeper):
    MandateFactory(item="3.1")
    case = logged_case()
    page = text(signed_in(keeper).get(RULES))

    assert f'id="DL-{case.deadlines["resolve"]["rule"]:03}"' in page
    assert f'id="{EscalationRule.objects.first()}"' in page


def test_rules_lists_deadlines_with_the_most_specific_first(signed_in, keeper):
    DeadlineRule.objects.filter(clock="resolve").delete()
    everything = DeadlineRule.objects.create(clock="resolve", amount=1, unit="hour")
    narrow = DeadlineRule.objects.create(clock="resolve", need_item=item(), amount=1, unit="hour")
    urgent = DeadlineRule.objects.create(clock="resolve", urgency="E", amount=1, unit="hour")
    of_class = DeadlineRule.objects.create(clock="resolve", need_class=item().need_class, amount=1, unit="hour")

    clocks = dict(signed_in(keeper).get(RULES).context["clocks"])

    assert [line.rule for line in clocks["resolve"]] == [narrow, of_class, urgent, everything]


def test_rules_shows_levels_and_limits(signed_in, keeper):
    page = signed_in(keeper).get(RULES)

    assert [line.rule for line in page.context["levels"]] == list(DisputeLevel.objects.all())
    assert {line.rule for line in page.context["limits"]} == set(StatutoryRule.objects.all())
    assert StatutoryRule.objects.first().article in text(page)


def test_rules_says_so_where_there_is_none(signed_in, keeper):
    for model in (EscalationRule, DeadlineRule, DisputeLevel, StatutoryRule):
        model.objects.all().delete()

    page = text(signed_in(keeper).get(RULES))

    assert "No step is in force" in page
    assert page.count("No rule: this clock does not run.") == 3
    assert "No level: disputes have no time limit." in page
    assert "None is entered." in page
    assert "Nobody has changed a rule" in page


def test_rules_tells_who_changed_what(signed_in, keeper):
    rule = EscalationRule.objects.get(trigger="backstop")
    browser = signed_in(keeper)
    browser.post(f"{RULES}steps/{rule.pk}/change/", {"amount": 5, "unit": "hour", "action": "remind"})

    changes = browser.get(RULES).context["changes"]

    fresh = EscalationRule.objects.get(trigger="backstop", is_active=True)
    assert [(each.by, each.rule, each.done) for each in changes] == [
        (str(keeper.user), str(rule), "switched off"),
        (str(keeper.user), str(fresh), f"added in place of {rule}"),
    ]


@pytest.mark.parametrize("trait", ["coordinator", "auditor"])
def test_rules_are_read_by_who_sees_an_area_and_edited_by_administrators_alone(signed_in, trait):
    browser = signed_in(MembershipFactory(**{trait: True}))
    rule = EscalationRule.objects.first()
    deadline = DeadlineRule.objects.first()

    page = text(browser.get(RULES))

    assert "Switch off" not in page
    assert "/change/" not in page
    for address in (
        "steps/new/",
        f"steps/{rule.pk}/change/",
        "deadlines/new/",
        f"deadlines/{deadline.pk}/change/",
    ):
        assert browser.get(f"{RULES}{address}").status_code == 403
    assert browser.post(f"{RULES}steps/{rule.pk}/switch/", {"is_active": "false"}).status_code == 403
    assert browser.post(f"{RULES}deadlines/{deadline.pk}/remove/").status_code == 403


def test_rules_have_no_buttons_for_what_the_reader_does_not_keep(signed_in):
    here = EstateFactory()
    mine = DeadlineRule.objects.create(clock="resolve", amount=1, unit="hour", estate=here)
    DeadlineRule.objects.create(clock="resolve", amount=1, unit="hour", estate=EstateFactory())
    browser = signed_in(MembershipFactory(administrator=True, area=here.area, user__is_staff=True))

    page = text(browser.get(RULES))

    assert "You keep the deadline rules of your own area." in page
    assert [part.partition("/change/")[0] for part in page.split('href="/rules/deadlines/')[1:]][1:] == [str(mine.pk)]
    assert f'href="{RULES}deadlines/new/"' in page
    assert f'href="{RULES}steps/new/' not in page
    assert "Switch off" not in page
    assert "Edit in the admin" not in page
    for address in ("steps/new/", f"steps/{EscalationRule.objects.first().pk}/change/"):
        answer = browser.get(f"{RULES}{address}")
        assert answer.status_code == 403
        assert "holds for the whole installation" in text(answer)


@pytest.mark.parametrize("traits", [{}, {"grid_worker": True}])
def test_rules_are_not_for_who_sees_cases_one_by_one(signed_in, traits):
    browser = signed_in(MembershipFactory(**traits))

    addresses = ["", "dry-run/", f"steps/{EscalationRule.objects.first().pk}/fired/"]
    assert [browser.get(f"{RULES}{each}").status_code for each in addresses] == [403, 403, 403]
    assert RULES not in text(browser.get("/me/"))


def test_rules_are_on_the_bar_of_administrators_and_on_the_page_of_others_who_read_them(signed_in, keeper):
    assert "Rules" in [str(entry.label) for entry in signed_in(keeper).get("/me/").context["page"].top_bar]
    assert f'href="{RULES}"' in text(signed_in(MembershipFactory(auditor=True)).get("/me/"))


@pytest.mark.parametrize("count", [1, 3])
def test_rules_takes_as_many_queries_for_many_as_for_one(
    count, signed_in, keeper, django_assert_num_queries: DjangoAssertNumQueries
):
    EscalationRule.objects.exclude(pk__in=EscalationRule.objects.all()[:count]).delete()
    DeadlineRule.objects.exclude(pk__in=DeadlineRule.objects.all()[:count]).delete()
    for _ in range(count):
        logged_case(at=timezone.now())
    escalate()
    browser = signed_in(keeper)
    for rule in EscalationRule.objects.all():
        switch_escalation_step(rule, is_active=False, by=keeper)
        switch_escalation_step(rule, is_active=True, by=keeper)
    browser.get(RULES)

    # session, user, membership, unread notices, late jobs; estates elsewhere; steps, what fired, deadlines, levels,
    # limits, changes
    with django_assert_num_queries(12):
        browser.get(RULES)
    assert Case.objects.count() == count

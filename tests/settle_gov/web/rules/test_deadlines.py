"""Editing deadline rules on the page."""

import pytest

from cases.models import DeadlineRule
from tests.factories.cases import item
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db

NEW = "/rules/deadlines/new/"


@pytest.fixture
def browser(signed_in):
    return signed_in(MembershipFactory(administrator=True))


def typed(**given: object) -> dict[str, object]:
    return {"clock": "resolve", "matter": "item:3.1", "urgency": "", "place": "", "amount": 3, "unit": "hour"} | given


def test_deadline_rule_is_added(browser):
    estate = EstateFactory()

    answer = browser.post(NEW, typed(place=f"estate:{estate.code}", urgency="E", basis="会议纪要 12 号"))

    rule = DeadlineRule.objects.get(estate=estate)
    assert answer.url == f"/rules/#{rule}"
    assert (rule.need_item, rule.urgency, rule.amount, rule.unit, rule.basis) == (
        item(),
        "E",
        3,
        "hour",
        "会议纪要 12 号",
    )


def test_deadline_rule_may_be_for_a_class_in_an_area(browser):
    area, need_class = EstateFactory().area, item().need_class

    browser.post(NEW, typed(matter=f"class:{need_class.code}", place=f"area:{area.code}"))

    assert DeadlineRule.objects.get(area=area).need_class == need_class


def test_deadline_rule_is_shown_as_it_is_and_changed(browser):
    rule = DeadlineRule.objects.get(clock="resolve", need_item=item())
    address = f"/rules/deadlines/{rule.pk}/change/"

    shown = {field.name: field.value() for field in browser.get(address).context["form"]}
    browser.post(address, {**shown, "amount": 77})

    assert (shown["matter"], shown["place"], shown["amount"]) == ("item:3.1", "", rule.amount)
    rule.refresh_from_db()
    assert (rule.amount, rule.need_item) == (77, item())


def test_deadline_rule_with_the_scope_of_another_is_refused_by_its_name(browser):
    other = DeadlineRule.objects.get(clock="resolve", need_item=item())

    answer = browser.post(NEW, typed())

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [f"{other} holds for the very same already; change that one."]


def test_deadline_form_names_what_is_wrong(browser):
    answer = browser.post(NEW, typed(clock="x", matter="item:99", urgency="x", place="area:1", amount=0, unit="x"))

    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["amount", "clock", "matter", "place", "unit", "urgency"]


def test_deadline_rule_is_removed(browser):
    rule = DeadlineRule.objects.first()

    answer = browser.post(f"/rules/deadlines/{rule.pk}/remove/")

    assert answer.url == "/rules/#deadlines"
    assert not DeadlineRule.objects.filter(pk=rule.pk).exists()


@pytest.fixture
def narrow(signed_in):
    """The browser of an administrator of one community, and its estate; there is another one elsewhere."""
    here = EstateFactory()
    EstateFactory()
    return signed_in(MembershipFactory(administrator=True, area=here.area)), here


def test_administrator_of_a_part_keeps_the_rules_of_that_part(narrow):
    browser, here = narrow

    offered = [key for key, _words in browser.get(NEW).context["form"].fields["place"].choices]
    answer = browser.post(NEW, typed(place=f"estate:{here.code}"))

    assert offered == [f"area:{here.area_id}", f"estate:{here.code}"]
    rule = DeadlineRule.objects.get(estate=here)
    assert answer.url == f"/rules/#{rule}"
    assert browser.get(f"/rules/deadlines/{rule.pk}/change/").status_code == 200


def test_administrator_of_a_part_must_say_where_a_rule_holds(narrow):
    answer = narrow[0].post(NEW, typed(urgency="P"))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["place"]


def test_administrator_of_a_part_is_told_why_a_rule_is_for_others(narrow):
    everywhere = DeadlineRule.objects.first()
    elsewhere = DeadlineRule.objects.create(clock="resolve", amount=1, unit="hour", estate=EstateFactory())

    for rule, words in ((everywhere, "holds for the whole installation"), (elsewhere, "whose area contains it")):
        for answer in (
            narrow[0].get(f"/rules/deadlines/{rule.pk}/change/"),
            narrow[0].post(f"/rules/deadlines/{rule.pk}/change/", typed()),
            narrow[0].post(f"/rules/deadlines/{rule.pk}/remove/"),
        ):
            assert answer.status_code == 403
            assert words in answer.content.decode()
    assert DeadlineRule.objects.filter(pk__in=[everywhere.pk, elsewhere.pk]).count() == 2

"""Rules and calendar are read once an edition, and a change of them is seen at once."""

from datetime import date

import pytest
from django.db import transaction
from django.db.models import F

from cases.models import DeadlineRule, DisputeLevel, EscalationRule, RulebookEdition, WorkCalendarDay, WorkCalendarYear
from cases.rulebook import Rulebook

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 11, 26)
KEPT, READ = 1, 1 + 5  # the mark; the mark, and one query a table


def mark() -> str:
    return RulebookEdition.objects.get().mark


def first_rule() -> DeadlineRule:
    return DeadlineRule.objects.order_by("pk")[0]


@pytest.mark.parametrize("model", [DeadlineRule, EscalationRule, DisputeLevel, WorkCalendarDay, WorkCalendarYear])
def test_the_database_marks_an_edition_with_every_change(model) -> None:
    marks = [mark()]
    row = model.objects.order_by("pk")[0]
    model.objects.filter(pk=row.pk).update(id=F("id"))
    marks.append(mark())
    model.objects.filter(pk=row.pk).delete()
    marks.append(mark())
    row.save(force_insert=True)
    marks.append(mark())

    assert len(set(marks)) == len(marks)


def test_an_edition_is_read_once(django_assert_num_queries) -> None:
    with django_assert_num_queries(READ):
        first = Rulebook()
        assert first.deadlines
        assert first.ladder
        assert first.levels
        assert first.calendar

    with django_assert_num_queries(KEPT):
        assert Rulebook().deadlines is first.deadlines


def test_a_change_is_seen_by_whoever_begins_after_it() -> None:
    begun, rule = Rulebook(), first_rule()
    assert begun.calendar.is_working_day(THURSDAY)
    WorkCalendarDay.objects.create(date=THURSDAY, kind="off", name="x", source="x")
    DeadlineRule.objects.filter(pk=rule.pk).update(amount=rule.amount + 1)

    assert begun.calendar.is_working_day(THURSDAY)
    assert not Rulebook().calendar.is_working_day(THURSDAY)
    assert next(each for each in begun.deadlines if each == rule).amount == rule.amount
    assert next(each for each in Rulebook().deadlines if each == rule).amount == rule.amount + 1


def test_a_change_that_is_taken_back_was_never_kept() -> None:
    begun, rule = Rulebook(), first_rule()
    assert begun.deadlines

    with transaction.atomic():
        DeadlineRule.objects.filter(pk=rule.pk).update(amount=77)
        assert {each.amount for each in Rulebook().deadlines if each == rule} == {77}
        transaction.set_rollback(True)
    assert {each.amount for each in Rulebook().deadlines if each == rule} == {rule.amount}

    DeadlineRule.objects.filter(pk=rule.pk).update(amount=78)
    assert {each.amount for each in Rulebook().deadlines if each == rule} == {78}


def test_without_a_mark_rules_are_read_each_time(django_assert_num_queries) -> None:
    RulebookEdition.objects.all().delete()

    for _turn in range(2):
        with django_assert_num_queries(READ):
            assert Rulebook().deadlines

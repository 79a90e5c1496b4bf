"""The seeded classes and items."""

import pytest

from stakeholders.models import NeedClass, NeedItem, NeedWord
from stakeholders.services.seed_needs import seed_needs

pytestmark = pytest.mark.django_db


def test_seed_needs_has_11_classes_and_31_items() -> None:
    assert (NeedClass.objects.count(), NeedItem.objects.count()) == (11, 31)


def test_seed_needs_leaves_edits_alone_and_adds_what_is_missing() -> None:
    NeedItem.objects.filter(code="3.1").update(name="垃圾")
    NeedItem.objects.filter(code="2.3").delete()

    added = seed_needs()

    assert added == 1
    assert NeedItem.objects.get(code="3.1").name == "垃圾"
    assert seed_needs() == 0


def test_seed_needs_adds_words_with_their_items_and_never_those_that_were_taken_away() -> None:
    NeedWord.objects.exclude(need_item__code="3.1").delete()
    NeedItem.objects.filter(code="2.3").delete()

    seed_needs()

    assert set(NeedWord.objects.values_list("need_item__code", flat=True)) == {"2.3", "3.1"}


def test_seed_needs_gives_words_to_what_was_there_before_there_were_any() -> None:
    NeedWord.objects.all().delete()

    assert seed_needs() == 0
    assert NeedWord.objects.values("need_item").distinct().count() == 31

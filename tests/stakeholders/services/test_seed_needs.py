"""The seeded classes and items."""

import pytest

from stakeholders.models import NeedClass, NeedItem
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

"""Remarks."""

import pytest

from cases.models import Case
from cases.services.comment_on_case import comment_on_case
from stakeholders.models import Membership

pytestmark = pytest.mark.django_db


def test_comment_on_case_changes_nothing_but_the_history(handling: Case, handler: Membership) -> None:
    before = Case.objects.get(pk=handling.pk)

    comment_on_case(handling, reason="等路面材料", by=handler)

    after = Case.objects.get(pk=handling.pk)
    kept = ("stage", "responsibility", "lead_id", "signed_at", "sign_due_at", "contact_due_at", "resolve_due_at")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert after.events.last().details == {"reason": "等路面材料"}
    assert (after.version, after.updated_at > before.updated_at) == (before.version + 1, True)

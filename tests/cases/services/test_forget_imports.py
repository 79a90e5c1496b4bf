"""Imports go 30 days after they have ended or were checked, and their cases stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case, CaseImport
from cases.services.forget_imports import forget_imports
from cases.services.work_off_import import work_off_import
from tests.factories.imports import checked_import, message, sent_import, started_import
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
OLD, FRESH = timedelta(days=30, seconds=1), timedelta(days=29)


def test_imports_go_after_thirty_days() -> None:
    by, now = MembershipFactory(administrator=True), timezone.now()
    for number, age in enumerate([OLD, FRESH]):
        done = started_import(by, [message(number)])
        work_off_import(done.pk)
        CaseImport.objects.filter(pk=done.pk).update(finished_at=now - age, name=f"done {age}")
        checked = checked_import(by, [message(number + 10)])
        CaseImport.objects.filter(pk=checked.pk).update(checked_at=now - age, name=f"checked {age}")
    sent_import(by, [message(20)])
    CaseImport.objects.filter(state="waiting").update(created_at=now - OLD)

    assert (forget_imports(), forget_imports()) == (2, 0)

    left = set(CaseImport.objects.values_list("name", flat=True))
    assert left == {f"done {FRESH}", f"checked {FRESH}", "messages.csv"}
    assert Case.objects.count() == 2

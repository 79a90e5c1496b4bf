"""work_off_imports: what a lost message has left is done, oldest first."""

import pytest
from django.db import DatabaseError

from cases.models import Case, CaseImport
from cases.services import work_off_imports as module
from cases.services.work_off_import import work_off_import
from cases.services.work_off_imports import work_off_imports
from tests.factories.imports import checked_import, message, sent_import, started_import
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def test_what_was_sent_is_checked_and_what_was_started_imported() -> None:
    administrator = MembershipFactory(administrator=True)
    kept = [make(administrator, [message(1)]) for make in (sent_import, checked_import, started_import)]

    assert (work_off_imports(), work_off_imports()) == (2, 0)

    states = dict(CaseImport.objects.values_list("pk", "state"))
    assert [states[each.pk] for each in kept] == ["checked", "checked", "done"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("fault", [DatabaseError, MemoryError, TypeError])
def test_one_that_cannot_be_gone_on_with_does_not_hold_up_the_others(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    administrator = MembershipFactory(administrator=True)
    broken, sound = sent_import(administrator, [message(1)]), sent_import(administrator, [message(2)])

    def fail_once(import_id: int, **given: object) -> int:
        if import_id == broken.pk:
            raise fault
        return work_off_import(import_id)

    monkeypatch.setattr(module, "work_off_import", fail_once)

    assert work_off_imports() == 1
    sound.refresh_from_db()
    assert sound.state == "checked"
    assert [record.getMessage() for record in caplog.records] == [f"Import {broken.pk} could not be gone on with"]

"""send_import: the file is kept as it came, and a worker hears of it."""

from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from cases.models import Case, CaseImport
from cases.services import send_import as module
from cases.services.send_import import send_import
from stakeholders.models import Membership
from stakeholders.roles import Role
from tests.factories.imports import message, sent_import
from tests.factories.stakeholders import AreaFactory, MembershipFactory, TownFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Membership:
    return MembershipFactory(administrator=True)


def test_send_import_keeps_the_file_its_digest_and_the_language_of_the_sender(administrator: Membership) -> None:
    with translation.override("zh-hans"):
        sent = sent_import(administrator, [message(1)], due="5 working_day")

    sent.refresh_from_db()
    assert (sent.state, sent.language, sent.area, sent.due) == (
        "waiting",
        "zh-hans",
        administrator.area,
        "5 working_day",
    )
    assert (sent.size, len(sent.sha256)) == (len(sent.content), 64)
    assert Case.objects.count() == 0


def test_send_import_tells_a_worker_once_it_is_committed(
    administrator: Membership,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda *task: told.append(task))

    with django_capture_on_commit_callbacks(execute=True):
        sent = sent_import(administrator, [message(1)])
        assert told == []

    assert told == [("cases.work_off_import", [sent.pk])]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_import(role: Role) -> None:
    given = {"grid_worker": True} if role == Role.GRID_WORKER else {"role": role}
    with pytest.raises(PermissionDenied):
        sent_import(MembershipFactory(**given), [message(1)])

    assert CaseImport.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "given"), [("mapping", {"mapping": "none"}), ("due", {"due": "soon"}), ("area", {"area": TownFactory})]
)
def test_what_cannot_be_meant_is_refused_at_once(field: str, given: dict[str, Any]) -> None:
    administrator = MembershipFactory(administrator=True, area=AreaFactory())
    given = {key: value() if callable(value) else value for key, value in given.items()}

    with pytest.raises(ValidationError) as refused:
        sent_import(administrator, [message(1)], **given)

    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"12345", "too_large")])
def test_a_file_that_is_empty_or_too_large_is_refused(
    administrator: Membership, monkeypatch: pytest.MonkeyPatch, content: bytes, code: str
) -> None:
    monkeypatch.setattr(module, "LARGEST", 4)

    with pytest.raises(ValidationError) as refused:
        send_import(ContentFile(content, name="a.csv"), by=administrator)

    assert refused.value.error_dict["file"][0].code == code

"""A list that can be read is kept as it was sent; nothing of it is recorded yet."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from stakeholders.models import DutyList, Mandate, Membership
from stakeholders.services.keep_duty_list import keep_duty_list
from tests.factories.stakeholders import EstateFactory, MembershipFactory, PartyFactory
from tests.stakeholders.duty_list.lists import duty_file, duty_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


def sent(content: bytes, name: str = "清单.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_list_is_kept_to_the_byte(coordinator):
    EstateFactory(code="donghu")
    content = duty_file(duty_row(PartyFactory().code, 小区="donghu"), encoding="gb18030").getvalue()

    keep_duty_list(sent(content), by=coordinator)

    kept = DutyList.objects.get()
    assert (kept.name, bytes(kept.content), kept.size) == ("清单.csv", content, len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (kept.uploaded_by, kept.recorded_at) == (coordinator, None)
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("清单.csv", b"", "empty"),
        ("清单.pdf", b"%PDF-1.7", "suffix"),
        ("清单.csv", "编号,标题\n1,路灯\n".encode(), "header"),
    ],
)
def test_what_is_no_duty_list_is_refused_at_its_field(coordinator, name, content, code):
    with pytest.raises(ValidationError) as refused:
        keep_duty_list(sent(content, name), by=coordinator)

    (error,) = refused.value.error_dict["file"]
    assert error.code == code
    assert not DutyList.objects.exists()


def test_list_that_is_too_large_is_refused_before_it_is_read(coordinator, settings: Settings):
    content = duty_file().getvalue()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(content) - 1

    with pytest.raises(ValidationError) as refused:
        keep_duty_list(sent(content), by=coordinator)

    (error,) = refused.value.error_dict["file"]
    assert error.code == "too_large"


def test_list_with_a_long_name_keeps_its_ending(coordinator):
    kept = keep_duty_list(sent(duty_file().getvalue(), "长" * 250 + ".csv"), by=coordinator)

    assert (len(kept.name), kept.name[-6:]) == (200, "长长.csv")


def test_who_may_not_keep_the_ledger_sends_no_list():
    with pytest.raises(PermissionDenied):
        keep_duty_list(sent(duty_file().getvalue()), by=MembershipFactory(auditor=True))


def test_lists_are_seen_by_their_sender_and_when_recorded_by_who_keeps_a_wider_area(coordinator):
    inside = MembershipFactory(coordinator=True, area=EstateFactory().area)
    own, waiting, recorded = (
        keep_duty_list(sent(duty_file().getvalue()), by=by) for by in (coordinator, inside, inside)
    )
    DutyList.objects.filter(pk=recorded.pk).update(recorded_at=recorded.uploaded_at)

    assert set(DutyList.objects.visible_to(coordinator)) == {own, recorded}
    assert set(DutyList.objects.visible_to(inside)) == {waiting, recorded}

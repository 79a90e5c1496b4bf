"""Photos and documents of a case."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from cases.models import Attachment, Case
from cases.services.attach_file import attach_file
from stakeholders.models import Membership
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    Image.new("RGB", (3000, 1500), "green").save(written, "JPEG", exif=exif)
    return SimpleUploadedFile(name, written.getvalue(), "text/html")


def kept(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_attach_file_keeps_a_photo_without_what_the_camera_wrote(
    handling: Case, handler: Membership, media: Path
) -> None:
    case = attach_file(handling, file=photo(), kind="after", by=handler, reason="已清", at=LATER)

    stored = case.attachments.get()
    assert (stored.kind, stored.name, stored.media_type, stored.by, stored.at) == (
        *("after", "现场.jpg", "image/jpeg", handler, LATER),
    )
    [path] = kept(media)
    with Image.open(path) as picture:
        assert (picture.size, dict(picture.getexif())) == ((2048, 1024), {})
    expected = {"attachment": stored.pk, "kind": "after", "reason": "已清"}
    assert (case.events.last().kind, case.events.last().details) == ("attached", expected)


@pytest.mark.parametrize(
    ("content", "kind", "field"),
    [(b"", "before", "file"), (b"<script>", "before", "file"), (b"%PDF-1.7", "selfie", "kind")],
)
def test_attach_file_refuses_by_field_and_keeps_nothing(
    handling: Case, handler: Membership, media: Path, content: bytes, kind: str, field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        attach_file(handling, file=SimpleUploadedFile("x.jpg", content), kind=kind, by=handler)

    assert list(refusal.value.message_dict) == [field]
    assert (kept(media), Attachment.objects.count()) == ([], 0)


def test_attach_file_refuses_the_same_file_twice_and_leaves_the_first(
    handling: Case, handler: Membership, media: Path
) -> None:
    attach_file(handling, file=photo(), kind="before", by=handler)

    with pytest.raises(ValidationError, match="already"):
        attach_file(handling, file=photo("other.jpg"), kind="after", by=handler)

    assert (len(kept(media)), handling.attachments.count()) == (1, 1)


def test_attach_file_of_a_stranger_leaves_no_file(handling: Case, media: Path) -> None:
    with pytest.raises(PermissionDenied):
        attach_file(handling, file=photo(), kind="before", by=MembershipFactory())

    assert kept(media) == []

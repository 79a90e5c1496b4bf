"""Files of a case: what may be attached, and who may look at it, by page and by REST."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from cases.files import MAX_BYTES
from cases.models import Attachment, Case
from cases.services.attach_file import attach_file
from tests.api import ROOT, ApiClient, refused
from tests.cases.cast import Cast
from tests.cases.views.conftest import BrowserOf
from tests.cases.ways import photo
from tests.factories.stakeholders import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
GPS, LATITUDE, ORIENTATION = 0x8825, 2, 0x0112


def uploaded(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def jpeg_with_place() -> bytes:
    """A photo, lying on its side, as a phone takes it: with the coordinates of where it was taken."""
    written, picture = BytesIO(), Image.new("RGB", (40, 30), "green")
    exif = picture.getexif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[LATITUDE] = (36.0, 40.0, 12.0)
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


def address(case: Case, attachment: Attachment) -> str:
    return f"/cases/{case.number}/files/{attachment.pk}/"


def attached(cast: Cast, name: str = "合同.pdf", content: bytes = PDF) -> tuple[Case, Attachment]:
    case = attach_file(cast.handling(), by=cast.lead, file=uploaded(name, content), kind="document")
    return case, case.attachments.get()


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_photo_loses_where_it_was_taken_and_stands_upright(cast: Cast, browser_of: BrowserOf) -> None:
    case = cast.handling()
    assert Image.open(BytesIO(jpeg_with_place())).getexif().get_ifd(GPS)
    browser = browser_of(cast.lead)

    browser.post(
        f"/cases/{case.number}/actions/attach/",
        {"file": uploaded("p.jpg", jpeg_with_place()), "kind": "before", "reason": "门口"},
    )

    kept = Image.open(BytesIO(body_of(browser.get(address(case, case.attachments.get())))))
    assert (kept.format, kept.size) == ("JPEG", (30, 40))
    assert not kept.getexif()
    assert case.events.get(kind="attached").details["reason"] == "门口"


def test_file_is_what_its_content_is_whatever_it_is_called(cast: Cast, browser_of: BrowserOf) -> None:
    case, attachment = attached(cast, "合同.pdf", photo().read())

    answer = browser_of(cast.lead).get(address(case, attachment))

    assert body_of(answer).startswith(b"\xff\xd8\xff")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E5%90%88%E5%90%8C.jpg"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("virus.jpg", b"MZ\x90\x00" + b"\0" * 60, "This is neither a photo nor a PDF that can be read."),
        ("page.jpg", b"<html><script>1</script>", "This is neither a photo nor a PDF that can be read."),
        ("half.png", photo().read()[:60], "This is neither a photo nor a PDF that can be read."),
        ("empty.pdf", b"", "The file is empty."),
        ("large.pdf", PDF + b"\0" * 12 * 1024**2, "The file is larger than 10 MB."),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[:10] else "",
)
def test_what_is_no_photo_and_no_pdf_is_refused_at_the_file(
    cast: Cast, browser_of: BrowserOf, uploads: Path, name: str, content: bytes, said: str
) -> None:
    case = cast.handling()

    page = browser_of(cast.lead).post(
        f"/cases/{case.number}/actions/attach/", {"file": uploaded(name, content), "kind": "document"}
    )
    answer = ApiClient(cast.lead).post(
        f"{ROOT}cases/{case.number}/attach/", {"file": uploaded(name, content), "kind": "document"}
    )

    assert page.status_code == 422
    assert said in page.content.decode().split('id="id_file_error"')[1]
    [error] = refused(answer, 413 if len(content) > MAX_BYTES else 400, "file")["errors"]
    assert error["reason"] == said
    assert not case.attachments.exists()
    assert list(uploads.rglob("*.*")) == []


def test_same_file_is_attached_once(cast: Cast, browser_of: BrowserOf, uploads: Path) -> None:
    case, _attachment = attached(cast)

    again = {"file": uploaded("other.pdf", PDF), "kind": "document"}
    page = browser_of(cast.lead).post(f"/cases/{case.number}/actions/attach/", again)

    assert page.status_code == 422
    assert "This file is attached already." in page.content.decode()
    assert case.attachments.count() == 1
    assert len(list(uploads.rglob("*.pdf"))) == 1


def test_document_is_saved_and_never_acts_as_a_page(cast: Cast, browser_of: BrowserOf) -> None:
    case, attachment = attached(cast)

    answer = browser_of(cast.lead).get(address(case, attachment))

    assert body_of(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private"


def test_file_is_for_those_who_see_the_case(cast: Cast, browser_of: BrowserOf, client: Client) -> None:
    case, attachment = attached(cast)
    stranger = MembershipFactory()

    assert body_of(browser_of(cast.auditor).get(address(case, attachment))) == PDF
    assert browser_of(stranger).get(address(case, attachment)).status_code == 404
    refused(ApiClient(stranger).get(f"{ROOT}cases/{case.number}/attachments/{attachment.pk}/"), 404)
    assert client.get(address(case, attachment)).status_code == 302
    refused(ApiClient().get(f"{ROOT}cases/{case.number}/attachments/{attachment.pk}/"), 401)


def test_file_belongs_to_its_case(cast: Cast, browser_of: BrowserOf) -> None:
    _case, attachment = attached(cast)
    other = cast.logged()

    assert browser_of(cast.coordinator).get(address(other, attachment)).status_code == 404


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999"])
def test_file_that_was_never_attached_is_nowhere(cast: Cast, browser_of: BrowserOf, number: str) -> None:
    case = cast.handling()

    assert browser_of(cast.lead).get(f"/cases/{case.number}/files/{number}/").status_code == 404


def test_file_that_the_disk_has_lost_is_nowhere(cast: Cast, browser_of: BrowserOf, uploads: Path) -> None:
    case, attachment = attached(cast)
    (uploads / attachment.file.name).unlink()

    assert browser_of(cast.lead).get(address(case, attachment)).status_code == 404


def test_file_can_be_had_by_rest_with_the_address_in_the_list(cast: Cast) -> None:
    case, attachment = attached(cast)
    client = ApiClient(cast.auditor)

    [listed] = client.read(f"cases/{case.number}/attachments/")["results"]
    answer = client.get(listed["url"], headers={"accept": "application/pdf"})

    assert (listed["id"], listed["kind"], listed["name"]) == (attachment.pk, "document", "合同.pdf")
    assert (listed["media_type"], listed["size"]) == ("application/pdf", len(PDF))
    assert listed["by"]["party"] == cast.lead.party.code
    assert (answer.status_code, body_of(answer)) == (200, PDF)
    refused(client.get(f"{listed['url']}?size=1", headers={"accept": "image/png"}), 400, "size")


@pytest.mark.parametrize("count", [1, 3])
def test_files_cost_the_same_for_any_number(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case, client = cast.handling(), ApiClient(cast.auditor)
    for n in range(count):
        attach_file(case, by=cast.lead, file=uploaded("x.pdf", PDF + b"%d" % n), kind="document")
    client.read("me/")

    with django_assert_num_queries(3):
        assert len(client.read(f"cases/{case.number}/attachments/")["results"]) == count

"""Forms that are too large are refused with the field named: unread, or as soon as one file is too long."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from cases.api.actions import ActOnCase
from cases.api.cases import CaseViewSet
from cases.api.imports import Imports
from cases.api.open311.views import Requests
from cases.models import Case, CaseImport
from settle_gov.api.public import PublicCases
from stakeholders.api.forms import Files
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import logged_case
from tests.factories.stakeholders import BuildingFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]
MB = 1024**2
TEXTS = 2_621_440
PATHS = [("imports/", "file", 20 * MB), ("cases/", "photos", 50 * MB), ("public/cases/", "photos", 50 * MB)]


class Unread:
    """A body that must not be touched."""

    def read(self, *_args: Any) -> bytes:
        """Fail."""
        raise AssertionError("it was read")

    readline = read


def announce(client: Client, path: str, length: int) -> Any:
    """Begin to send a form of that length."""
    extra: dict[str, Any] = {
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "CONTENT_LENGTH": str(length),
        "wsgi.input": Unread(),
    }
    return client.generic("POST", path, **extra)


@pytest.mark.parametrize(("path", "field", "files"), PATHS)
def test_form_that_is_too_large_is_refused_unread(path: str, field: str, files: int) -> None:
    client = ApiClient(MembershipFactory(administrator=True))

    problem = refused(announce(client, ROOT + path, files + TEXTS + 1), 413, field)

    assert (problem["code"], problem["errors"][0]["code"]) == ("too_large", "too_large")
    with pytest.raises(AssertionError, match="it was read"):
        announce(client, ROOT + path, files + TEXTS)


def test_form_with_a_file_for_a_case_is_refused_unread() -> None:
    client, case = ApiClient(MembershipFactory(coordinator=True)), logged_case()

    refused(announce(client, f"{ROOT}cases/{case.number}/attach/", 10 * MB + TEXTS + 1), 413, "file")


def test_form_of_open311_is_refused_unread() -> None:
    answer = announce(Client(), "/open311/v2/requests.json", 50 * MB + TEXTS + 1)

    assert answer.status_code == 413
    assert answer.json()[0]["description"].startswith("media: ")


@pytest.mark.parametrize(
    ("path", "view", "field"), [("imports/", Imports, "file"), ("cases/", CaseViewSet, "photos"),
                                ("public/cases/", PublicCases, "photos")],
)  # fmt: skip
def test_file_that_is_too_long_is_refused_while_it_is_read(
    path: str, view: Any, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "files", Files(field, 1000))
    client = ApiClient(MembershipFactory(administrator=True))
    texts = {} if path == "imports/" else {"title": "灯", "building": BuildingFactory().code}

    problem = refused(client.post(ROOT + path, texts | {field: SimpleUploadedFile("a.csv", b"x" * 1001)}), 413, field)

    assert problem["code"] == "too_large"
    assert client.post(ROOT + path, texts | {field: SimpleUploadedFile("a.csv", b"x" * 1000)}).status_code != 413
    assert not Case.objects.exists()


def test_file_for_a_case_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActOnCase, "files", Files("file", 1000))
    client, case = ApiClient(MembershipFactory(coordinator=True)), logged_case()
    form = {"kind": "before", "file": SimpleUploadedFile("a.jpg", b"x" * 1001)}

    refused(client.post(f"{ROOT}cases/{case.number}/attach/", form), 413, "file")


def test_photo_by_open311_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Requests, "files", Files("media", 1000))

    answer = Client().post("/open311/v2/requests.json", {"media": SimpleUploadedFile("a.jpg", b"x" * 1001)})

    assert answer.status_code == 413


def test_browser_session_is_not_read_for_its_token_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Imports, "files", Files("file", 1000))
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["csrftoken"] = "a" * 32
    browser.force_login(MembershipFactory(administrator=True).user)

    refused(announce(browser, f"{ROOT}imports/", 1000 + TEXTS + 1), 413, "file")
    form = {"file": SimpleUploadedFile("a.csv", b"x" * 1001)}
    refused(browser.post(f"{ROOT}imports/", form), 413, "file")

    assert not CaseImport.objects.exists()

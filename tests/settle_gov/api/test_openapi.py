"""The OpenAPI document: whole, valid, in the language of the reader, and shown without another host."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from settle_gov.api.openapi.document import document
from tests.api import ApiClient, refused
from tests.factories.stakeholders import MembershipFactory

PATHS: dict[str, dict[str, Any]] = document("en")["paths"]
OPERATIONS = [(path, method) for path, methods in PATHS.items() for method in methods]


def described(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = PATHS[path][method]
    return found


def test_document_is_valid_and_nothing_had_to_be_guessed() -> None:
    out, warnings = StringIO(), StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out, stderr=warnings)

    assert out.getvalue().startswith("openapi: 3.1.0")
    assert warnings.getvalue() == ""


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_operation_says_what_it_takes_and_gives(path: str, method: str) -> None:
    operation = described(path, method)

    assert operation["description"]
    assert ("requestBody" in operation) == (method in {"post", "patch"})
    answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    assert len(answers) == 1
    assert all("content" in answer for status, answer in answers.items() if status != "204")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_operation_says_how_it_may_be_refused(path: str, method: str) -> None:
    operation = described(path, method)

    assert {"400", "406", "429"} <= set(operation["responses"])
    assert ({"401", "403"} <= set(operation["responses"])) == ("security" in operation)
    assert ("404" in operation["responses"]) == ("{" in path)


def test_key_is_offered_where_an_answer_is_kept_and_nowhere_else() -> None:
    without = {
        path
        for path, method in OPERATIONS
        if method == "post"
        and "Idempotency-Key" not in {each["name"] for each in described(path, method).get("parameters", ())}
    }

    assert without == {"/api/v1/public/cases/", "/api/v1/residents/{id}/reveal/"}


@pytest.mark.django_db
def test_document_is_for_members_in_their_language() -> None:
    member = MembershipFactory()

    told = ApiClient(member).read("schema/")

    assert told["info"]["title"] == "settle_gov"
    assert told["components"]["responses"]["Refused404"]["description"] == "Not found"
    in_chinese = ApiClient(member, language="zh-CN").read("schema/")
    assert in_chinese["components"]["responses"]["Refused404"]["description"] != "Not found"
    refused(ApiClient().get("/api/v1/schema/"), 401)


@pytest.mark.django_db
def test_page_of_the_document_is_for_members_and_asks_no_other_host() -> None:
    client = Client()
    client.force_login(MembershipFactory().user)

    page = client.get("/api/v1/docs/").content.decode()

    assert "http://" not in page
    assert "https://" not in page
    assert 'data-document="/api/v1/schema/"' in page
    assert Client().get("/api/v1/docs/").status_code == 302

"""What goes wrong is told as RFC 9457 has it, in the language of the client."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection
from rest_framework.exceptions import Throttled

from stakeholders.models import NeedClass
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


def failing_with(error: Exception) -> Callable[..., object]:
    """Let the first service that is asked fail."""
    return patch("cases.api.cases.log_case", side_effect=error)  # type: ignore[return-value]


def logging_a_case(client: ApiClient) -> object:
    return client.send("cases/", {"title": "路灯不亮", "estate": EstateFactory().code})


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v1/", "/api/v2/cases/", "/api/v1/nonsense/", "/api/v1/cases/AZ-1/nonsense/", "/api/v1/cases/%00/"],
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_unknown_address_is_a_problem_for_everybody(client: ApiClient, path: str, method: str) -> None:
    assert refused(getattr(client, method)(path), 404)["detail"] == "There is no such address."
    refused(getattr(ApiClient(), method)(path), 404)


def test_address_without_its_slash_says_so(client: ApiClient) -> None:
    assert "slash" in refused(client.get("/api/v1/cases"), 404)["detail"]


def test_wrong_method_names_the_right_ones(client: ApiClient) -> None:
    response = client.delete(f"{ROOT}cases/")

    refused(response, 405)
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_wanting_something_else_than_json_is_refused(client: ApiClient) -> None:
    refused(client.get(f"{ROOT}cases/", headers={"accept": "application/xml"}), 406)


def test_problem_speaks_the_language_of_the_client() -> None:
    membership = MembershipFactory(coordinator=True)
    body = {"title": "", "estate": EstateFactory().code}

    english = ApiClient(membership).send("cases/", body)
    chinese = ApiClient(membership, language="zh-CN,zh;q=0.9").send("cases/", body)

    assert english["Content-Language"] == "en"
    assert refused(english, 400, "title")["errors"][0]["reason"] == "This field may not be blank."
    assert chinese["Content-Language"] == "zh-hans"
    assert refused(chinese, 400, "title")["errors"][0]["reason"] == "该字段不能为空。"


def test_what_concerns_the_whole_body_has_no_name(client: ApiClient) -> None:
    with failing_with(ValidationError("Not like this.", code="odd")):
        problem = refused(logging_a_case(client), 400, "")

    assert problem["errors"] == [{"name": "", "code": "odd", "reason": "Not like this."}]


def test_each_message_of_a_field_is_an_error(client: ApiClient) -> None:
    with failing_with(ValidationError({"title": ["Too long.", ValidationError("Too loud.", code="loud")]})):
        problem = refused(logging_a_case(client), 400, "title", "title")

    assert [error["code"] for error in problem["errors"]] == ["invalid", "loud"]


def test_lost_race_is_a_conflict(client: ApiClient) -> None:
    def twice(**_values: object) -> None:
        NeedClass.objects.create(code="3", position=1, name="again")

    with patch("cases.api.cases.log_case", side_effect=twice):
        assert refused(logging_a_case(client), 409)["code"] == "taken"


def test_other_broken_constraint_is_a_fault_of_ours(client: ApiClient) -> None:
    with failing_with(IntegrityError("NOT NULL")), pytest.raises(IntegrityError):
        logging_a_case(client)


def test_lock_is_a_conflict_to_be_tried_again(client: ApiClient) -> None:
    with failing_with(locked()):
        response = logging_a_case(client)

    assert refused(response, 409)["code"] == "locked"
    assert response["Retry-After"] == "1"


def test_lost_database_is_no_conflict(client: ApiClient) -> None:
    with failing_with(OperationalError("server closed the connection")), pytest.raises(OperationalError):
        logging_a_case(client)


def test_too_many_requests_say_when_to_come_back(client: ApiClient) -> None:
    with failing_with(Throttled(wait=7)):
        response = logging_a_case(client)

    refused(response, 429)
    assert response["Retry-After"] == "7"


def locked() -> OperationalError:
    """What Django raises for a row or database that somebody else keeps, on the engine of this run."""
    cause = connection.Database.OperationalError("locked")
    if connection.vendor == "sqlite":
        cause.sqlite_errorcode = 5
    else:
        cause.sqlstate = "55P03"
    error = OperationalError("locked")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("query", ["q=%FF%FE", "q=%C3", "%FF=1"])
def test_address_that_is_no_utf_8_is_refused(client: ApiClient, query: str) -> None:
    assert refused(client.get(f"{ROOT}cases/?{query}"), 400)["code"] in {"encoding", "invalid"}


@pytest.mark.parametrize(("depth", "status"), [(90, 400), (200, 400), (2_000, 400), (100_000, 400)])
def test_body_of_any_depth_is_refused_with_a_reason(client: ApiClient, depth: int, status: int) -> None:
    body = '{"title": ' + "[" * depth + "]" * depth + "}"

    answer = refused(client.generic("POST", f"{ROOT}cases/", body, content_type="application/json"), status)

    assert ("levels" in str(answer) or "recursion" in str(answer)) is (depth > 100)


def test_what_a_role_does_not_see_is_not_said_to_be_seen() -> None:
    handler = ApiClient(MembershipFactory())

    assert refused(handler.get(f"{ROOT}statistics/"), 403)["detail"] == "This is not for your role."

"""REST clients for tests, and what every refusal must look like."""

from typing import Any

from django.test import Client

from stakeholders.models import Membership
from stakeholders.services.issue_token import issue_token

ROOT = "/api/v1/"


class ApiClient(Client):
    """Speaks JSON with the token of a membership, below `/api/v1/`; without a membership it is anonymous."""

    def __init__(self, membership: Membership | None = None, *, language: str = "en", **defaults: Any) -> None:
        super().__init__(headers={"accept-language": language}, **defaults)
        if membership is not None:
            _token, secret = issue_token(membership, name="test")
            self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"

    def read(self, path: str, **parameters: Any) -> Any:
        """GET what must be there."""
        response = self.get(ROOT + path, parameters)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def send(self, path: str, body: Any = None, **extra: Any) -> Any:
        """POST JSON and return the response."""
        return self.post(ROOT + path, {} if body is None else body, content_type="application/json", **extra)

    def numbers(self, path: str = "cases/", **parameters: Any) -> list[str]:
        """The numbers of the cases of a list."""
        return [case["number"] for case in self.read(path, **parameters)["results"]]


def refused(response: Any, status: int, *names: str) -> dict[str, Any]:
    """Check that a response is a problem with this status, at these fields, and return it."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == response.wsgi_request.path
    assert ("errors" in problem) == (status == 400 or bool(names))
    if names:
        assert sorted(error["name"] for error in problem["errors"]) == sorted(names)
        assert all(error["code"] and error["reason"] for error in problem["errors"])
    return problem

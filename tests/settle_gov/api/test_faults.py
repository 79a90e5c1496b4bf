"""Faults of ours, and requests that reach no view: problems for programs, pages for people."""

from unittest.mock import patch

import pytest
from django.test import Client

from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def test_fault_is_a_problem_that_tells_no_secret() -> None:
    client = ApiClient(MembershipFactory(), raise_request_exception=False)

    with patch("cases.api.cases.for_api", side_effect=RuntimeError("secret")):
        response = client.get(f"{ROOT}cases/")

    assert "secret" not in refused(response, 500)["detail"]


def test_foreign_host_is_refused_in_kind() -> None:
    refused(ApiClient().get(f"{ROOT}cases/", headers={"host": "evil.example"}), 400, "")
    assert Client().get("/sign-in/", headers={"host": "evil.example"})["Content-Type"].startswith("text/html")


def test_fault_of_a_page_is_a_page() -> None:
    client = Client(raise_request_exception=False)

    with patch("settle_gov.web.health.Response", side_effect=RuntimeError):
        assert client.get("/api/v1/health/")["Content-Type"] == "application/problem+json"
    with patch("settle_gov.web.sign_in.SignIn.get", side_effect=RuntimeError):
        assert client.get("/sign-in/")["Content-Type"].startswith("text/html")

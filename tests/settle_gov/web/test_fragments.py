"""Parts of pages that htmx asks for."""

import json
import re

import pytest
from django.test import Client

from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db

OF_HTMX = {"HX-Request": "true"}


def test_fragment_is_not_filled_with_the_page_to_sign_in_on():
    answer = Client().get("/duties/?at=2026-03-01", headers=OF_HTMX)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/sign-in/?next=/duties/%3Fat%3D2026-03-01")


def test_fragment_redirect_stays_one_for_everybody_else():
    assert Client().get("/duties/").status_code == 302


def test_pages_keep_nothing_in_the_browser_and_run_no_text_as_code(signed_in):
    page = signed_in(MembershipFactory(coordinator=True)).get("/duties/").content.decode()

    config = json.loads(re.search(r"<meta name=\"htmx-config\" content='([^']+)'>", page)[1])
    assert {name: config[name] for name in ("historyCacheSize", "allowEval", "allowScriptTags")} == {
        "historyCacheSize": 0,
        "allowEval": False,
        "allowScriptTags": False,
    }
    assert config["includeIndicatorStyles"] is False

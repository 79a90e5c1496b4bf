"""What lets the site be kept on a phone and answer without a network."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from settle_gov.web.installed import SHELL
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def test_manifest_says_what_the_site_is_called_to_anybody(client: Client) -> None:
    answer = client.get("/manifest.webmanifest", headers={"accept-language": "zh-hans"})

    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["name"], told["start_url"], told["shortcuts"][0]["url"]) == ("安置小区治理", "/", "/cases/new/")


def test_worker_stands_at_the_root_and_knows_the_files_of_every_page(client: Client) -> None:
    answer = client.get("/worker.js")

    site = json.loads(re.search(r"self.site = (.*);", answer.content.decode())[1])
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert (site["log"], site["offline"], site["signOut"]) == ("/cases/new/", "/offline/", "/sign-out/")
    assert len(site["shell"]) == len(SHELL)


def test_shell_is_all_that_the_page_to_log_on_needs(client: Client) -> None:
    worker = MembershipFactory(coordinator=True)
    client.force_login(worker.user)

    page = client.get("/cases/new/").content.decode()

    needed = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page))
    assert needed <= set(SHELL)
    assert all(finders.find(name) for name in SHELL)


def test_page_without_a_network_names_nobody(client: Client) -> None:
    worker = MembershipFactory(coordinator=True)
    client.force_login(worker.user)

    page = client.get("/offline/", headers={"accept-language": "en"}).content.decode()

    assert "No network" in page
    assert str(worker.user) not in page
    assert "/cases/new/" in page


@pytest.mark.parametrize(("role", "has_queue"), [("grid_worker", True), ("coordinator", True), ("auditor", False)])
def test_queue_is_for_those_who_log(client: Client, role: str, has_queue: bool) -> None:
    client.force_login(MembershipFactory(**{role: True}).user)

    assert ('id="queue"' in client.get("/cases/").content.decode()) is has_queue

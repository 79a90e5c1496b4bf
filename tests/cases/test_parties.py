"""Which parties somebody meets, and may ask for."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from cases.models import Case
from cases.parties import parties_met_by
from stakeholders.models import Membership, Party
from tests.api import ROOT, ApiClient, refused
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    GridFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sister() -> Party:
    """A party of another community, which leads a case of ours."""
    party = PartyFactory(code="sister", area=AreaFactory())
    building = BuildingFactory(estate__grid=GridFactory(area=AreaFactory()))
    MandateFactory(building=building, party=party, need_item=item("3.1"))
    logged_case(building=building)
    return party


@pytest.fixture
def auditor(sister: Party) -> Membership:
    return MembershipFactory(auditor=True, area=Case.objects.get(lead=sister).area)


@pytest.fixture
def client(auditor: Membership) -> ApiClient:
    return ApiClient(auditor)


def test_met_are_the_parties_of_the_area_and_those_that_its_cases_lead_to(auditor: Membership, sister: Party) -> None:
    own, far = PartyFactory(area=auditor.area), PartyFactory(area=AreaFactory(code="110105001001"))

    met = parties_met_by(auditor)

    assert set(met.filter(pk__in=[own.pk, far.pk, sister.pk])) == {own, sister}


def test_lists_behind_figures_open_also_where_another_community_leads(client: ApiClient) -> None:
    answer = client.read("statistics/", by="party", measure="valid", **{"from": "2026-11-01", "until": "2026-12-01"})

    [figure] = next(each for each in answer["results"] if each["group"] == "sister")["figures"]
    found = client.get(f"{ROOT}cases/?{urlsplit(figure['among_url']).query}")
    assert len(found.json()["results"]) == figure["denominator"] == 1


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("cases/", "lead", "{}"),
        ("cases/", "handed", "{}:sister:2026-11-01:2026-12-01"),
        ("cases/", "handed", "sister:{}:2026-11-01:2026-12-01"),
        ("handoffs/", "from_party", "{}"),
        ("handoffs/", "to_party", "{}"),
    ],
)
def test_party_that_is_not_met_is_as_unknown_as_one_that_is_not(
    client: ApiClient, path: str, name: str, value: str
) -> None:
    PartyFactory(code="far", name="远方单位", area=AreaFactory(code="110105001001"))

    told = [refused(client.get(ROOT + path, {name: value.format(code)}), 400, name) for code in ("far", "nope")]

    assert [each["errors"][0]["reason"] for each in told] == ["There is no “far” here.", "There is no “nope” here."]


def test_page_names_no_party_that_is_not_met(auditor: Membership) -> None:
    PartyFactory(code="far", name="远方单位", area=AreaFactory(code="110105001001"))
    browser = Client()
    browser.force_login(auditor.user)

    page: Any = browser.get("/cases/?handed=far:sister:2026-11-01:2026-12-01").content.decode()

    assert "远方单位" not in page

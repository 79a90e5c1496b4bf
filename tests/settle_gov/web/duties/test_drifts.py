"""Where the stored gaps differ from the ledger."""

from datetime import UTC, datetime

import pytest

from settle_gov.web.duties import drifts
from stakeholders.models import Drift, Episode
from tests.factories.cases import item
from tests.factories.stakeholders import AreaFactory, BuildingFactory, EstateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db

STRETCH = {"state": "vacuum", "parties": [], "from": None, "until": None}


@pytest.fixture
def browser(signed_in):
    return signed_in(MembershipFactory(coordinator=True))


def drift(estate=None, **given) -> Drift:
    values = {"stored": [], "reckoned": [STRETCH], "need_item": item()} | given
    return Drift.objects.create(estate=estate or EstateFactory(name_en="Donghu"), **values)


def test_drifts_tell_both_sides_in_words(browser):
    PartyFactory(code="anju", name_en="Anju")
    ours = {"state": "multi_head", "parties": ["anju", "gone"], "from": "2026-01-01T00:00:00+08:00"}
    drift(stored=[ours | {"until": "2026-03-01T00:00:00+08:00"}])

    ((row,)) = browser.get("/duties/drifts/").context["rows"]

    (stored,), (reckoned,) = row.stored, row.reckoned
    assert stored.sentence == "2 parties each answer for it: Anju, gone."
    assert (str(stored.first_day), str(stored.last_day)) == ("2026-01-01", "2026-02-28")
    assert (reckoned.sentence, reckoned.first_day) == ("Nobody answers for it.", None)


def test_drifts_lead_to_the_cell(browser):
    building = BuildingFactory(estate__code="donghu", code="donghu-3")
    drift(building.estate, building=building)

    assert 'href="/duties/donghu/3.1/?building=donghu-3"' in browser.get("/duties/drifts/").content.decode()


def test_drifts_are_announced_in_the_register_of_the_area(browser, signed_in):
    drift()
    elsewhere = signed_in(MembershipFactory(coordinator=True, area=AreaFactory()))

    assert "In 1 cell the register differs" in browser.get("/duties/gaps/").content.decode()
    assert "the register differs" not in elsewhere.get("/duties/gaps/").content.decode()
    assert elsewhere.get("/duties/drifts/").context["rows"] == []


def test_drifts_that_are_mended_are_gone(browser):
    drift(cleared_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert "Register and ledger agree" in browser.get("/duties/drifts/").content.decode()


def test_drifts_are_mended_by_order(browser):
    drift()

    answer = browser.post("/duties/drifts/mend/", follow=True)

    assert answer.redirect_chain == [("/duties/drifts/", 302)]
    assert "1 cell was reckoned anew from the ledger." in answer.content.decode()
    assert not Drift.objects.open().exists()
    assert Episode.objects.count() == 1


def test_drifts_are_mended_by_those_who_keep_duties_only(signed_in):
    drift()
    auditor = signed_in(MembershipFactory(auditor=True))

    assert "Reckon anew" not in auditor.get("/duties/drifts/").content.decode()
    assert auditor.post("/duties/drifts/mend/").status_code == 403
    assert Drift.objects.open().count() == 1


def test_mending_is_no_link(browser):
    assert browser.get("/duties/drifts/mend/").status_code == 405


def test_drifts_go_on_behind_the_last_row(browser, monkeypatch):
    monkeypatch.setattr(drifts, "PAGE_SIZE", 2)
    known = [drift().pk for _ in range(5)]

    seen, address = [], "/duties/drifts/"
    while address:
        answer = browser.get(address)
        seen += [row.drift.pk for row in answer.context["rows"]]
        address = answer.context["next"]

    assert seen == known[::-1]


@pytest.mark.parametrize("key", ["x", "-1", "1" * 20, "²"])
def test_drifts_refuse_what_is_no_page(browser, key):
    assert browser.get(f"/duties/drifts/?after={key}").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_drifts_cost_the_same_for_any_number(browser, django_assert_num_queries, count):
    for _ in range(count):
        party = PartyFactory()
        drift(stored=[STRETCH | {"state": "backstop", "parties": [party.code]}])

    # session, user, membership · inbox and notices on the bar · cells, their number, names of parties
    with django_assert_num_queries(8):
        assert len(browser.get("/duties/drifts/").context["rows"]) == count

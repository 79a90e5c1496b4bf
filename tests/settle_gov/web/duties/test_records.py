"""Recording, ending and withdrawing what stands in the ledger."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from stakeholders.models import Mandate, NeedClass, Ruling
from tests.factories.cases import item
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW = "/duties/mandates/new/"
CELL = "/duties/donghu/3.1/"


@pytest.fixture
def browser(signed_in):
    return signed_in(MembershipFactory(coordinator=True))


@pytest.fixture
def estate():
    return EstateFactory(code="donghu", name_en="Donghu")


@pytest.fixture
def anju():
    return PartyFactory(name_en="Anju", code="anju")


@pytest.fixture
def mandate(anju, estate):
    return MandateFactory(party=anju, estate=estate, item="3.1", valid_from=datetime(2026, 1, 1, tzinfo=SHANGHAI))


@pytest.fixture
def ruling(anju, estate):
    return RulingFactory(lead=anju, estate=estate, need_item=item("3.1"))


def typed(**given):
    usual = {
        "party": "anju",
        "role": "lead",
        "place": "estate:donghu",
        "matter": "item:3.1",
        "basis": "Contract § 8",
        "evidence": "",
        "valid_from": "2026-01-01",
        "valid_until": "",
    }
    return usual | given


def test_record_is_filled_in_for_the_cell_one_comes_from(browser, estate):
    page = browser.get(NEW, {"estate": "donghu", "item": "3.1"}).content.decode()

    assert re.findall(r'<option value="([^"]+)" selected>', page) == ["estate:donghu", "item:3.1"]
    assert f'name="next" value="{CELL}"' in page
    assert f'name="valid_from" value="{timezone.localdate()}"' in page


def test_record_writes_a_mandate_and_leads_back(browser, estate, anju):
    answer = browser.post(NEW, typed(valid_until="2026-12-31", next=CELL), follow=True)

    mandate = Mandate.objects.get()
    assert answer.redirect_chain == [(CELL, 302)]
    assert "Recorded what <b>Anju</b> answers for" in answer.content.decode()
    assert (mandate.party, mandate.role, mandate.estate, mandate.need_item) == (anju, "lead", estate, item("3.1"))
    assert timezone.localtime(mandate.valid_from).isoformat() == "2026-01-01T00:00:00+08:00"
    assert timezone.localtime(mandate.valid_until).isoformat() == "2027-01-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("matter", "need_class", "need_item"), [("all", None, None), ("class:3", "3", None), ("item:3.1", None, "3.1")]
)
def test_record_takes_everything_a_class_or_an_item(browser, estate, anju, matter, need_class, need_item):
    browser.post(NEW, typed(matter=matter))

    mandate = Mandate.objects.get()
    assert mandate.need_class == (need_class and NeedClass.objects.get(code=need_class))
    assert mandate.need_item == (need_item and item(need_item))


def test_record_takes_an_area_an_estate_or_a_building_of_the_estate(browser, estate, anju):
    building = BuildingFactory(estate=estate, code="donghu-7")
    address = f"{NEW}?estate=donghu&item=3.1"

    for place in ("area:379926101000", "estate:donghu", "building:donghu-7"):
        assert browser.post(address, typed(place=place)).status_code == 302

    area, whole, narrow = Mandate.objects.order_by("pk")
    assert (area.area_id, whole.estate, narrow.building) == ("379926101000", estate, building)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"party": ""}, "Party: Choose a party."),
        ({"party": "gone"}, "Party: Select a valid choice."),
        ({"role": "boss"}, "Role: Select a valid choice."),
        ({"place": "estate:elsewhere"}, "Where: Select a valid choice."),
        ({"place": ""}, "Where: Choose where it holds."),
        ({"matter": "item:99.9"}, "For what: Select a valid choice."),
        ({"basis": ""}, "Basis: Name the paper it stands on."),
        ({"basis": "x" * 201}, "Basis: At most 200 characters; these are 201."),
        ({"valid_from": "yesterday"}, "First day: Give a day as 2026-11-20."),
        ({"valid_from": "0001-01-01"}, "First day: Give a date from 1900 to 2200."),
        ({"valid_until": "9999-12-31"}, "Last day: Give a date from 1900 to 2200."),
        (
            {"valid_until": "2025-12-31"},
            "Last day: Must not be before 2026-01-01. To end a duty at once, use “End the duty”.",
        ),
    ],
)
def test_record_names_the_field_that_is_wrong_and_keeps_the_rest(browser, estate, anju, given, words):
    PartyFactory(code="gone", closed_at=datetime(2026, 1, 1, tzinfo=SHANGHAI))
    EstateFactory(code="elsewhere", grid__area__code="110101001001")

    answer = browser.post(NEW, typed(evidence="as agreed", **given))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "as agreed" in page
    assert Mandate.objects.count() == 0


def test_record_is_written_once_however_often_it_is_sent(browser, estate, anju):
    answers = [browser.post(NEW, typed()) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert "Party: This very duty is recorded already." in answers[1].content.decode()
    assert Mandate.objects.count() == 1


def test_mandate_ends_with_its_last_day(browser, mandate):
    answer = browser.post(f"/duties/mandates/{mandate.pk}/end/", {"until": "2026-06-30", "next": CELL}, follow=True)

    (ended,) = Mandate.objects.known_on()
    assert answer.redirect_chain == [(CELL, 302)]
    assert "The duty of <b>Anju</b> ends on the day you gave." in answer.content.decode()
    assert timezone.localtime(ended.valid_until).isoformat() == "2026-07-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("", "Last day: Give the last day."),
        ("never", "Last day: Give a day as 2026-11-20."),
        ("2025-06-30", "Last day: The end must be later than the beginning."),
    ],
)
def test_mandate_says_why_it_cannot_end_then(browser, mandate, until, words):
    answer = browser.post(f"/duties/mandates/{mandate.pk}/end/", {"until": until})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Mandate.objects.get().withdrawn_at is None


def test_mandate_is_withdrawn_once_and_says_what_that_leaves_open(browser, mandate):
    address = f"/duties/mandates/{mandate.pk}/withdraw/"

    assert "1 cell then has a gap." in browser.get(address).content.decode()
    assert browser.post(address, {"next": CELL}).url == CELL
    again = browser.post(address)
    assert (again.status_code, "This mandate is withdrawn already." in again.content.decode()) == (422, True)
    assert Mandate.objects.get().withdrawn_at is not None


def test_ruling_is_withdrawn_after_a_page_that_asks(browser, ruling):
    address = f"/duties/rulings/{ruling.pk}/withdraw/"

    assert "Anju" in browser.get(address).content.decode()
    assert Ruling.objects.get().withdrawn_at is None
    assert browser.post(address, {"next": CELL}).url == CELL
    assert Ruling.objects.get().withdrawn_at is not None


def test_withdrawn_records_stay_on_the_page_of_the_cell_folded_away(browser, mandate, ruling):
    browser.post(f"/duties/mandates/{mandate.pk}/withdraw/")
    browser.post(f"/duties/rulings/{ruling.pk}/withdraw/")

    page = browser.get(CELL).content.decode()

    folded = re.search(r"<summary>2 withdrawn records</summary>(.+?)</details>", page, re.DOTALL)[1]
    assert len(re.findall(r"Withdrawn on \d{4}-\d\d-\d\d by 王", folded)) == 2
    assert "/withdraw/" not in page


@pytest.mark.parametrize("path", ["mandates/{}/end/", "mandates/{}/withdraw/", "rulings/{}/withdraw/"])
def test_records_are_kept_by_coordinators_of_the_area(signed_in, mandate, ruling, path):
    address = f"/duties/{path.format(ruling.pk if 'rulings' in path else mandate.pk)}"
    handler = signed_in(MembershipFactory(area=mandate.estate.area))
    elsewhere = signed_in(MembershipFactory(coordinator=True, area=EstateFactory().area))

    assert (handler.get(address).status_code, handler.post(address).status_code) == (403, 403)
    assert (elsewhere.get(address).status_code, elsewhere.post(address).status_code) == (404, 404)
    assert signed_in(MembershipFactory(coordinator=True)).get("/duties/mandates/999999/end/").status_code == 404
    assert not Mandate.objects.exclude(withdrawn_at=None).exists()


def test_record_is_for_those_who_keep_the_ledger(signed_in, estate, anju):
    handler = signed_in(MembershipFactory())

    assert (handler.get(NEW).status_code, handler.post(NEW, typed()).status_code) == (403, 403)
    assert Mandate.objects.count() == 0


def test_record_leads_to_no_other_site(browser, mandate):
    address = f"/duties/mandates/{mandate.pk}/withdraw/"

    page = browser.get(address, {"next": "https://elsewhere.example/"}).content.decode()

    assert "https://elsewhere.example" not in page
    assert browser.post(address, {"next": "https://elsewhere.example/"}).url == "/"


def test_record_whose_time_is_over_can_be_withdrawn_but_not_ended(browser, estate):
    start, end = datetime(2026, 1, 1, tzinfo=SHANGHAI), datetime(2026, 6, 1, tzinfo=SHANGHAI)
    mandate = MandateFactory(estate=estate, item="3.1", valid_from=start, valid_until=end)

    page = browser.get(CELL).content.decode()

    assert re.findall(r"/duties/mandates/\d+/(\w+)/", page) == ["withdraw"]
    assert "1 cell then has a gap." in browser.get(f"/duties/mandates/{mandate.pk}/withdraw/").content.decode()


@pytest.mark.parametrize("path", ["end", "withdraw"])
def test_record_that_is_withdrawn_is_not_asked_about_again(browser, mandate, path):
    Mandate.objects.update(withdrawn_at=timezone.now())

    page = browser.get(f"/duties/mandates/{mandate.pk}/{path}/").content.decode()

    assert "This mandate is withdrawn already." in page
    assert 'class="card stack"' not in page


def test_ending_says_what_it_leaves_open(browser, mandate):
    page = browser.get(f"/duties/mandates/{mandate.pk}/end/").content.decode()

    assert "If it ends today: 1 cell then has a gap." in page


def test_withdrawing_a_ruling_says_what_it_leaves_open(browser, ruling):
    page = browser.get(f"/duties/rulings/{ruling.pk}/withdraw/").content.decode()

    assert "1 cell then has a gap." in page

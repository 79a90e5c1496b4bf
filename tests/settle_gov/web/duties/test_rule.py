"""Ruling on the page of a cell."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from stakeholders.models import Mandate, Ruling
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

CELL = "/duties/donghu/3.1/"


@pytest.fixture
def coordinator():
    return MembershipFactory(coordinator=True, user__name="Zhou Min")


@pytest.fixture
def browser(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def estate():
    return EstateFactory(code="donghu", name_en="Donghu")


@pytest.fixture
def building(estate):
    return BuildingFactory(estate=estate, name="7 栋", code="donghu-7")


@pytest.fixture
def anju():
    return PartyFactory(name_en="Anju", code="anju")


@pytest.fixture
def urban():
    return PartyFactory(name_en="Urban", code="urban", kind="URBAN")


@pytest.fixture
def two_heads(anju, urban):
    MandateFactory(party=anju, item="3.1", basis="Contract § 8")
    MandateFactory(party=urban, item="3.1", basis="Duty list no. 37")


def press(browser, address=CELL, **given):
    typed = {"lead": "anju", "place": "estate", "reason": "By the contract", "seen": "anju estate"}
    return browser.post(address, typed | given)


def offered(answer) -> list[str]:
    return [option.candidate.party.code for option in answer.context["desk"].options]


def proposed(answer) -> str:
    return re.search(r"<textarea[^>]+>([^<]*)</textarea>", answer.content.decode())[1].replace("&#x27;", "'")


def change(answer) -> str:
    """What the page says will happen, in one line."""
    found = re.search(r'<div class="change">(.+?)\n    </div>', answer.content.decode(), re.DOTALL)[1]
    found = re.sub(r"<details>.+?</details>", "", found, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)).strip().replace("&#x27;", "'")


def test_cell_offers_the_best_backed_party_and_commits_nothing(browser, estate, two_heads):
    answer = browser.get(CELL)

    page = answer.content.decode()
    assert offered(answer) == ["anju", "urban"]
    assert re.findall(r'value="([^"]+)" checked', page) == ["anju", "estate"]
    assert 'name="seen" value="anju estate">Rule: Anju</button>' in page
    assert Ruling.objects.count() == 0


def test_cell_proposes_a_reason_made_of_facts(browser, estate, two_heads, anju):
    RulingFactory(lead=anju, estate=EstateFactory(name_en="Twin Bridges"), need_item=item("3.1"))

    assert proposed(browser.get(CELL)).startswith("Contract § 8; Earlier ruling: Twin Bridges, 2020-01, for Anju")


def test_cell_says_what_will_happen(browser, estate, building, two_heads):
    logged_case(building=building, title="Bins overflow")

    assert change(browser.get(CELL)) == (
        "2 places are Anju's from now on : Common area and all buildings 2 gaps end "
        "1 waiting case goes to Anju; its clock runs on 1 party no longer leads : Urban"
    ).replace(" : ", ": ")


def test_cell_names_the_cases_that_would_move(browser, estate, building, two_heads):
    case = logged_case(building=building)

    page = browser.get(CELL).content.decode()

    moved = re.search(r"<summary>Which</summary>(.+?)</details>", page, re.DOTALL)[1]
    assert re.findall(r'href="([^"]+)"', moved) == [case.get_absolute_url()]


def test_ruling_settles_the_cell_and_says_so(
    browser, estate, building, two_heads, anju, django_capture_on_commit_callbacks
):
    case = logged_case(building=building)

    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(
            CELL,
            {"lead": "anju", "place": "estate", "reason": "By the contract", "seen": "anju estate"}
            | {"document_no": "No. 12", "valid_until": ""},
            follow=True,
        )

    case.refresh_from_db()
    ruling = Ruling.objects.get()
    assert answer.redirect_chain == [(CELL, 302)]
    assert [place.mark.value for place in answer.context["places"]] == ["ruled"]
    assert (ruling.lead, ruling.estate, ruling.building, ruling.need_item) == (anju, estate, None, item("3.1"))
    assert (ruling.reason, ruling.document_no, ruling.valid_until) == ("By the contract", "No. 12", None)
    assert (case.lead, case.stage) == (anju, Case.Stage.DISPATCHED)
    assert (
        "<b>Zhou Min</b> ruled: <b>Anju</b> answers for Waste sorting and collection at Donghu from now on. "
        "1 waiting case went to it."
    ) in answer.content.decode()


def test_ruling_can_be_narrowed_to_the_building_that_is_looked_at(browser, estate, building, two_heads):
    answer = press(browser, f"{CELL}?building=donghu-7", place="donghu-7", seen="anju donghu-7")

    assert answer.status_code == 302
    assert answer.url == f"{CELL}?building=donghu-7"
    assert Ruling.objects.get().building == building


def test_ruling_ends_with_its_last_day(browser, estate, two_heads):
    press(browser, valid_until="2099-12-31")

    assert timezone.localtime(Ruling.objects.get().valid_until).isoformat() == "2100-01-01T00:00:00+08:00"


def test_ruling_that_was_not_seen_is_shown_first(browser, estate, two_heads):
    answer = press(browser, lead="urban")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "You chose otherwise: look at what happens then, and press again." in page
    assert 'name="seen" value="urban estate">Rule: Urban</button>' in page
    assert change(answer).endswith("1 party no longer leads: Anju")
    assert Ruling.objects.count() == 0


def test_preview_shows_what_another_choice_does_and_saves_nothing(browser, estate, two_heads):
    first = proposed(browser.get(CELL))

    answer = press(browser, lead="urban", reason=first, preview="1")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert proposed(answer).startswith("Duty list no. 37")
    assert re.findall(r'value="([^"]+)" checked', page) == ["urban", "estate"]
    assert "things to mend" not in page
    assert Ruling.objects.count() == 0


def test_preview_keeps_a_reason_that_somebody_wrote(browser, estate, two_heads):
    answer = press(browser, lead="urban", reason="As agreed on Monday", preview="1")

    assert proposed(answer) == "As agreed on Monday"


def test_ruling_needs_a_reason_and_keeps_what_was_typed(browser, estate, two_heads):
    answer = press(browser, reason=" ", document_no="No. 12")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why: all parties will read it." in page
    assert 'value="No. 12"' in page
    assert Ruling.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lead": "nobody", "seen": " estate"}, "Select a valid choice"),
        ({"lead": ""}, "Choose a party."),
        ({"place": "donghu-9"}, "Select a valid choice"),
        ({"valid_until": "tomorrow"}, "Give a day as 2026-11-20."),
        ({"valid_until": "2020-01-01"}, "Must not be before today."),
        ({"valid_until": "9999-12-31"}, "Give a date from 1900 to 2200."),
        ({"reason": "x" * 2001}, "At most 2000 characters"),
        ({"document_no": "x" * 81}, "At most 80 characters"),
        ({"reason": "\x00"}, "Null characters are not allowed."),
    ],
)
def test_ruling_names_what_makes_no_sense(browser, estate, two_heads, given, words):
    answer = press(browser, **given)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Ruling.objects.count() == 0


def test_ruling_that_is_sent_twice_is_written_once(browser, estate, two_heads):
    press(browser)

    answer = press(browser)

    assert answer.status_code == 422
    assert "It is ruled already that this party leads." in answer.content.decode()
    assert Ruling.objects.count() == 1


def test_ruling_may_name_any_party_that_is_seen(browser, estate, two_heads):
    other = PartyFactory(code="other", name_en="Other", kind="HEALTH")
    gone = PartyFactory(code="gone", name_en="Gone", closed_at=datetime(2026, 1, 1, tzinfo=UTC))

    answer = press(browser, lead="other", seen="other estate")

    assert (answer.status_code, Ruling.objects.get().lead) == (302, other)
    assert press(browser, lead=gone.code, seen="gone estate").status_code == 422


@pytest.mark.parametrize("given", [{}, {"grid_worker": True}, {"auditor": True}, {"administrator": True}])
def test_ruling_is_for_those_who_keep_the_ledger(signed_in, estate, two_heads, given):
    if "grid_worker" in given:
        given["grid"] = estate.grid
    browser = signed_in(MembershipFactory(**given))

    assert 'id="rule"' not in browser.get(CELL).content.decode()
    assert press(browser).status_code == 403
    assert Ruling.objects.count() == 0


def test_ruling_is_not_found_outside_the_area(signed_in, estate, two_heads):
    elsewhere = signed_in(MembershipFactory(coordinator=True, area=EstateFactory().area))

    assert press(elsewhere).status_code == 404
    assert Ruling.objects.count() == 0


def test_ruling_is_about_today(browser, estate, two_heads):
    yesterday = f"{CELL}?at={timezone.localdate() - timedelta(days=1)}"

    page = browser.get(yesterday).content.decode()
    assert 'id="rule-form"' not in page
    assert "A ruling holds from today on." in page
    assert f'<a href="{CELL}#rule">' in page or f'<a href="{CELL}?#rule">' in page
    assert press(browser, yesterday).status_code == 403


def test_ruling_is_folded_away_where_one_party_leads(browser, estate, anju):
    MandateFactory(party=anju)

    assert "Let another party lead" in browser.get(CELL).content.decode()


def test_cell_offers_any_party_where_nothing_speaks_for_one(browser, estate):
    answer = browser.get("/duties/donghu/2.2/")

    assert offered(answer) == []
    assert "Choose a party first." in answer.content.decode()


def test_cell_says_that_a_duty_is_to_come(browser, estate, anju):
    RulingFactory(lead=anju, estate=EstateFactory(name_en="Twin Bridges"), need_item=item("3.1"))
    estate.property_party = anju
    estate.save()
    MandateFactory(party=anju, item="3.1", basis="Contract § 9", valid_from=datetime(2099, 1, 1, tzinfo=UTC))

    assert proposed(browser.get(CELL)).startswith("Contract § 9 (from 2099-01-01); Earlier ruling")


def test_cell_proposes_the_building_that_stands_apart(browser, estate, building, anju, urban):
    MandateFactory(party=anju, item="3.1")
    MandateFactory(party=urban, building=building, item="3.1", role=Mandate.Role.LEAD)

    page = browser.get(f"{CELL}?building=donghu-7").content.decode()

    assert re.findall(r'value="([^"]+)" checked', page)[-1] == "donghu-7"


@pytest.fixture
def disclaimed(estate, anju):
    """Anju leads everywhere, but disclaims two of three buildings."""
    MandateFactory(party=anju, estate=estate, item="3.1", basis="Contract § 9")
    estate.property_party = anju
    estate.save()
    for number in (1, 2, 3):
        building = BuildingFactory(estate=estate, name=f"{number} 栋", code=f"donghu-{number}")
        if number > 1:
            role = Mandate.Role.DISCLAIM
            MandateFactory(party=anju, building=building, item="3.1", role=role, basis="Contract § 3")


def test_party_that_disclaims_the_place_is_shown_so_and_is_not_preselected(browser, disclaimed):
    answer = browser.get(CELL)

    [option] = answer.context["desk"].options
    assert option.candidate.party.code == "anju"
    assert option.grounds == ["Not ours: Contract § 3", "Custom: this kind of party leads"]
    assert re.findall(r'value="([^"]+)" checked', answer.content.decode()) == ["donghu-2"]


def test_party_that_disclaims_stands_behind_one_that_does_not(browser, estate, disclaimed, urban):
    MandateFactory(party=urban, estate=estate, item="3.1", role=Mandate.Role.SUPPORT)

    answer = browser.get(CELL)

    assert offered(answer) == ["urban", "anju"]
    assert re.findall(r'value="([^"]+)" checked', answer.content.decode()) == ["urban", "donghu-2"]


def test_reason_is_not_made_of_a_paper_that_the_party_has_disclaimed(browser, disclaimed):
    answer = press(browser, lead="anju", place="donghu-2", reason="", preview="1")

    assert "Contract" not in proposed(answer)
    assert proposed(answer).startswith("Law: ")


def test_ruling_is_as_wide_as_the_gap_and_names_the_places_that_stand_alike(browser, disclaimed):
    page = re.sub(r"\s+", " ", browser.get(CELL).content.decode())

    assert 'value="estate">Donghu, common area and all buildings' in page
    assert (
        '1 more place stands alike: <a class="nobr" href="/duties/donghu/3.1/?building=donghu-3#rule">3 栋</a>' in page
    )


def test_ruling_on_one_building_leads_on_to_the_next_that_stands_alike(browser, disclaimed, urban):
    answer = press(browser, lead="urban", place="donghu-2", seen="urban donghu-2")

    look = browser.get(answer.url).context["look"]
    assert Ruling.objects.get().building.code == "donghu-2"
    assert (look.spot.code, look.present.mark.value) == ("donghu-3", "vacuum")


def test_ruling_names_the_cell_and_sums_up_beside_the_seal(browser, estate, building, two_heads):
    logged_case(building=building, title="Bins overflow")

    page = re.sub(r"\s+", " ", browser.get(CELL).content.decode())

    head = re.search(r'<section[^>]+id="rule">(.+?)<form', page)[1]
    press = re.search(r'id="rule-press">(.+?)</form>', page)[1]
    assert re.findall(r"<b>(.+?)</b>", head) == [f"Donghu · {item('3.1')} · Common area and all buildings"]
    assert "Multi-head" in head
    assert re.findall(r"<b [^>]+>(.+?)</b>", press) == [" 2 places to Anju; 2 gaps end; 1 case moves "]

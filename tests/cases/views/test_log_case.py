"""Logging a case on a page."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from stakeholders.models import Building, Mandate, Membership
from tests.cases.views.conftest import BrowserOf
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    GridFactory,
    MandateFactory,
    MembershipFactory,
    UserFactory,
)
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid_worker() -> Membership:
    """Somebody who walks a grid with a building in it."""
    worker = MembershipFactory(grid_worker=True, user__name="李秀兰")
    BuildingFactory(estate=EstateFactory(grid=worker.grid, code="home"), code="home-3", name="3 栋")
    return worker


def typed(**other: str) -> dict[str, str]:
    """What one types at least."""
    fields = {"place": "building:home-3", "need_item": "3.1", "title": "垃圾满溢", "channel": "grid"}
    return {"token": str(uuid4()), **fields, **other}


def test_log_goes_to_the_case_and_says_who_got_it(browser_of: BrowserOf, grid_worker: Membership) -> None:
    lead = MandateFactory(item="3.1", party__name_en="Anju").party

    answer = browser_of(grid_worker).post("/cases/new/", typed(), follow=True)

    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/cases/{case.number}/", 302)]
    assert f"Logged as {case.number}. It went to Anju." in answer.content.decode()
    assert (case.lead, case.building.code, case.estate.code) == (lead, "home-3", "home")
    assert (case.need_item.code, case.urgency, case.logged_by) == ("3.1", case.need_item.urgency, grid_worker)


@pytest.mark.parametrize(
    ("mandates", "item", "said"),
    [
        ([], "3.1", "Nobody answers for this here; the coordinator has been told."),
        (["lead", "lead"], "3.1", "Several parties lead for this here; the coordinator has been told."),
        (["backstop"], "3.1", "Nobody leads for this here; Anju has it for now."),
        (["backstop", "backstop"], "3.1", "Nobody answers for this here; the coordinator has been told."),
        (["lead"], "", "The coordinator will say what it is about."),
    ],
)
def test_log_says_where_it_went(
    browser_of: BrowserOf, grid_worker: Membership, mandates: list[str], item: str, said: str
) -> None:
    for role in mandates:
        MandateFactory(item="3.1", role=Mandate.Role(role), party__name_en="Anju")

    answer = browser_of(grid_worker).post("/cases/new/", typed(need_item=item), follow=True)

    assert said in answer.content.decode()


def test_log_makes_one_case_of_a_form_that_is_sent_twice(browser_of: BrowserOf, grid_worker: Membership) -> None:
    MandateFactory(item="3.1")
    browser = browser_of(grid_worker)
    token = browser.get("/cases/new/").content.decode().split('name="token" value="')[1].split('"')[0]
    form = typed(token=token)

    browser.post("/cases/new/", form, follow=True)
    answer = browser.post("/cases/new/", form, follow=True)

    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/cases/{case.number}/", 302)]
    assert f"This form was sent before; this is the case it made, {case.number}." in answer.content.decode()


def test_log_draws_a_token_for_each_rendering(browser_of: BrowserOf, grid_worker: Membership) -> None:
    browser = browser_of(grid_worker)
    shown = {browser.get("/cases/new/").content.decode().split('name="token" value="')[1][:36] for _ in range(3)}

    assert len(shown) == 3


def test_log_keeps_the_token_while_the_form_is_mended(browser_of: BrowserOf, grid_worker: Membership) -> None:
    form = typed(title="")

    assert f'name="token" value="{form["token"]}"' in browser_of(grid_worker).post("/cases/new/", form).content.decode()


@pytest.mark.parametrize("token", ["", "x", "a\0b"])
def test_log_wants_a_token(browser_of: BrowserOf, grid_worker: Membership, token: str) -> None:
    answer = browser_of(grid_worker).post("/cases/new/", typed(token=token))

    assert answer.status_code == 422
    assert "This form has grown old" in answer.content.decode()
    assert not Case.objects.exists()


def test_log_takes_the_common_area_of_an_estate(browser_of: BrowserOf, grid_worker: Membership) -> None:
    browser_of(grid_worker).post("/cases/new/", typed(place="estate:home", urgency="E"))

    case = Case.objects.get()
    assert (case.estate.code, case.building, case.urgency) == ("home", None, "E")


def test_log_keeps_everything_else_that_was_typed(browser_of: BrowserOf, grid_worker: Membership) -> None:
    reported_at = timezone.localtime().replace(second=0, microsecond=0) - timedelta(hours=2)

    browser_of(grid_worker).post(
        "/cases/new/",
        typed(
            description="两天了",
            location_note="负一层",
            reported_at=reported_at.strftime("%Y-%m-%dT%H:%M"),
            channel="hotline",
            reporter_name="刘桂兰",
            reporter_phone="13800002607",
        ),
    )

    case = Case.objects.get()
    assert (case.description, case.location_note, case.channel) == ("两天了", "负一层", "hotline")
    assert (case.reported_at, case.reporter_name, case.reporter_phone) == (reported_at, "刘桂兰", "13800002607")


def test_log_forgets_who_wants_not_to_be_named(browser_of: BrowserOf, grid_worker: Membership) -> None:
    browser_of(grid_worker).post("/cases/new/", typed(reporter_name="刘桂兰", reporter_is_anonymous="on"))

    case = Case.objects.get()
    assert (case.reporter_is_anonymous, case.reporter_name) == (True, "")


def test_log_offers_the_own_grid_only(browser_of: BrowserOf, grid_worker: Membership) -> None:
    elsewhere = BuildingFactory(estate__code="elsewhere", code="elsewhere-1")
    beside = BuildingFactory(estate=grid_worker.grid.estate_set.get(), code="home-9", grid=GridFactory())

    page = browser_of(grid_worker).get("/cases/new/").content.decode()

    assert 'value="estate:home"' in page
    assert 'value="building:home-3"' in page
    assert f"building:{beside.code}" not in page
    assert f"building:{elsewhere.code}" not in page
    assert f"estate:{elsewhere.estate.code}" not in page


def test_log_offers_a_coordinator_the_whole_area(browser_of: BrowserOf, coordinator: Membership) -> None:
    building = BuildingFactory()

    page = browser_of(coordinator).get("/cases/new/").content.decode()

    assert f'value="building:{building.code}"' in page
    assert f'value="estate:{building.estate.code}"' in page


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"title": ""}, "title", "Say in one sentence what is wrong."),
        ({"title": "   "}, "title", "Say in one sentence what is wrong."),
        ({"title": "字" * 121}, "title", "Ensure this value has at most 120 characters (it has 121)."),
        ({"title": "a\0b"}, "title", "Null characters are not allowed."),
        ({"description": "a\0b"}, "description", "Null characters are not allowed."),
        ({"description": "字" * 20_001}, "description", "at most 20000 characters"),
        ({"place": ""}, "place", "Choose where it is."),
        ({"place": "building:elsewhere"}, "place", "Select a valid choice."),
        ({"need_item": "99.9"}, "need_item", "Select a valid choice."),
        ({"urgency": "X"}, "urgency", "Select a valid choice."),
        ({"channel": "pigeon"}, "channel", "Select a valid choice."),
        ({"reported_at": "yesterday"}, "reported_at", "Give day and time"),
        ({"reported_at": "9999-12-31T23:59"}, "reported_at", "Give a date from 1900 to 2200."),
        ({"reported_at": "2199-12-31T23:59"}, "reported_at", "A report cannot lie in the future."),
        ({"reported_at": "0001-01-01T00:00"}, "reported_at", "Give a date from 1900 to 2200."),
        ({"reporter_phone": "1" * 21}, "reporter_phone", "at most 20 characters"),
    ],
)
def test_log_says_what_is_wrong_and_keeps_what_was_typed(
    browser_of: BrowserOf, grid_worker: Membership, wrong: dict[str, str], field: str, said: str
) -> None:
    answer = browser_of(grid_worker).post("/cases/new/", typed(location_note="负一层") | wrong)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 thing to mend; nothing is saved yet" in page
    assert f'<a href="#id_{field}' in page
    assert said in page.split('id="id_place"')[1]
    assert 'value="负一层"' in page
    assert not Case.objects.exists()


def test_log_marks_the_field_that_is_wrong(browser_of: BrowserOf, grid_worker: Membership) -> None:
    page = browser_of(grid_worker).post("/cases/new/", typed(title="")).content.decode()

    control = page.split('name="title"')[1].split(">")[0]
    assert 'aria-invalid="true"' in control
    assert 'aria-describedby="id_title_error"' in control
    assert 'id="id_title_error"' in page


def test_log_folds_nothing_away_that_is_wrong(browser_of: BrowserOf, grid_worker: Membership) -> None:
    browser = browser_of(grid_worker)

    assert '<details class="more-fields">' in browser.get("/cases/new/").content.decode()
    wrong = browser.post("/cases/new/", typed(reported_at="2999-01-01T09:00")).content.decode()
    assert '<details class="more-fields" open>' in wrong


def test_log_refuses_a_title_of_ten_megabytes(browser_of: BrowserOf, grid_worker: Membership) -> None:
    answer = browser_of(grid_worker).post("/cases/new/", typed(title="x" * 10_000_000))

    assert answer.status_code == 413
    assert "What you sent is larger than this site takes." in answer.content.decode()
    assert not Case.objects.exists()


def test_log_refuses_a_title_of_two_megabytes_at_its_field(browser_of: BrowserOf, grid_worker: Membership) -> None:
    answer = browser_of(grid_worker).post("/cases/new/", typed(title="x" * 2_000_000))

    assert answer.status_code == 422
    assert "at most 120 characters" in answer.content.decode()


def test_log_takes_what_looks_like_code_as_text(browser_of: BrowserOf, grid_worker: Membership) -> None:
    answer = browser_of(grid_worker).post(
        "/cases/new/", typed(title="<script>alert(1)</script>", description="<b>x</b>"), follow=True
    )

    page = answer.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>" not in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_log_is_not_for_those_who_only_look(browser_of: BrowserOf, role: str) -> None:
    browser = browser_of(MembershipFactory(**{role: True}))

    assert browser.get("/cases/new/").status_code == 403
    assert browser.post("/cases/new/", typed()).status_code == 403


def test_log_sends_who_is_not_signed_in_to_sign_in(client: Client) -> None:
    assert client.get("/cases/new/").headers["location"] == "/sign-in/?next=/cases/new/"


def test_log_is_not_for_who_acts_for_nobody(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/cases/new/").status_code == 403


def test_log_wants_the_token_of_its_own_page(grid_worker: Membership) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(grid_worker.user)

    assert browser.post("/cases/new/", typed()).status_code == 403
    assert not Case.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_log_offers_what_one_logged_lately_first(
    browser_of: BrowserOf, grid_worker: Membership, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    building = Building.objects.get(code="home-3")
    for number in range(rows):
        logged_case(building=building, by=grid_worker, need_item=item(f"3.{1 + number}"))
    browser = browser_of(grid_worker)

    # session, user, membership, unread notices; estates, buildings, items, what was logged lately, the words
    with django_assert_num_queries(9):
        form = browser.get("/cases/new/").context["form"]

    assert [key for key, _name in form.fields["recent_place"].choices] == ["building:home-3", ""]
    assert [hit.item.code for hit in form.hits] == [f"3.{1 + number}" for number in reversed(range(rows))]
    assert not any(hit.is_chosen for hit in form.hits)


def test_log_takes_a_recent_place_and_a_hit_by_one_tap_each(browser_of: BrowserOf, grid_worker: Membership) -> None:
    logged_case(building=Building.objects.get(code="home-3"), by=grid_worker)

    browser_of(grid_worker).post(
        "/cases/new/", typed(recent_place="building:home-3", place="", hit="2.1", need_item="")
    )

    case = Case.objects.order_by("id").last()
    assert (case.building.code, case.need_item.code) == ("home-3", "2.1")


def test_log_previews_what_words_mean_and_where_it_would_go(browser_of: BrowserOf, grid_worker: Membership) -> None:
    lead = MandateFactory(item="2.1", party__name_en="Anju").party
    sent = typed(title="灯不亮", need_item="", preview="1")

    answer = browser_of(grid_worker).post("/cases/new/", sent)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Case.objects.exists()
    assert "<mark>灯不亮</mark>" in page
    assert answer.context["form"].chosen_item.item.code == "2.1"
    assert answer.context["foresight"].lead == lead


def test_log_foresees_by_the_item_that_is_chosen(browser_of: BrowserOf, grid_worker: Membership) -> None:
    MandateFactory(item="2.1", party__name_en="Anju")

    page = browser_of(grid_worker).post("/cases/new/", typed(hit="2.1", need_item="", preview="1")).content.decode()

    assert "It will go to <b>Anju</b>" in page
    assert "to be resolved by" in page


def test_log_previews_without_complaint(browser_of: BrowserOf, grid_worker: Membership) -> None:
    answer = browser_of(grid_worker).post("/cases/new/", typed(title="", place="", location_note="负一层", preview="1"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "to mend" not in page
    assert 'value="负一层"' in page


def test_log_chooses_another_guess_as_long_as_nobody_has_chosen(browser_of: BrowserOf, grid_worker: Membership) -> None:
    browser = browser_of(grid_worker)

    def chosen(**sent: str) -> list[str]:
        answer = browser.post("/cases/new/", typed(need_item="", preview="1", **sent))
        return [hit.item.code for hit in answer.context["form"].hits if hit.is_chosen]

    assert chosen(title="灯不亮") == ["2.1"]
    assert chosen(title="停水了", hit="2.1", guess="2.1") == ["2.2"]
    assert chosen(title="停水了", hit="2.1", guess="") == ["2.1"]


def test_log_adds_a_voice_to_a_case_that_is_known(browser_of: BrowserOf, grid_worker: Membership) -> None:
    main = logged_case(building=Building.objects.get(code="home-3"), by=MembershipFactory(coordinator=True))
    browser = browser_of(grid_worker)

    page = browser.post("/cases/new/", typed(preview="1")).content.decode()
    answer = browser.post("/cases/new/", typed(main_case=main.number), follow=True)

    assert f'name="main_case" value="{main.number}"' in page
    case = Case.objects.order_by("id").last()
    assert (case.main_case, answer.redirect_chain) == (main, [(f"/cases/{main.number}/", 302)])
    assert f"Logged as {case.number}, one more voice about this case." in answer.content.decode()


def test_log_does_not_join_what_one_does_not_see(browser_of: BrowserOf, grid_worker: Membership) -> None:
    elsewhere = logged_case(by=MembershipFactory(coordinator=True))

    answer = browser_of(grid_worker).post("/cases/new/", typed(main_case=elsewhere.number))

    assert answer.status_code == 422
    assert "You see no such case." in answer.content.decode()
    assert Case.objects.count() == 1


def test_log_keeps_photos_with_the_case(browser_of: BrowserOf, grid_worker: Membership, uploads: Path) -> None:
    browser_of(grid_worker).post("/cases/new/", typed() | {"photos": [photo("blue"), photo("red")]})

    assert Case.objects.get().attachments.count() == 2


def test_log_says_what_is_wrong_with_a_photo(browser_of: BrowserOf, grid_worker: Membership, uploads: Path) -> None:
    file = SimpleUploadedFile("x.jpg", b"not a photo", "image/jpeg")

    answer = browser_of(grid_worker).post("/cases/new/", typed() | {"photos": [file]})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"photos"}
    assert not Case.objects.exists()

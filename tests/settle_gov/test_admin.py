"""The admin: every page of it opens, and what services write cannot be changed there."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from cases.models import WorkCalendarDay
from stakeholders.models import AccountEvent, Membership, Resident, SignInTries, User
from tests.factories.accounts import phone_of
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    AccountEventFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    HouseholdFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    ResidentFactory,
    SignInTriesFactory,
    TownFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
READ_ONLY = ["cases.case", "cases.caseevent", "cases.finding", "stakeholders.mandate", "stakeholders.ruling"]
READ_ONLY += ["stakeholders.accountevent", "stakeholders.signintries"]


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=lambda model: model._meta.label))
def test_admin_list_opens(staff: Client, model: type) -> None:
    ResidentFactory()
    MandateFactory()
    logged_case()

    response = staff.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))

    assert response.status_code == 200


@pytest.mark.parametrize("label", READ_ONLY)
def test_admin_adds_nothing_that_services_write(staff: Client, label: str) -> None:
    response = staff.get(reverse(f"admin:{label.replace('.', '_')}_add"))

    assert response.status_code == 403


def test_admin_leads_to_the_page_of_a_case(staff: Client) -> None:
    case = logged_case()
    MembershipFactory(coordinator=True, user=staff.get("/admin/").wsgi_request.user)

    page = staff.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    on_site = page.split('class="viewsitelink"')[0].rsplit('href="', 1)[1].split('"')[0]
    shown = staff.get(on_site)

    assert shown.url.partition("//")[2].partition("/")[2] == case.get_absolute_url().lstrip("/")
    assert staff.get(case.get_absolute_url()).status_code == 200


def test_admin_shows_no_reporter(staff: Client) -> None:
    case = logged_case(reporter_name="刘桂兰", reporter_phone="13800002607")

    page = staff.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()

    assert "刘桂兰" not in page
    assert "13800002607" not in page


def test_admin_is_closed_to_others(client: Client) -> None:
    client.force_login(MembershipFactory(coordinator=True).user)

    assert client.get(reverse("admin:index")).status_code == 302


def member_of(browser: Client, **traits: Any) -> Membership:
    """Let who is signed in there act for a party, too."""
    return MembershipFactory(user=User.objects.get(pk=browser.session["_auth_user_id"]), **traits)


def test_admin_corrects_the_calendar_through_the_service(staff: Client) -> None:
    by = member_of(staff, administrator=True)
    data = {"date": "2026-11-19", "kind": "off", "name": ""}

    assert staff.post(reverse("admin:cases_workcalendarday_add"), data).status_code == 302
    day = WorkCalendarDay.objects.get(date="2026-11-19")
    page = staff.get(reverse("admin:cases_workcalendarday_changelist")).content.decode()
    gone = staff.post(reverse("admin:cases_workcalendarday_delete", args=[day.pk]), {"post": "yes"})

    assert f"by hand: {by.user}" in page
    assert gone.status_code == 302
    assert not WorkCalendarDay.objects.filter(pk=day.pk).exists()
    told = [json.loads(each.change_message)[0]["what"] for each in LogEntry.objects.order_by("pk")]
    assert told == ["added", "removed"]  # once each, by the service


FOR_ALL = ["disputelevel", "statutoryrule", "workcalendarday"]


@pytest.mark.parametrize("name", FOR_ALL)
def test_admin_lets_those_write_for_all_whose_area_is_the_whole_installation(staff: Client, name: str) -> None:
    by = member_of(staff, administrator=True)
    row = apps.get_model("cases", name).objects.first()
    addresses = [
        reverse(f"admin:cases_{name}_add"),
        reverse(f"admin:cases_{name}_change", args=[row.pk]),
        reverse(f"admin:cases_{name}_delete", args=[row.pk]),
    ]
    assert [staff.get(each).status_code for each in addresses] == [200] * 3
    EstateFactory(grid__area__code="440106001000")

    assert [staff.post(each, {"post": "yes"}).status_code for each in addresses] == [403] * 3
    page = staff.get(reverse(f"admin:cases_{name}_changelist")).content.decode()

    assert "holds for the whole installation" in page
    assert type(row).objects.filter(pk=row.pk).exists()
    assert not LogEntry.objects.filter(user=by.user).exists()


@pytest.mark.parametrize("name", FOR_ALL)
def test_admin_lets_nobody_write_for_all_who_acts_for_no_party(staff: Client, name: str) -> None:
    assert staff.post(reverse(f"admin:cases_{name}_add")).status_code == 403


@pytest.mark.parametrize("name", ["deadlinerule", "escalationrule", "workcalendaryear"])
def test_admin_leaves_to_the_pages_what_they_ask_more_about(staff: Client, name: str) -> None:
    member_of(staff, administrator=True)
    row = apps.get_model("cases", name).objects.first()
    change, delete = (reverse(f"admin:cases_{name}_{done}", args=[row.pk]) for done in ("change", "delete"))

    assert staff.get(change).status_code == 200
    assert [staff.post(each, {"post": "yes"}).status_code for each in (change, delete)] == [403] * 2
    assert staff.get(reverse(f"admin:cases_{name}_add")).status_code == 403


@pytest.mark.parametrize(
    ("made", "lasting"),
    [
        (lambda: MembershipFactory(grid_worker=True), {"user", "party", "role", "area", "grid"}),
        (PartyFactory, {"code"}),
        (EstateFactory, {"code", "area"}),
        (BuildingFactory, {"code", "estate"}),
        (HouseholdFactory, {"code"}),
        (GridFactory, {"code"}),
        (TownFactory, {"code"}),
        (lambda: item().need_class, {"code"}),
        (item, {"code", "need_class"}),
    ],
)
def test_admin_keeps_what_histories_name(staff: Client, made: Callable[[], Model], lasting: set[str]) -> None:
    row = made()
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}"

    new = staff.get(reverse(f"{name}_add")).context["adminform"].form.fields
    known = staff.get(reverse(f"{name}_change", args=[row.pk])).context["adminform"].form.fields

    assert lasting <= set(new)
    assert set(new) - set(known) == lasting


def test_admin_takes_a_resident_and_never_shows_one(staff: Client) -> None:
    given = {"household": HouseholdFactory().pk, "name": "刘桂兰", "phone": "13800002607"}
    assert staff.post(reverse("admin:stakeholders_resident_add"), given).status_code == 302
    resident = Resident.objects.get()
    address = reverse("admin:stakeholders_resident_change", args=[resident.pk])

    page = staff.get(address).content.decode()
    moved = {"household": resident.household_id, "moved_out_at_0": "2026-11-20", "moved_out_at_1": "08:00"}
    assert staff.post(address, {**moved, "name": "somebody"}).status_code == 302

    assert "138****2607" in page
    assert "刘桂兰" not in page
    assert "13800002607" not in page
    resident.refresh_from_db()
    assert resident.name == "刘桂兰"
    assert resident.moved_out_at is not None


def test_admin_names_the_years_that_can_be_meant(staff: Client) -> None:
    resident, party = ResidentFactory(), PartyFactory()
    far = {"_0": "9999-12-31", "_1": "08:00"}
    moved = {"household": resident.household_id} | {f"moved_out_at{part}": value for part, value in far.items()}
    closed = {"name": party.name, "name_en": "", "kind": party.kind, "area": party.area_id}
    closed |= {f"closed_at{part}": value for part, value in far.items()}

    for row, name, data in ((resident, "moved_out_at", moved), (party, "closed_at", closed)):
        address = reverse(f"admin:stakeholders_{row._meta.model_name}_change", args=[row.pk])
        form = staff.post(address, data).context["adminform"].form
        assert form.errors == {name: ["Give a date from 1900 to 2200."]}


def test_admin_moves_an_estate_to_another_grid_of_its_community_only(staff: Client) -> None:
    estate, elsewhere = EstateFactory(), GridFactory()
    near = GridFactory(area=estate.area)
    address = reverse("admin:stakeholders_estate_change", args=[estate.pk])
    given = {"name": estate.name, "name_en": estate.name_en, "kind": estate.kind}

    refusal = staff.post(address, {**given, "grid": elsewhere.pk})
    moved = staff.post(address, {**given, "grid": near.pk})

    assert set(refusal.context["adminform"].form.errors) == {"grid"}
    assert moved.status_code == 302
    estate.refresh_from_db()
    assert estate.grid == near


def test_admin_refuses_a_building_in_the_grid_of_another_community(staff: Client) -> None:
    estate, elsewhere = EstateFactory(), GridFactory()

    data = {"code": "b1", "name": "1 栋", "estate": estate.pk, "grid": elsewhere.pk}
    response = staff.post(reverse("admin:stakeholders_building_add"), data)

    assert set(response.context["adminform"].form.errors) == {"grid"}


def test_admin_opens_an_account_again_and_turns_its_second_step_off(staff: Client) -> None:
    tries = SignInTriesFactory()
    phone_of(tries.account)
    address = reverse("admin:stakeholders_user_changelist")
    for action in ("open_again", "turn_off_second_step"):
        staff.post(address, {"action": action, "_selected_action": [tries.account_id]})

    assert not SignInTries.objects.exists()
    assert not Authenticator.objects.exists()
    assert [line.how for line in AccountEvent.objects.filter(account=tries.account)] == ["administrator"] * 2


def test_admin_opens_what_is_no_account_too(staff: Client) -> None:
    rows = [SignInTriesFactory(), SignInTriesFactory(account=None, key="0" * 64)]
    address = reverse("admin:stakeholders_signintries_changelist")

    staff.post(address, {"action": "open_again", "_selected_action": [row.pk for row in rows]})

    assert not SignInTries.objects.exists()


def test_admin_who_only_looks_opens_nothing(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))
    SignInTriesFactory()

    answer = client.post(reverse("admin:stakeholders_signintries_changelist"), {"action": "open_again"})

    assert answer.status_code == 403
    assert SignInTries.objects.exists()


def test_admin_writes_down_that_a_password_was_set(staff: Client) -> None:
    account = UserFactory()
    address = reverse("admin:auth_user_password_change", args=[account.pk])
    staff.get(address)
    assert not AccountEvent.objects.exists()

    staff.post(
        address, {"password1": "清禾-in-the-morning-6", "password2": "清禾-in-the-morning-6", "usable_password": "true"}
    )

    line = AccountEvent.objects.get()
    assert (line.account, line.kind, line.how, line.address) == (
        account,
        "password_changed",
        "administrator",
        "127.0.0.1",
    )


def test_admin_shows_no_secret_of_a_phone(staff: Client) -> None:
    assert not {"Authenticator", "EmailAddress"} & {model.__name__ for model in admin.site._registry}


@pytest.mark.parametrize("rows", [1, 3])
def test_admin_lists_the_sign_in_log_in_as_many_queries_for_each_length(
    staff: Client, rows: int, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for _each in range(rows):
        AccountEventFactory()

    with django_assert_num_queries(5):  # session, user, memberships; how many, and they
        page = staff.get(reverse("admin:stakeholders_accountevent_changelist")).content.decode()

    assert page.count("192.0.2.7") == rows

"""The admin: every page of it opens, and what services write cannot be changed there."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, ResidentFactory, UserFactory

pytestmark = pytest.mark.django_db
READ_ONLY = ["cases.case", "cases.caseevent", "cases.finding", "stakeholders.mandate", "stakeholders.ruling"]


@pytest.fixture
def staff(client: Client) -> Client:
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


def test_admin_shows_no_reporter(staff: Client) -> None:
    case = logged_case(reporter_name="刘桂兰", reporter_phone="13800002607")

    page = staff.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()

    assert "刘桂兰" not in page
    assert "13800002607" not in page


def test_admin_is_closed_to_others(client: Client) -> None:
    client.force_login(MembershipFactory(coordinator=True).user)

    assert client.get(reverse("admin:index")).status_code == 302


def test_admin_corrects_the_calendar_through_the_service(staff: Client) -> None:
    data = {"date": "2026-11-19", "kind": "off", "name": "停工"}

    assert staff.post(reverse("admin:cases_workcalendarday_add"), data).status_code == 302

    page = staff.get(reverse("admin:cases_workcalendaryear_changelist")).content.decode()
    assert "by hand" in page

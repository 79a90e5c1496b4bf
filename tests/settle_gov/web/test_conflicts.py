"""A race that is lost, or a lock that is not let go, is a conflict on pages too."""

from datetime import date

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client, override_settings
from django.urls import path

from cases.models import NumberSeries
from settle_gov import urls
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


class DriverError(Exception):
    """What a database driver says, with its code."""

    def __init__(self, *, sqlstate: str | None = None, sqlite_errorcode: int | None = None) -> None:
        self.sqlstate, self.sqlite_errorcode = sqlstate, sqlite_errorcode


def refuse(request, kind, code):
    error = {"integrity": IntegrityError, "operational": OperationalError}[kind]
    raise error from (DriverError(sqlite_errorcode=int(code)) if len(code) < 5 else DriverError(sqlstate=code))


def write_the_same_twice(request):
    with transaction.atomic():
        NumberSeries.objects.bulk_create([NumberSeries(day=date(2026, 11, 20))] * 2)


urlpatterns = [
    *urls.urlpatterns,
    path("refuse/<slug:kind>/<slug:code>/", refuse),
    path("twice/", write_the_same_twice),
]


@pytest.fixture
def browser(signed_in) -> Client:
    browser = signed_in(MembershipFactory())
    browser.raise_request_exception = False
    return browser


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    "refusal", ["operational/40001", "operational/40P01", "operational/55P03", "operational/5", "integrity/23505"]
)
def test_a_conflict_asks_to_look_again(browser, refusal):
    answer = browser.get(f"/refuse/{refusal}/")

    assert answer.status_code == 409
    assert "Somebody else was at it just now" in answer.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_what_the_database_itself_refuses_is_told(browser):
    assert browser.get("/twice/").status_code == 409


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("refusal", ["operational/57014", "integrity/23503", "integrity/787"])
def test_what_is_our_fault_stays_our_fault(browser, refusal, caplog):
    assert browser.get(f"/refuse/{refusal}/").status_code == 500

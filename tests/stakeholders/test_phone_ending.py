"""The end of a phone number, kept by the database."""

import pytest
from django.db import connection

from cases.models import Case
from stakeholders.masking import masked_phone
from stakeholders.models import Resident
from tests.factories.cases import logged_case
from tests.factories.stakeholders import ResidentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("phone", ["13800002607", "12345678", "1234567", "0534-8123456 转 801", ""])
def test_ending_is_what_the_mask_shows(phone: str) -> None:
    ResidentFactory(phone=phone)

    ending = Resident.objects.get().phone_ending

    assert ending == (masked_phone(phone)[-4:].replace("****", "") or None)


def test_ending_follows_the_number_whoever_writes_it() -> None:
    case = logged_case(reporter_name="刘桂兰", reporter_phone="13800002607")

    Case.objects.filter(pk=case.pk).update(reporter_phone="13800001122")

    case.refresh_from_db()
    assert case.reporter_phone_ending == "1122"


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: Resident.objects.filter(phone_ending="2607").order_by(), "resident_phone_ending"),
        (lambda: Resident.objects.filter(name="刘桂兰").order_by(), "resident_name"),
        (lambda: Case.objects.filter(reporter_phone_ending="2607").order_by(), "case_phone_ending"),
    ],
)
def test_search_is_one_look_into_an_index(rows, index) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table of no rows is read whole

    assert index in rows().explain()


def test_column_leaves_the_triggers_of_the_table_alone() -> None:
    """SQLite loses them with a table that is made anew."""
    of_sqlite = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cases_case'"
    of_postgresql = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'cases_case'::regclass AND NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(of_sqlite if connection.vendor == "sqlite" else of_postgresql)
        assert cursor.fetchone()[0] >= 3  # insert, update and delete, which the feed notes

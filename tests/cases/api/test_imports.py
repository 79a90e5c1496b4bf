"""imports/: a ledger is sent as a file, checked, started, and its refused rows come back."""

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from cases.models import Case, CaseImport
from cases.services.send_import import send_import
from cases.services.work_off_import import work_off_import
from spreadsheets.open_table import open_table
from stakeholders.models import Membership
from stakeholders.roles import Role
from tests.api import ROOT, ApiClient, refused
from tests.factories.imports import HEADER, checked_import, message, sent_import, started_import
from tests.factories.stakeholders import AreaFactory, GridFactory, MembershipFactory
from tests.spreadsheets.files import Rows, csv_file, xlsx_file

pytestmark = pytest.mark.django_db
IMPORTS = "imports/"
BROKEN = message(3, answered="someday")


@pytest.fixture
def admin() -> Membership:
    return MembershipFactory(administrator=True)


@pytest.fixture
def client(admin: Membership) -> ApiClient:
    return ApiClient(admin)


def ledger(rows: Rows, name: str = "messages.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, csv_file([HEADER, *rows]).read())


def test_ledger_is_sent_checked_and_imported(client: ApiClient, admin: Membership) -> None:
    sent = client.post(f"{ROOT}{IMPORTS}", {"file": ledger([message(1), message(2), BROKEN])})

    assert sent.status_code == 202
    address = sent["Location"].removeprefix(f"http://testserver{ROOT}")
    assert (sent.json()["state"], sent.json()["checked"], sent.json()["area"]) == ("waiting", None, admin.area.code)

    work_off_import(sent.json()["id"])
    told = client.read(address)
    assert (told["state"], told["mapping"], told["imported"]) == ("checked", "messages", None)
    figures = {"rows": 3, "added": 2, "known": 0, "refused": 1, "closed": 2, "late": 0, "open": 0, "overdue": 0}
    assert told["checked"] == figures
    assert not Case.objects.exists()

    started = client.send(f"{address}start/")
    assert (started.status_code, started.json()["state"]) == (202, "importing")

    work_off_import(sent.json()["id"])
    told = client.read(address)
    assert (told["state"], told["imported"], told["done"], told["total"]) == ("done", figures, 3, 3)
    assert Case.objects.count() == 2


def test_refused_rows_are_told_and_come_back_as_a_file(client: ApiClient, admin: Membership) -> None:
    kept = checked_import(admin, [message(1), BROKEN])

    answer = client.read(f"{IMPORTS}{kept.pk}/errors/", count="true")
    [row] = answer["results"]
    assert (answer["count"], row["row"]) == (1, 3)

    file = client.get(f"{ROOT}{IMPORTS}{kept.pk}/refused-rows/")
    assert file.status_code == 200
    assert 'filename="messages.errors.csv"' in file["Content-Disposition"]
    header, refused_row = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert header == ",".join([*HEADER, "What is wrong"])
    assert refused_row == ",".join([*BROKEN, *row["problems"]])


def test_refused_rows_come_page_by_page_in_the_order_of_the_file(client: ApiClient, admin: Membership) -> None:
    kept = checked_import(admin, [message(n, "someday") for n in range(5)])
    checked_import(admin, [message(n, "someday") for n in range(9)])

    first = client.read(f"{IMPORTS}{kept.pk}/errors/", page_size=3)
    second = client.get(first["next"]).json()

    assert [each["row"] for each in first["results"] + second["results"]] == [2, 3, 4, 5, 6]
    assert (first["previous"], second["next"]) == (None, None)
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("count", [1, 3])
def test_refused_rows_cost_the_same_for_any_number(
    client: ApiClient, admin: Membership, count: int, django_assert_num_queries: Any
) -> None:
    kept = checked_import(admin, [message(n, "someday") for n in range(count)])

    with django_assert_num_queries(4):
        answer = client.read(f"{IMPORTS}{kept.pk}/errors/")

    assert len(answer["results"]) == count


def test_file_of_refused_rows_is_not_made_while_the_client_waits(client: ApiClient, admin: Membership) -> None:
    kept = checked_import(admin, [BROKEN])
    CaseImport.objects.update(content=b"gone")

    file = client.get(f"{ROOT}{IMPORTS}{kept.pk}/refused-rows/")

    content = b"".join(file.streaming_content)
    assert len(content.decode("utf-8-sig").splitlines()) == 2
    assert file["Content-Length"] == str(len(content))


@pytest.mark.parametrize("form", ["utf-8-sig", "gb18030", "xlsx"])
def test_file_of_refused_rows_is_the_one_that_the_command_writes(
    client: ApiClient, admin: Membership, form: str, tmp_path: Path
) -> None:
    rows = [HEADER, message(1), BROKEN]
    name, made = ("m.xlsx", xlsx_file(rows)) if form == "xlsx" else ("m.csv", csv_file(rows, encoding=form))
    (tmp_path / name).write_bytes(made.getvalue())
    kept = send_import(ContentFile(made.getvalue(), name=name), by=admin)
    work_off_import(kept.pk)
    call_command("import_cases", str(tmp_path / name), area=admin.area.code, stdout=StringIO())

    file = b"".join(client.get(f"{ROOT}{IMPORTS}{kept.pk}/refused-rows/").streaming_content)

    def cells(content: bytes) -> list[Any]:
        return list(open_table(BytesIO(content), name).rows())

    assert cells(file) == cells((tmp_path / name).with_stem("m.errors").read_bytes())
    assert len(cells(file)) == 2
    if form == "gb18030":
        assert file.decode("gb18030").startswith(HEADER[0])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_reasons_are_told_in_the_language_of_who_sent_it(admin: Membership, language: str) -> None:
    client = ApiClient(admin, language=language)
    sent = client.post(f"{ROOT}{IMPORTS}", {"file": ledger([BROKEN])}).json()
    work_off_import(sent["id"])

    [row] = client.read(f"{IMPORTS}{sent['id']}/errors/")["results"]

    assert ("This is no date" in row["problems"][0]) == (language == "en")


def test_file_that_cannot_be_read_is_refused_with_the_reason(client: ApiClient) -> None:
    sent = client.post(f"{ROOT}{IMPORTS}", {"file": SimpleUploadedFile("messages.csv", b"a,b\n1,2\n")}).json()
    work_off_import(sent["id"])

    told = client.read(f"{IMPORTS}{sent['id']}/")

    assert told["state"] == "refused"
    assert told["reason"]


def test_nothing_is_started_before_it_is_checked_or_twice(client: ApiClient, admin: Membership) -> None:
    waiting, started = sent_import(admin, [message(1)]), started_import(admin, [message(2)])

    for kept in (waiting, started):
        refused(client.send(f"{IMPORTS}{kept.pk}/start/"), 409)
    refused(client.get(f"{ROOT}{IMPORTS}{waiting.pk}/refused-rows/"), 409)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "file"),
        ({"file": "text"}, "file"),
        ({"file": "", "mapping": "other"}, "mapping"),
        ({"file": "", "due": "soon"}, "due"),
        ({"file": "", "area": "1"}, "area"),
        ({"file": "", "colour": "red"}, "colour"),
    ],
)
def test_what_makes_no_sense_is_named(client: ApiClient, given: dict[str, Any], name: str) -> None:
    if given.get("file") == "":
        given = given | {"file": ledger([message(1)])}

    refused(client.post(f"{ROOT}{IMPORTS}", given), 400, name)

    assert not CaseImport.objects.exists()


def test_area_that_is_not_ones_own_is_refused() -> None:
    here, elsewhere = AreaFactory(), AreaFactory()
    client = ApiClient(MembershipFactory(administrator=True, area=here))

    response = client.post(f"{ROOT}{IMPORTS}", {"file": ledger([message(1)]), "area": elsewhere.code})

    refused(response, 400, "area")


def test_nobody_sees_what_others_have_sent(admin: Membership) -> None:
    kept, other = checked_import(admin, [message(1)]), ApiClient(MembershipFactory(administrator=True))

    assert other.read(IMPORTS)["results"] == []
    for path in ("", "errors/", "refused-rows/"):
        refused(other.get(f"{ROOT}{IMPORTS}{kept.pk}/{path}"), 404)
    refused(other.send(f"{IMPORTS}{kept.pk}/start/"), 404)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_administrators_import(role: Role) -> None:
    client = ApiClient(MembershipFactory(role=role, grid=GridFactory() if role == Role.GRID_WORKER else None))

    refused(client.get(ROOT + IMPORTS), 403)
    refused(client.post(ROOT + IMPORTS, {"file": ledger([message(1)])}), 403)


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number(
    client: ApiClient, admin: Membership, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        checked_import(admin, [message(number)])

    with django_assert_num_queries(3):
        answer = client.read(IMPORTS)

    assert len(answer["results"]) == count

"""work_off_import: a dry run first, then the import, and whatever dies in between loses and doubles nothing."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from cases.models import Case, CaseImport
from cases.services import import_cases as module
from cases.services.send_import import send_import
from cases.services.start_import import start_import
from cases.services.work_off_import import work_off_import
from stakeholders.models import Membership
from tests.factories.imports import HEADER, checked_import, message, sent_import, started_import
from tests.factories.stakeholders import EstateFactory, MembershipFactory
from tests.spreadsheets.files import csv_file, xlsx_file

pytestmark = pytest.mark.django_db

ROWS = [message(1), message(2, ""), message(3), message(4, "never"), message(5)]
LEDGER = ["编号", "受理时间", "小区", "事项", "标题"]


@pytest.fixture
def administrator() -> Membership:
    return MembershipFactory(administrator=True)


def figures(found: dict[str, int] | None) -> tuple[int, ...]:
    assert found is not None
    return tuple(found[key] for key in ("rows", "added", "known", "refused", "closed", "open"))


def test_a_dry_run_reckons_and_writes_nothing(administrator: Membership) -> None:
    checked = checked_import(administrator, ROWS)

    assert (checked.state, figures(checked.check_figures)) == ("checked", (5, 4, 0, 1, 3, 1))
    assert (checked.mapping, checked.done, checked.total) == ("messages", 5, 5)
    assert [each["row"] for each in checked.refusals] == [5]
    assert (Case.objects.count(), checked.import_figures, checked.added) == (0, None, 0)


def test_what_was_started_is_imported_once(administrator: Membership) -> None:
    started = started_import(administrator, ROWS)

    assert (work_off_import(started.pk), work_off_import(started.pk)) == (5, 0)

    started.refresh_from_db()
    assert (started.state, figures(started.import_figures)) == ("done", (5, 4, 0, 1, 3, 1))
    assert Case.objects.count() == 4


def test_what_was_checked_waits_until_it_is_started(administrator: Membership) -> None:
    assert work_off_import(checked_import(administrator, ROWS).pk) == 0


def test_a_worker_that_dies_loses_and_doubles_nothing_and_the_figures_stay_right(
    administrator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    started = started_import(administrator, ROWS)
    with monkeypatch.context() as patch:
        chunks = iter([module._number])
        patch.setattr(module, "_number", lambda cases: next(chunks)(cases))
        with pytest.raises(StopIteration):
            work_off_import(started.pk)
    started.refresh_from_db()
    assert (started.state, started.added, Case.objects.count(), started.done) == ("importing", 2, 2, 2)

    assert work_off_import(started.pk) == 0  # the dead one still holds it
    later = timezone.now() + timedelta(minutes=10)
    assert work_off_import(started.pk, at=later) == 5

    started.refresh_from_db()
    assert figures(started.import_figures) == (5, 4, 0, 1, 3, 1)
    assert (started.added, Case.objects.count()) == (4, 4)


def test_what_was_known_before_is_not_said_to_be_added(administrator: Membership) -> None:
    work_off_import(started_import(administrator, [message(1)]).pk)
    again = started_import(administrator, [message(1), message(2)])
    work_off_import(again.pk)

    again.refresh_from_db()
    assert figures(again.check_figures) == figures(again.import_figures) == (2, 1, 1, 0, 2, 0)


@pytest.mark.parametrize(("name", "content"), [("a.csv", b"PK\x03\x04"), ("a.xlsx", b"PK\x03\x04"), ("a.doc", b"x")])
def test_a_file_that_cannot_be_read_is_refused_with_a_reason(
    administrator: Membership, name: str, content: bytes
) -> None:
    sent = send_import(ContentFile(content, name=name), by=administrator)
    work_off_import(sent.pk)

    sent.refresh_from_db()
    assert (sent.state, sent.reason.startswith(f"{name}: "), sent.lease_until) == ("refused", True, None)


def test_nothing_is_imported_for_who_has_left(administrator: Membership) -> None:
    started = started_import(administrator, ROWS)
    Membership.objects.filter(pk=administrator.pk).update(until=timezone.now())
    work_off_import(started.pk)

    started.refresh_from_db()
    assert (started.state, Case.objects.count()) == ("refused", 0)


def test_import_whose_sender_leaves_midway_says_what_it_has_added(
    administrator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    started = started_import(administrator, ROWS)
    with monkeypatch.context() as patch:
        chunks = iter([module._number])
        patch.setattr(module, "_number", lambda cases: next(chunks)(cases))
        with pytest.raises(StopIteration):
            work_off_import(started.pk)
    later = timezone.now() + timedelta(minutes=10)
    Membership.objects.filter(pk=administrator.pk).update(until=timezone.now())

    work_off_import(started.pk, at=later)

    started.refresh_from_db()
    assert (started.state, started.added, started.checked_at is None) == ("refused", 2, False)
    assert started.reason


def test_a_row_cannot_name_an_estate_outside_the_area() -> None:
    inside, outside = EstateFactory(), EstateFactory()
    administrator = MembershipFactory(administrator=True, area=inside.area)
    assert not administrator.area.contains(outside.area_id)
    rows = [[str(n), "2019/3/4 08:12:00", estate.code, "", "灯"] for n, estate in enumerate((inside, outside))]
    sent = send_import(ContentFile(csv_file([LEDGER, *rows]).read(), name="l.csv"), by=administrator)
    work_off_import(sent.pk)
    sent.refresh_from_db()
    work_off_import(start_import(sent, by=administrator).pk)

    sent.refresh_from_db()
    assert ([each["row"] for each in sent.refusals], Case.objects.get().estate) == ([3], inside)


@pytest.mark.parametrize("form", ["gb18030", "xlsx"])
def test_both_formats_are_read(administrator: Membership, form: str) -> None:
    rows = [HEADER, message(1)]
    content = xlsx_file(rows) if form == "xlsx" else csv_file(rows, encoding=form)
    name = "m.xlsx" if form == "xlsx" else "m.csv"
    sent = send_import(ContentFile(content.getvalue(), name=name), by=administrator)
    work_off_import(sent.pk)

    sent.refresh_from_db()
    assert figures(sent.check_figures) == (1, 1, 0, 0, 1, 0)


def test_imports_to_do_are_found(administrator: Membership) -> None:
    waiting = sent_import(administrator, [message(1)])
    checked_import(administrator, [message(2)])

    assert list(CaseImport.objects.unclaimed(timezone.now())) == [waiting]

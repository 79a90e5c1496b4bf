"""work_off_import: a dry run first, then the import, and whatever dies in between loses and doubles nothing."""

from datetime import datetime, timedelta
from unittest.mock import Mock

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from cases.models import Case, CaseImport
from cases.models.case_import import LEASE
from cases.services import import_cases as module
from cases.services.send_import import send_import
from cases.services.start_import import start_import
from cases.services.work_off_import import work_off_import
from stakeholders.models import Membership
from tests.factories.imports import HEADER, checked_import, message, sent_import, started_import
from tests.factories.stakeholders import AreaFactory, EstateFactory, MembershipFactory, PartyFactory
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


def dies(started: CaseImport, monkeypatch: pytest.MonkeyPatch, *, after: int, at: datetime) -> None:
    """Let a worker die of an import, after so many chunks."""
    with monkeypatch.context() as patch:
        chunks = iter([module._number] * after)
        patch.setattr(module, "_number", lambda cases: next(chunks)(cases))
        with pytest.raises(StopIteration):
            work_off_import(started.pk, at=at)


def test_a_dry_run_reckons_and_writes_nothing(administrator: Membership) -> None:
    checked = checked_import(administrator, ROWS)

    assert (checked.state, figures(checked.check_figures)) == ("checked", (5, 4, 0, 1, 3, 1))
    assert (checked.mapping, checked.done, checked.total) == ("messages", 5, 5)
    assert [(each.row, each.problems) for each in checked.left_out.all()] == [
        (5, ["答复时间: This is no date; write 2019-04-25 09:32."])
    ]
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
    dies(started, monkeypatch, after=1, at=timezone.now())
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


def test_import_of_which_every_worker_dies_is_refused_after_three_tries_without_a_result(
    administrator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    started, now = started_import(administrator, ROWS), timezone.now()
    moments = [now + 2 * n * LEASE for n in range(5)]
    dies(started, monkeypatch, after=1, at=moments[0])
    for moment in moments[1:4]:
        dies(started, monkeypatch, after=0, at=moment)

    with time_machine.travel(moments[4]):
        assert work_off_import(started.pk) == 0

    started.refresh_from_db()
    assert (started.state, started.added, Case.objects.count()) == ("refused", 2, 2)
    assert started.reason == "Work on it has ended 3 times without a result. Split the ledger and send its parts."
    assert not CaseImport.objects.to_do().exists()


def test_import_that_gets_on_with_each_worker_that_dies_comes_to_its_end(
    administrator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 1)
    started, now = started_import(administrator, [message(n) for n in range(6)]), timezone.now()
    for n in range(5):
        dies(started, monkeypatch, after=1, at=now + 2 * n * LEASE)

    with time_machine.travel(now + 10 * LEASE):
        work_off_import(started.pk)

    started.refresh_from_db()
    assert (started.state, started.added, started.tries) == ("done", 6, 0)


def test_ledger_that_cannot_even_be_checked_is_refused_after_three_tries(
    administrator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, now = sent_import(administrator, ROWS), timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(module, "open_table", Mock(side_effect=MemoryError))
        for n in range(3):
            with pytest.raises(MemoryError):
                work_off_import(sent.pk, at=now + 2 * n * LEASE)

    with time_machine.travel(now + 6 * LEASE):
        work_off_import(sent.pk)

    sent.refresh_from_db()
    assert (sent.state, sent.reason[:10]) == ("refused", "Work on it")


def test_refused_rows_are_those_of_the_last_run(administrator: Membership) -> None:
    started = started_import(administrator, [message(1, "soon")])
    [left_out] = started.left_out.all()

    work_off_import(started.pk)

    [again] = started.left_out.all()
    assert (again.row, again.problems) == (left_out.row, left_out.problems)
    assert again.pk != left_out.pk


def test_party_of_another_province_is_as_unknown_as_one_that_does_not_exist(administrator: Membership) -> None:
    estate, far = EstateFactory(), PartyFactory(name="远方物业", area=AreaFactory(code="110105001001"))
    header = [*LEDGER, "主责单位", "办结时间"]
    rows = [
        [str(n), "2019/3/4 08:12:00", estate.code, "3.1", "灯", name, "2019/3/5 08:12:00"]
        for n, name in enumerate([far.name, far.code, "没有的单位"])
    ]
    sent = send_import(ContentFile(csv_file([header, *rows]).read(), name="l.csv"), by=administrator)

    work_off_import(sent.pk)

    told = [each.problems for each in sent.left_out.all()]
    assert told == [[f"主责单位: “{name}” is not known here."] for name in (far.name, far.code, "没有的单位")]


def test_import_whose_sender_leaves_midway_says_what_it_has_added(
    administrator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    started = started_import(administrator, ROWS)
    dies(started, monkeypatch, after=1, at=timezone.now())
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
    assert (list(sent.left_out.values_list("row", flat=True)), Case.objects.get().estate) == ([3], inside)


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

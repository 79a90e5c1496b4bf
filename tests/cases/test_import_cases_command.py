"""`manage.py import_cases`: what it prints, and the file of refused rows beside the input."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import load_workbook

from cases.models import Case
from tests.factories.stakeholders import TownFactory
from tests.spreadsheets.files import csv_file, xlsx_file

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[1] / "samples" / "messages.csv"
HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复时间", "领导批示"]
BAD = [["1", "甲", "灯", "2019/3/4", "", "", "请办"], ["2", "乙", "", "2019/3/4", "", "", ""]]


@pytest.fixture(autouse=True)
def _town_in_english() -> object:
    TownFactory()
    with translation.override("en"):
        yield


def run(file: Path, *options: object) -> str:
    out = io.StringIO()
    call_command("import_cases", str(file), *map(str, options), stdout=out)
    return out.getvalue()


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path))


def test_it_prints_what_it_did_and_the_second_time_that_all_is_known(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(sample).splitlines() == [
        "messages.csv, mapping messages: 30 rows",
        "  added 30, known already 0, refused 0",
        "  closed 30, answered late 9 of 30",
        "  open 0, overdue now 0",
    ]
    assert run(sample).splitlines()[1:3] == [
        "  added 0, known already 30, refused 0",
        "  closed 30, answered late 9 of 30",
    ]
    assert "rows" not in capsys.readouterr().err  # no bar where nobody watches
    assert list(sample.parent.iterdir()) == [sample]


@pytest.mark.parametrize(("due", "late"), [("5 working_day", 22), ("15 working_day", 4), ("15 calendar_day", 9)])
def test_a_dry_run_shows_the_figures_under_another_standard(sample: Path, due: str, late: int) -> None:
    lines = run(sample, "--dry-run", "--due", due).splitlines()

    assert lines[1:3] == [
        "  would add 30, known already 0, refused 0",
        f"  closed 30, answered late {late} of 30",
    ]
    assert lines[-1] == "Nothing was written: this was a dry run."
    assert not Case.objects.exists()


def test_refused_csv_rows_come_back_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "来信.csv"
    file.write_bytes(csv_file([HEADER, *BAD], "gb18030").getvalue())

    out = run(file)

    errors = tmp_path / "来信.errors.csv"
    assert "  added 1, known already 0, refused 1" in out
    assert "Columns that were not read: 领导批示" in out
    assert "Row 3: 留言主题: This is empty." in out
    assert str(errors) in out
    assert list(csv.reader(errors.read_text(encoding="gb18030").splitlines())) == [
        [*HEADER, "What is wrong"],
        [*BAD[1], "留言主题: This is empty."],
    ]
    assert sorted(tmp_path.iterdir()) == sorted([file, errors])


def test_refused_xlsx_rows_go_where_they_are_told_to(tmp_path: Path) -> None:
    file, errors = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    file.write_bytes(xlsx_file([HEADER, *BAD]).getvalue())

    run(file, "--errors", errors)

    rows = list(load_workbook(errors).active.iter_rows(values_only=True))
    assert rows[1][2:] == (None, "2019/3/4", None, None, None, "留言主题: This is empty.")


def test_a_dry_run_writes_refused_rows_only_where_it_is_told_to(tmp_path: Path) -> None:
    file, errors = tmp_path / "a.csv", tmp_path / "b.csv"
    file.write_bytes(csv_file([HEADER, *BAD]).getvalue())

    run(file, "--dry-run")
    assert list(tmp_path.iterdir()) == [file]

    run(file, "--dry-run", "--errors", errors)
    assert errors.exists()


def test_good_rows_are_kept_where_the_refused_ones_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv_file([HEADER, *BAD]).getvalue())

    with pytest.raises(CommandError, match="--errors"):
        run(file, "--errors", tmp_path / "nowhere" / "b.csv")

    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--mapping", "nonsense"], "There is no mapping “nonsense”; there are: messages, ledger."),
        (["--mapping", "ledger"], "messages.csv: None of the first 5 rows"),
        (["--due", "5 days"], "Give an amount from 1"),
        (["--area", "1"], "There is no area with the code 1."),
    ],
)
def test_it_refuses_what_it_does_not_understand(sample: Path, options: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run(sample, *options)

    assert not Case.objects.exists()


def test_it_says_that_a_file_is_not_there_or_cannot_be_read(tmp_path: Path) -> None:
    for name in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(CommandError, match=str(tmp_path)):
            run(name)
    broken = tmp_path / "a.xlsx"
    broken.write_text("编号")
    with pytest.raises(CommandError, match=r"^a\.xlsx: This is no Excel workbook"):
        run(broken)

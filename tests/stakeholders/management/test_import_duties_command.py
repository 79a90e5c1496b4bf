"""`manage.py import_duties`: what it prints, and the file of refused rows beside the input."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stakeholders.models import DutyList, Mandate
from tests.factories.stakeholders import EstateFactory, MembershipFactory, PartyFactory
from tests.stakeholders.duty_list.lists import duty_file, duty_row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coordinator() -> None:
    MembershipFactory(coordinator=True, user__username="zhou", user__name="周敏", party__name_en="Town office")
    PartyFactory(code="anju")
    EstateFactory(code="donghu")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return saved(tmp_path / "清单.csv", duty_row("anju", 小区="donghu"))


def saved(path: Path, *rows: list[object]) -> Path:
    path.write_bytes(duty_file(*rows).getvalue())
    return path


def run(*words: object) -> str:
    out = io.StringIO()
    call_command("import_duties", *map(str, words), stdout=out)
    return out.getvalue()


def test_it_prints_what_it_recorded_and_keeps_the_file(good, capsys):
    assert run(good, "--as", "zhou").splitlines()[:2] == [
        "清单.csv: 1 rows",
        "  added 1, known already 0, refused 0",
    ]
    assert (Mandate.objects.count(), DutyList.objects.get().added) == (1, 1)
    assert "rows" not in capsys.readouterr().err  # no bar where nobody watches
    assert list(good.parent.iterdir()) == [good]


def test_second_run_adds_nothing(good):
    run(good, "--as", "zhou")

    assert "  added 0, known already 1, refused 0" in run(good, "--as", "zhou")
    assert Mandate.objects.count() == 1


def test_dry_run_says_what_would_change_and_writes_nothing(good):
    lines = run(good, "--as", "zhou", "--dry-run").splitlines()

    assert lines[1] == "  would add 1, known already 0, refused 0"
    assert lines[2].endswith("gaps closed 1, opened 0, become others 0; other party 0")
    assert lines[-1] == "Nothing was written: this was a dry run."
    assert not Mandate.objects.exists()
    assert not DutyList.objects.exists()


def test_dry_run_refuses_a_file_that_is_too_large_as_the_real_run_does(good, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = good.stat().st_size - 1

    for words in ([good, "--as", "zhou", "--dry-run"], [good, "--as", "zhou"]):
        with pytest.raises(CommandError, match="Split the list"):
            run(*words)


def test_refused_rows_come_back_beside_the_file_and_the_command_fails(tmp_path, capsys):
    file = saved(tmp_path / "清单.csv", duty_row("nobody", 小区="donghu"), duty_row("anju", 小区="donghu"))

    with pytest.raises(CommandError, match="1 row was refused") as failed:
        run(file, "--as", "zhou")

    assert failed.value.returncode == 1
    assert Mandate.objects.count() == 1
    assert "“nobody” is not known here." in (tmp_path / "清单.refused.csv").read_text(encoding="utf-8-sig")


def test_dry_run_with_refused_rows_fails_and_writes_no_file(tmp_path):
    file = saved(tmp_path / "清单.csv", duty_row("nobody", 小区="donghu"))

    with pytest.raises(CommandError):
        run(file, "--as", "zhou", "--dry-run")

    assert list(tmp_path.iterdir()) == [file]


def test_it_says_what_is_wrong_with_the_file_or_the_actor(good, tmp_path):
    MembershipFactory(auditor=True, user__username="lu", user__name="陆远", party__name_en="Auditors")
    (tmp_path / "a.xlsx").write_text("责任单位")

    for words, complaint in (
        ([tmp_path / "missing.csv", "--as", "zhou"], "missing.csv"),
        ([tmp_path / "a.xlsx", "--as", "zhou"], r"^a\.xlsx: This is no Excel workbook"),
        ([good, "--as", "nobody"], "There is no user"),
        ([good, "--as", "zhou", "--party", "anju"], "does not act so"),
        ([good, "--as", "lu"], "may not keep the responsibility ledger"),
        ([good, "--as", "lu", "--dry-run"], "may not keep the responsibility ledger"),
    ):
        with pytest.raises(CommandError, match=complaint):
            run(*words)
    assert not Mandate.objects.exists()

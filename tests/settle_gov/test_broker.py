"""The folder, the address and the note of the embedded broker."""

import tempfile
from pathlib import Path

import pytest

from settle_gov.broker import PREFIX, broker_folder, broker_url


@pytest.fixture(autouse=True)
def _temporary_files_stay_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_broker_folder_goes_with_its_note(tmp_path: Path):
    note = tmp_path / "broker"

    with broker_folder(note) as folder:
        note.write_text(broker_url(folder))
        assert folder.stat().st_mode & 0o077 == 0

    assert not folder.exists()
    assert not note.exists()


def test_broker_folder_removes_what_a_killed_supervisor_left(tmp_path: Path):
    note = tmp_path / "broker"
    left = tmp_path / f"{PREFIX}left"
    left.mkdir()
    note.write_text(broker_url(left))

    with broker_folder(note):
        assert not left.exists()


def test_broker_folder_removes_nothing_that_is_not_its_own(tmp_path: Path):
    note = tmp_path / "broker"
    precious = tmp_path / "precious"
    precious.mkdir()
    note.write_text(broker_url(precious))

    with broker_folder(note):
        assert precious.exists()


def test_broker_url_refuses_what_no_socket_can_be_called(tmp_path: Path):
    with pytest.raises(ValueError, match="TMPDIR"):
        broker_url(tmp_path / ("x" * 100))

"""Secrets that an installation draws for itself."""

import os
from pathlib import Path

import pytest

from settle_gov import local_secret as module
from settle_gov.local_secret import local_secret


def test_local_secret_is_drawn_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"

    drawn = local_secret(path)

    assert len(drawn) > 50
    assert local_secret(path) == drawn
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_local_secret_is_never_seen_before_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    seen = []

    def link(source: Path, target: Path) -> None:
        seen.append((target.exists(), source.read_text()))
        link_for_real(source, target)

    link_for_real = os.link
    monkeypatch.setattr(module.os, "link", link)

    drawn = local_secret(path)

    assert seen == [(False, drawn)]


def test_local_secret_of_two_at_once_is_that_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    link_for_real = os.link

    def be_slower_than_another(source: Path, target: Path) -> None:
        target.write_text("first")
        link_for_real(source, target)

    monkeypatch.setattr(module.os, "link", be_slower_than_another)

    assert local_secret(path) == "first"
    assert list(tmp_path.iterdir()) == [path]

"""Files on their way to a case."""

from pathlib import Path

import pytest

from cases.attaching import photos_of, written
from cases.models import Attachment
from tests.photos import photo


def test_what_fails_leaves_no_file(uploads: Path) -> None:
    photos = photos_of([photo("red"), photo("blue")])

    def fail() -> None:
        with written(photos):
            assert len(list(uploads.rglob("*.jpg"))) == 2
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert list(uploads.rglob("*.jpg")) == []


def test_a_name_that_says_nothing_is_replaced() -> None:
    nameless = photo()
    nameless._name = ""

    [kept] = photos_of([nameless])

    assert (kept.name, kept.kind) == ("before.jpg", Attachment.Kind.BEFORE)

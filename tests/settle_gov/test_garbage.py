"""A worker that looks for garbage seldom."""

import gc
from collections.abc import Iterator

import pytest

from settle_gov.celery import look_seldom_for_garbage
from settle_gov.garbage import THRESHOLDS


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_process_of_a_worker_passes_over_what_is_loaded() -> None:
    look_seldom_for_garbage()

    assert gc.get_threshold() == THRESHOLDS
    assert gc.get_freeze_count() > 0

"""Reckon every episode anew and say where what is stored differs. Nothing is mended: a difference has a cause."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from stakeholders import episodes
from stakeholders.episodes import Stretch
from stakeholders.models import Drift, Estate, NeedItem, Party
from stakeholders.reach import Reach
from stakeholders.services.refresh_episodes import refresh_episodes, stale_estates

Progress = Callable[[int, int], None]
Cell = tuple[int, int, int]


def check_episodes(*, progress: Progress | None = None) -> int:
    """Compare all stored episodes with the ledger, note each cell that differs once; return how many do.

    What is known to be stale is refreshed first and is no drift. `progress` hears of estates done and in all.
    """
    refresh_episodes()
    estates, items = list(Estate.objects.order_by("area", "code")), list(NeedItem.objects.all())
    found = done = 0
    for chunk in episodes.chunks([Reach(estates, items)] if items else []):
        found += _check(chunk)
        done += len(chunk.estates)
        if progress is not None:
            progress(done, len(estates))
    return found


@transaction.atomic
def _check(reach: Reach) -> int:
    episodes.lock(reach.estates)
    should, known = episodes.reckoned(reach), set(episodes.stored(reach))
    waiting = stale_estates()  # something was recorded or built there a moment ago, and is about to be refreshed
    missing, wrong = _by_cell(should - known, waiting), _by_cell(known - should, waiting)
    names = dict(Party.objects.values_list("pk", "code")) if missing or wrong else {}
    drifts = {cell: (_told(wrong[cell], names), _told(missing[cell], names)) for cell in missing.keys() | wrong.keys()}
    _note([estate for estate in reach.estates if estate.pk not in waiting], drifts)
    return len(drifts)


def _by_cell(stretches: Iterable[Stretch], waiting: set[int]) -> dict[Cell, list[Stretch]]:
    by_cell: dict[Cell, list[Stretch]] = defaultdict(list)
    for each in sorted(stretches, key=episodes.in_order):
        if each.estate not in waiting:
            by_cell[each.cell].append(each)
    return by_cell


def _told(stretches: Iterable[Stretch], names: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "state": each.state,
            "parties": [names[pk] for pk in each.parties],
            "from": each.since.isoformat() if each.since else None,
            "until": each.until.isoformat() if each.until else None,
        }
        for each in stretches
    ]


def _note(estates: Sequence[Estate], drifts: dict[Cell, tuple[list[dict[str, Any]], list[dict[str, Any]]]]) -> None:
    """Open what is new, clear what is gone or has become another difference, leave alone what is known."""
    known = set()
    over = []
    for drift in Drift.objects.open().filter(estate__in=estates):
        cell = drift.estate_id, drift.building_id or 0, drift.need_item_id
        if drifts.get(cell) == (drift.stored, drift.reckoned):
            known.add(cell)
        else:
            over.append(drift.pk)
    Drift.objects.filter(pk__in=over).update(cleared_at=timezone.now())
    Drift.objects.bulk_create(
        Drift(estate_id=cell[0], building_id=cell[1] or None, need_item_id=cell[2], stored=stored, reckoned=reckoned)
        for cell, (stored, reckoned) in sorted(drifts.items())
        if cell not in known
    )

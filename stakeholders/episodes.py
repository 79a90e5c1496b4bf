"""Episodes as the ledger says they are, as they are stored, and how to bring the one to the other."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from stakeholders.ledger import history_of
from stakeholders.models import Episode, Estate
from stakeholders.reach import Reach
from stakeholders.segments import STATES, moment

CHUNK = 50  # estates that are reckoned at once, so that memory stays flat however large the city is


class Stretch(NamedTuple):
    """An episode by its content. `building` 0 is the common area; None is open at that end."""

    estate: int
    building: int
    need_item: int
    state: str
    parties: tuple[int, ...]
    since: datetime | None
    until: datetime | None

    @property
    def cell(self) -> tuple[int, int, int]:
        """The cell that it is an episode of."""
        return self[:3]

    @property
    def beginning(self) -> "Stretch":
        """All but its end."""
        return self._replace(until=None)


def chunks(reaches: Iterable[Reach]) -> Iterator[Reach]:
    """The same cells in portions that fit into memory."""
    for estates, items in reaches:
        for first in range(0, len(estates), CHUNK):
            yield Reach(estates[first : first + CHUNK], items)


def lock(estates: Sequence[Estate]) -> None:
    """Let nobody else write episodes of these estates until the transaction ends.

    Whoever waited here reads the ledger afterwards, and so sees what the other one has recorded.
    """
    list(Estate.objects.select_for_update(no_key=True).filter(pk__in=[each.pk for each in estates]).order_by("pk"))


def reckoned(reach: Reach) -> set[Stretch]:
    """The episodes of some cells, as they follow from the ledger as it is known now."""
    told = history_of(*reach)
    gaps = told.gaps()
    cells = [told.layout.cell(number) for number in gaps.cell.tolist()]
    columns = zip(cells, gaps.state.tolist(), told.parties(gaps), gaps.since, gaps.until, strict=True)
    return {
        Stretch(place.estate, place.building, item.need_item, STATES[state], who, moment(since), moment(until))
        for (place, item), state, who, since, until in columns
    }


def stored(reach: Reach) -> dict[Stretch, int]:
    """The episodes of some cells as they are stored, with their ids; two queries."""
    rows = Episode.objects.filter(estate__in=reach.estates, need_item__in=reach.items)
    who: dict[int, list[int]] = {}
    through = Episode.parties.through._default_manager.filter(episode__in=rows.order_by())
    for episode, party in through.order_by("party_id").values_list("episode_id", "party_id"):
        who.setdefault(episode, []).append(party)
    columns = ("pk", "estate_id", "building_id", "need_item_id", "state", "since", "until")
    return {
        Stretch(estate, building or 0, item, state, tuple(who.get(pk, ())), since, until): pk
        for pk, estate, building, item, state, since, until in rows.order_by().values_list(*columns).iterator()
    }


@transaction.atomic
def bring_up(reach: Reach) -> int:
    """Write what differs between the ledger and the stored episodes of some cells; return how many rows that were.

    An episode that only ends otherwise stays the same row, so that those who know its id find it again.
    """
    lock(reach.estates)
    should, known = reckoned(reach), stored(reach)
    gone = {stretch.beginning: pk for stretch, pk in known.items() if stretch not in should}
    new = [stretch for stretch in should if stretch not in known]
    ends = {gone.pop(each.beginning): each.until for each in new if each.beginning in gone}
    kept = {stretch.beginning for stretch, pk in known.items() if pk in ends}
    _write(set(gone.values()), ends, sorted((each for each in new if each.beginning not in kept), key=in_order))
    return len(gone) + len(new)


def _write(gone: set[int], ends: dict[int, datetime | None], begun: Sequence[Stretch]) -> None:
    """Remove, change and add rows, in the order in which no two episodes of a cell ever overlap."""
    Episode.objects.filter(pk__in=gone).delete()
    for until, pks in _by_end(ends).items():
        Episode.objects.filter(pk__in=pks).update(until=until)
    added = Episode.objects.bulk_create(
        [
            Episode(
                estate_id=each.estate,
                building_id=each.building or None,
                need_item_id=each.need_item,
                state=each.state,
                since=each.since,
                until=each.until,
            )
            for each in begun
        ],
        batch_size=5000,
    )
    through = Episode.parties.through
    through._default_manager.bulk_create(
        [
            through(episode_id=episode.pk, party_id=party)
            for episode, each in zip(added, begun, strict=True)
            for party in each.parties
        ],
        batch_size=5000,
    )


def _by_end(ends: dict[int, datetime | None]) -> dict[datetime | None, list[int]]:
    """Episodes by when they end: one record ends all that it ends at one instant, and so with one statement."""
    by_end: dict[datetime | None, list[int]] = {}
    for pk, until in ends.items():
        by_end.setdefault(until, []).append(pk)
    return by_end


def in_order(stretch: Stretch) -> tuple[int, int, int, float]:
    """Cell by cell and then in time, so that ids grow as a reader would count."""
    return (*stretch.cell, stretch.since.timestamp() if stretch.since else float("-inf"))

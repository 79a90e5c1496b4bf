"""The gaps of an instant, cell by cell, in pages that begin behind the last cell of the one before."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import BadRequest
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cases.models.case import CaseQuerySet
from stakeholders.models import Episode
from stakeholders.models.episode import EpisodeQuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SOON = timedelta(days=90)
KEY = re.compile(rf"(\d{{1,9}})\.(-?\d{{1,17}}|)\.(\d{{1,18}})\.(\d{{1,18}})\.({'|'.join(Episode.State)})", re.ASCII)
CELL = ("since", "estate_id", "need_item_id", "state")


class Key(NamedTuple):
    """What places of one estate have in common that stand on one line, and the place of the line in the order."""

    since: datetime | None
    estate: int
    need_item: int
    state: str
    harm: int = 0  # open cases, where these make the order

    def __str__(self) -> str:
        """As it stands in an address."""
        since = "" if self.since is None else (self.since - EPOCH) // MICROSECOND
        return f"{self.harm}.{since}.{self.estate}.{self.need_item}.{self.state}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """The way back. Raises BadRequest for what is no key."""
        match = KEY.fullmatch(text)
        if match is None:
            raise BadRequest(_("This is no page of the list."))
        harm, since, estate, item, state = match.groups()
        try:
            return cls(EPOCH + int(since) * MICROSECOND if since else None, int(estate), int(item), state, int(harm))
        except OverflowError as error:
            raise BadRequest(_("This is no page of the list.")) from error

    @property
    def behind(self) -> Q:
        """Cells of the same beginning that come later; the first condition lets an index begin there."""
        inside = Q(need_item__gt=self.need_item) | Q(need_item=self.need_item, state__gt=self.state)
        return Q(estate__gte=self.estate) & (Q(estate__gt=self.estate) | inside)


def coming(episodes: EpisodeQuerySet, at: datetime) -> EpisodeQuerySet:
    """Gaps that begin soon after an instant where there is none before."""
    cell = {"estate": OuterRef("estate"), "need_item": OuterRef("need_item"), "until": OuterRef("since")}
    before = Episode.objects.annotate(place=Coalesce("building", 0)).filter(place=OuterRef("place"), **cell)
    episodes = episodes.annotate(place=Coalesce("building", 0))
    return episodes.filter(~Exists(before), since__gt=at, since__lte=at + SOON)


def hot(episodes: EpisodeQuerySet, cases: CaseQuerySet) -> EpisodeQuerySet:
    """Gaps on which some of these cases hang."""
    return episodes.annotate(place=Coalesce("building", 0)).filter(Exists(_hanging(cases)))


def page_by_age(episodes: EpisodeQuerySet, key: Key | None, size: int) -> tuple[list[Key], str]:
    """The next cells, longest gap first, and the key of the page after them, if any.

    What began before all records is asked apart from the rest, so that an index serves each from its first row on.
    """
    cells = episodes.order_by(*CELL).values_list(*CELL).distinct()
    page: list[Key] = []
    if key is None or key.since is None:
        always = cells.filter(since__isnull=True)
        page = _keys((always.filter(key.behind) if key else always)[: size + 1])
    if len(page) <= size:
        since = cells.filter(since__isnull=False)
        if key is not None and key.since is not None:
            since = since.filter(Q(since__gt=key.since) | key.behind, since__gte=key.since)
        page += _keys(since[: size + 1 - len(page)])
    return page[:size], str(page[size - 1]) if len(page) > size else ""


def page_by_harm(episodes: EpisodeQuerySet, cases: CaseQuerySet, key: Key | None, size: int) -> tuple[list[Key], str]:
    """The same for gaps on which cases hang, most cases first and then the longest gap."""
    count = _hanging(cases).order_by().values("estate").annotate(count=Count("pk")).values("count")
    each = hot(episodes, cases).annotate(count=Subquery(count))
    cells = each.order_by().values_list(*CELL).annotate(harm=Sum("count"))
    if key is not None:
        later = Q(since__isnull=False) if key.since is None else Q(since__gt=key.since)
        cells = cells.filter(Q(harm__lt=key.harm) | Q(harm=key.harm) & (later | Q(since=key.since) & key.behind))
    page = _keys(cells.order_by("-harm", F("since").asc(nulls_first=True), *CELL[1:])[: size + 1])
    return page[:size], str(page[size - 1]) if len(page) > size else ""


def count_by_state(episodes: EpisodeQuerySet) -> dict[str, int]:
    """How many cells, estate by item, have a gap of each kind anywhere."""
    counts = dict.fromkeys(Episode.State.values, 0)
    for state, *_cell in episodes.order_by().values_list("state", "estate_id", "need_item_id").distinct().iterator():
        counts[state] += 1
    return counts


def _keys(cells: Iterable[Any]) -> list[Key]:
    return [Key(*cell) for cell in cells]


def _hanging(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases at the place of the episode outside, about its item."""
    cell = cases.annotate(at=Coalesce("building", 0))
    return cell.filter(estate=OuterRef("estate"), need_item=OuterRef("need_item"), at=OuterRef("place"))

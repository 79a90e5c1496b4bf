"""The lines of the gap register: which places of an estate have the same gap, who stands there, what hangs on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.forms.choices import place_key
from cases.models.case import CaseQuerySet, is_overdue
from settle_gov.web.duties.gap_pages import Key
from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.words import sentence
from stakeholders.filters import MOST_CODES
from stakeholders.models import Building, Episode, Estate, NeedItem, Party
from stakeholders.models.episode import EpisodeQuerySet

NAMED = 4  # places by name on a line; of more, the number


class Hanging(NamedTuple):
    """Open cases at one place or more, and how many of them are overdue."""

    open: int = 0
    overdue: int = 0


Place = tuple[int, int, int]  # estate, building or 0, item


@dataclass(frozen=True)
class Row:
    """Places of one estate with the same gap at one item: same state, same parties, begun at the same time."""

    episodes: Sequence[Episode]  # the common area first
    is_whole: bool  # all places of the estate
    hanging: Hanging
    at: datetime
    day: date | None  # the day that is looked at; None is today

    @property
    def estate(self) -> Estate:
        """Where it is."""
        return self.episodes[0].estate

    @property
    def item(self) -> NeedItem:
        """What it is about."""
        return self.episodes[0].need_item

    @property
    def mark(self) -> Mark:
        """Its state."""
        return Mark(self.episodes[0].state)

    @property
    def parties(self) -> list[Party]:
        """Who leads beside one another, or stands behind."""
        return list(self.episodes[0].parties.all())

    @property
    def sentence(self) -> str:
        """Who answers, in words."""
        return sentence(self.mark, [str(party) for party in self.parties])

    @property
    def where(self) -> str:
        """The places, by name as far as they are few."""
        if self.is_whole:
            return _("the whole estate")
        names = [str(each.building) if each.building else _("Common area") for each in self.episodes]
        if len(names) <= NAMED:
            return _(", ").join(names)
        count = len(names)
        words = ngettext("%(names)s, %(count)d place in all", "%(names)s and more, %(count)d places in all", count)
        return words % {"names": _(", ").join(names[: NAMED - 1]), "count": count}

    @property
    def since(self) -> date | None:
        """The day it began; None is before all records."""
        since = self.episodes[0].since
        return timezone.localdate(since) if since else None

    @property
    def until(self) -> date | None:
        """The last day of it where all its places end on the same one."""
        ends = {each.until for each in self.episodes}
        until = ends.pop() if len(ends) == 1 else None
        return timezone.localdate(until - timedelta(microseconds=1)) if until else None

    @property
    def days(self) -> int | None:
        """For how many days it has been; below 0 in how many it begins."""
        return (timezone.localdate(self.at) - self.since).days if self.since else None

    @property
    def days_ahead(self) -> int:
        """In how many days it begins."""
        return -(self.days or 0)

    @property
    def url(self) -> str:
        """The cell."""
        day = self.day or (self.since if self.since and self.days_ahead > 0 else None)
        building = None if self.episodes[0].building_id is None else self.episodes[0].building
        asked = {"building": building.code} if building else {}
        asked |= {"at": day.isoformat()} if day else {}
        address = reverse("duties:cell", args=[self.estate.code, self.item.code])
        return f"{address}?{urlencode(asked)}" if asked else address

    @property
    def cases_url(self) -> str:
        """The list of the open cases that hang on it."""
        asked = {"need_item": self.item.code, "open": "true"}
        if self.is_whole or len(self.episodes) > MOST_CODES:
            asked = {"estate": self.estate.code} | asked
        else:
            asked = {"place": ",".join(place_key(each.building or each.estate) for each in self.episodes)} | asked
        return f"{reverse('cases:list')}?{urlencode(asked)}"

    @property
    def overdue_url(self) -> str:
        """The list of those among them that are overdue."""
        return f"{self.cases_url}&overdue=true"


def rows_of(
    keys: Sequence[Key], episodes: EpisodeQuerySet, cases: CaseQuerySet, *, at: datetime, day: date | None
) -> list[Row]:
    """Read the lines of a page in four queries, however many they are."""
    groups = _groups(keys, episodes)
    estates = {key.estate for key in keys}
    sizes = Building.objects.filter(estate__in=estates).order_by().values_list("estate").annotate(Count("pk"))
    places = dict(sizes)
    hanging = hanging_on((each for group in groups for each in group), cases)
    return [
        Row(
            group,
            is_whole=len(group) == 1 + places.get(group[0].estate_id, 0),
            hanging=_sum(hanging[place_of(each)] for each in group),
            at=at,
            day=day,
        )
        for group in groups
    ]


def hanging_on(episodes: Iterable[Episode], cases: CaseQuerySet) -> dict[Place, Hanging]:
    """How many of some cases are open, and how many overdue, at the places of some episodes; one query."""
    cells = {(each.estate_id, each.need_item_id) for each in episodes}
    near = cases.filter(estate__in={estate for estate, _item in cells}, need_item__in={item for _estate, item in cells})
    counts = near.order_by().values_list("estate", "building", "need_item")
    late = Count("pk", filter=is_overdue(timezone.now()))
    hanging: dict[Place, Hanging] = defaultdict(Hanging)
    for estate, building, item, number, overdue in counts.annotate(number=Count("pk"), overdue=late):
        hanging[estate, building or 0, item] = Hanging(number, overdue)
    return hanging


def place_of(episode: Episode) -> Place:
    """The cell of an episode."""
    return episode.estate_id, episode.building_id or 0, episode.need_item_id


def _groups(keys: Sequence[Key], episodes: EpisodeQuerySet) -> list[list[Episode]]:
    """The episodes behind each key, apart by parties, in the order of the keys."""
    items: dict[int, set[int]] = defaultdict(set)
    for key in keys:
        items[key.estate].add(key.need_item)
    near = Q(pk__in=[])
    for estate, chosen in items.items():
        near |= Q(estate=estate, need_item__in=chosen)
    groups: dict[tuple[object, ...], dict[tuple[int, ...], list[Episode]]] = {tuple(key[:4]): {} for key in keys}
    for each in episodes.filter(near).for_list().order_by("building__code", "pk"):
        parties = tuple(party.pk for party in each.parties.all())
        group = groups.get((each.since, each.estate_id, each.need_item_id, each.state))
        if group is not None:
            group.setdefault(parties, []).append(each)
    return [_common_first(group) for alike in groups.values() for _parties, group in sorted(alike.items())]


def _common_first(episodes: list[Episode]) -> list[Episode]:
    return sorted(episodes, key=lambda each: each.building_id is not None)


def _sum(hanging: Iterable[Hanging]) -> Hanging:
    each = list(hanging)
    return Hanging(sum(one.open for one in each), sum(one.overdue for one in each))

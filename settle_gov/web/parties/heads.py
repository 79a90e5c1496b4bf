"""Where a party is one of several heads, or stands behind where nobody leads."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stakeholders.models import Episode, Estate, Membership, NeedItem, Party

READ = 500  # episodes, the oldest first; an estate has one for each building
NAMED = 3  # places; more are counted


@dataclass(frozen=True)
class Shared:
    """Episodes of one estate and item that began together with the same parties."""

    state: str
    estate: Estate
    item: NeedItem
    others: list[Party]
    since: datetime | None
    places: list[str]
    at: datetime

    @property
    def first_day(self) -> date | None:
        """The day it began."""
        return timezone.localdate(self.since) if self.since else None

    @property
    def days(self) -> int | None:
        """For how many days it has gone on."""
        return (self.at - self.since).days if self.since else None

    @property
    def where(self) -> str:
        """The places by name, or how many they are."""
        if len(self.places) <= NAMED:
            return _(", ").join(self.places)
        return ngettext("%(count)d place", "%(count)d places", len(self.places)) % {"count": len(self.places)}


@dataclass(frozen=True)
class Heads:
    """The rows, and how many episodes there are in all."""

    rows: list[Shared]
    read: int
    count: int

    @property
    def is_cut(self) -> bool:
        """Not all of them are shown."""
        return self.read < self.count


def heads_of(party: Party, *, by: Membership, at: datetime) -> Heads:
    """Read the episodes of the party that go on at an instant, the longest first, in three queries."""
    going_on = Episode.objects.filter(parties=party).visible_to(by).open_at(at)
    oldest = F("since").asc(nulls_first=True)
    found = list(
        going_on.for_list().order_by(oldest, "estate", "need_item", F("building").asc(nulls_first=True))[:READ]
    )
    return Heads(_rows(party, found, at), len(found), len(found) if len(found) < READ else going_on.count())


def _rows(party: Party, found: Sequence[Episode], at: datetime) -> list[Shared]:
    alike: dict[tuple[object, ...], list[Episode]] = defaultdict(list)
    for each in found:
        parties = tuple(sorted(other.pk for other in each.parties.all()))
        alike[each.state, each.estate_id, each.need_item_id, each.since, parties].append(each)
    rows = []
    for episodes in alike.values():
        first = episodes[0]
        others = [other for other in first.parties.all() if other.pk != party.pk]
        places = [str(each.building) if each.building else _("Common area") for each in episodes]
        rows.append(Shared(first.state, first.estate, first.need_item, others, first.since, places, at))
    return rows

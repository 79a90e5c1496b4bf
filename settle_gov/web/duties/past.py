"""How the places of an estate stood and will stand for one item: stretches of time, and who answered in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from settle_gov.web.duties.marks import Mark, mark_of
from settle_gov.web.duties.words import sentence
from stakeholders import ledger
from stakeholders.models import Estate, NeedItem, Party
from stakeholders.segments import STATES, History, Segments, moment


@dataclass(frozen=True)
class Stretch:
    """A time in which the same parties answered for a place; without a beginning or an end where none is known."""

    mark: Mark
    parties: list[str]
    since: datetime | None
    until: datetime | None
    days: int | None  # for how many days it has held, where it holds at the moment looked at and began some day

    @property
    def sentence(self) -> str:
        """Who answered."""
        return sentence(self.mark, self.parties)

    @property
    def first_day(self) -> date | None:
        """The day it began."""
        return timezone.localdate(self.since) if self.since else None

    @property
    def last_day(self) -> date | None:
        """The last day of it: an end at midnight belongs to the day before."""
        return timezone.localdate(self.until - timedelta(microseconds=1)) if self.until else None

    @property
    def first_time(self) -> time | None:
        """The time of that day, where it did not begin with it: two stretches can share a day."""
        return _time_of_day(self.since)

    @property
    def last_time(self) -> time | None:
        """The time at which it ended, where that was not midnight."""
        return _time_of_day(self.until)

    def holds_at(self, at: datetime) -> bool:
        """Whether the moment lies in it."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


def _time_of_day(moment: datetime | None) -> time | None:
    at = timezone.localtime(moment).time() if moment else time.min
    return at if at > time.min else None


@dataclass(frozen=True)
class Past:
    """All stretches of all places of an estate for one item; `at` is the moment looked at."""

    at: datetime
    told: History
    names: dict[int, Party]

    def standings(self) -> dict[int, tuple[Mark, tuple[int, ...]]]:
        """How each place stands at the moment looked at, by building; 0 is the common area."""
        segments = self.told.at(self.at)
        columns = zip(self.told.layout.places, _marks(segments), self.told.parties(segments), strict=True)
        return {place.building: (mark, who) for place, mark, who in columns}

    def of(self, building: int) -> list[Stretch]:
        """The stretches of one place, the latest first; 0 is the common area."""
        place = next(number for number, each in enumerate(self.told.layout.places) if each.building == building)
        segments = self.told.segments.where(self.told.segments.cell == place)
        columns = zip(_marks(segments), self.told.parties(segments), segments.since, segments.until, strict=True)
        return [self._stretch(mark, who, moment(since), moment(until)) for mark, who, since, until in columns][::-1]

    def named(self, parties: Sequence[int]) -> list[str]:
        """The names of parties."""
        return [str(self.names[pk]) for pk in parties]

    def _stretch(self, mark: Mark, who: Sequence[int], since: datetime | None, until: datetime | None) -> Stretch:
        stretch = Stretch(mark, self.named(who), since, until, days=None)
        if since is None or not stretch.holds_at(self.at):
            return stretch
        return Stretch(mark, stretch.parties, since, until, days=(self.at - since).days)


def past_of(estate: Estate, item: NeedItem, at: datetime, known_on: datetime | None = None) -> Past:
    """Reckon the stretches of an estate and an item, as known at an instant or now; four queries."""
    told = ledger.history_of([estate], [item], as_known_on=known_on)
    named = {pk for who in told.parties(told.segments) for pk in who}
    return Past(at, told, Party.objects.in_bulk(named))


def _marks(segments: Segments) -> list[Mark]:
    return [
        mark_of(STATES[state], is_ruled=is_ruled)
        for state, is_ruled in zip(segments.state.tolist(), segments.is_ruled.tolist(), strict=True)
    ]

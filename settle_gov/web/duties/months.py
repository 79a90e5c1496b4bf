"""Gaps by month over the slider of the matrix: the bars and the thumb share one axis of days."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db.models import Q
from django.utils import timezone

from stakeholders.models import Episode, Estate

BACK, AHEAD = 24, 6  # months before and after this one
FOOT, HEIGHT = 36, 32  # where bars stand, and the tallest of them
LABELLED = (1, 7)  # January and July
ROOM_BEFORE, ROOM_AFTER = 0.2, 0.06  # of the axis, which today's label keeps free of others on the narrowest screens


@dataclass(frozen=True)
class Month:
    """How many cells had a gap when a month ended. Each cell counts once, for the worse of its two states."""

    first_day: date
    last_day: date
    vacuum: int
    multi_head: int

    @property
    def gaps(self) -> int:
        """Both together."""
        return self.vacuum + self.multi_head


@dataclass(frozen=True)
class Bar:
    """A month as it is drawn; widths are shares of the axis, heights are pixels."""

    month: Month
    x: str
    width: str
    y: float
    vacuum_y: float

    @property
    def multi_head_height(self) -> float:
        """The height of the upper part."""
        return round(self.vacuum_y - self.y, 1)

    @property
    def vacuum_height(self) -> float:
        """The height of the lower part."""
        return round(FOOT - self.vacuum_y, 1)


@dataclass(frozen=True)
class Label:
    """A month named under the axis."""

    month: date
    x: str
    is_wide: bool  # left out on phones


@dataclass(frozen=True)
class Axis:
    """The axis of days from the first month to the last."""

    months: Sequence[Month]
    today: date
    day: date

    @property
    def first_day(self) -> date:
        """Where it begins."""
        return self.months[0].first_day

    @property
    def last_day(self) -> date:
        """Where it ends."""
        return self.months[-1].last_day

    @property
    def length(self) -> int:
        """How many days after the first the last one is."""
        return (self.last_day - self.first_day).days

    @property
    def value(self) -> int:
        """Where the day shown is; a day beyond is at the end."""
        return min(max((self.day - self.first_day).days, 0), self.length)

    @property
    def today_x(self) -> str:
        """Where today is."""
        return _percent(self._share(self.today))

    @property
    def bars(self) -> list[Bar]:
        """One bar a month."""
        pixels = HEIGHT / max(1, *(month.gaps for month in self.months))
        return [self._bar(month, pixels) for month in self.months]

    @property
    def labels(self) -> list[Label]:
        """Every sixth month, unless today stands there."""
        today = self._share(self.today)
        named = [month.first_day for month in self.months if month.first_day.month in LABELLED]
        free = [day for day in named if not today - ROOM_BEFORE < self._share(day) < today + ROOM_AFTER]
        return [Label(day, _percent(self._share(day)), day.month != 1) for day in free]

    def _bar(self, month: Month, pixels: float) -> Bar:
        x, end = self._share(month.first_day), self._share(month.last_day)
        vacuum_y = round(FOOT - month.vacuum * pixels, 1)
        return Bar(month, _percent(x), _percent(end - x), round(FOOT - month.gaps * pixels, 1), vacuum_y)

    def _share(self, day: date) -> float:
        return (day - self.first_day).days / self.length


def axis(estates: Sequence[Estate], day: date) -> Axis:
    """Lay out the months around today for some estates, as known now; one query for any number of estates."""
    today = timezone.localdate()
    return Axis(months(estates, today), today, day)


def months(estates: Sequence[Estate], today: date) -> list[Month]:
    """Count the cells with a gap at the end of each month around today."""
    firsts = [_first_day(today, number) for number in range(-BACK, AHEAD + 2)]
    spans = _spans(estates, [timezone.make_aware(datetime.combine(day, time.min)) for day in firsts[1:]])
    vacuum = spans[Episode.State.VACUUM]
    multi_head = {cell: span & ~vacuum[cell] for cell, span in spans[Episode.State.MULTI_HEAD].items()}
    return [
        Month(first, after - timedelta(days=1), _count(vacuum.values(), number), _count(multi_head.values(), number))
        for number, (first, after) in enumerate(pairwise(firsts))
    ]


def _spans(estates: Sequence[Estate], ends: Sequence[datetime]) -> dict[str, dict[tuple[int, int], int]]:
    """By state and cell the months at whose end it was so: bit n stands for month n.

    Buildings of one estate have mostly the same episodes, and need to be told apart only where they differ.
    """
    episodes = Episode.objects.filter(
        Q(since__isnull=True) | Q(since__lt=ends[-1]),
        Q(until__isnull=True) | Q(until__gte=ends[0]),
        estate__in=estates,
        state__in=[Episode.State.VACUUM, Episode.State.MULTI_HEAD],
    )
    rows = episodes.order_by().values_list("state", "estate_id", "need_item_id", "since", "until").distinct()
    spans: dict[str, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for state, estate, item, since, until in rows:
        first = bisect_right(ends, since) if since else 0
        last = bisect_right(ends, until) if until else len(ends)
        spans[state][estate, item] |= (1 << last) - (1 << first)
    return spans


def _count(spans: Iterable[int], number: int) -> int:
    return sum(span >> number & 1 for span in spans)


def _first_day(day: date, months: int) -> date:
    """The first day of the month that is some months after the one of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _percent(share: float) -> str:
    return f"{share:.2%}"

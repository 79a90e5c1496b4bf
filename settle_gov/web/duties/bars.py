"""The time line of a cell: geometry in percent of the width, so that bars stretch with the page and text does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.wording import day_words
from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.papers import Paper
from settle_gov.web.duties.past import Stretch
from stakeholders.models import Mandate

ROW = 36  # pixels of height for each paper
MOST_YEARS = 6  # before this one; what is older begins at the left edge
AHEAD = timedelta(days=60)  # what is shown of the time to come, where no paper ends later
FURTHEST = timedelta(days=400)
NEAR = timedelta(days=366 * 3)
NARROWEST = 0.4  # percent; what lasted a day is still to be seen
ROOM_FOR_A_YEAR = 9  # percent
ROOM_FOR_TODAY = 14
ROOM_FOR_A_COUNT = 14
ROOM_ON_A_WIDE_PAGE = 7

LOOKS = {
    Mandate.Role.LEAD: "bar-lead",
    Mandate.Role.BACKSTOP: "bar-back",
    Mandate.Role.SUPPORT: "bar-clear",
    Mandate.Role.SUPERVISE: "bar-clear",
    Mandate.Role.DISCLAIM: "bar-void",
}
STATES = {
    Mark.VACUUM: "bar-void",
    Mark.MULTI_HEAD: "bar-many",
    Mark.BACKSTOP: "bar-back",
    Mark.RULED: "bar-ruled",
    Mark.CLEAR: "bar-clear",
}


@dataclass(frozen=True)
class Bar:
    """A rectangle with what it says; numbers are percent with two decimals."""

    x: str
    width: str
    look: str
    title: str
    label: str = ""
    is_tight: bool = False  # the label has room on a wide page only


@dataclass(frozen=True)
class Tick:
    """A vertical line with its label; near the right edge the label stands before it."""

    x: str
    label: str
    at_end: bool = False


@dataclass(frozen=True)
class Row:
    """One paper: whose, as what, and when; without a bar where it lies outside of the time that is drawn."""

    party: str
    role: str
    text_y: int
    bar_y: int
    bar: Bar | None


@dataclass(frozen=True)
class TimeLine:
    """All that is drawn."""

    years: list[Tick]
    rows: list[Row]
    states: list[Bar]
    today: Tick
    foot: int  # how far down the rows reach

    @property
    def height(self) -> int:
        """Of the whole drawing."""
        return self.foot + 74

    @property
    def state_text_y(self) -> int:
        """Where the name of the last row stands."""
        return self.foot + 32

    @property
    def state_bar_y(self) -> int:
        """Where its bar begins."""
        return self.foot + 38

    @property
    def today_end_y(self) -> int:
        """How far the line of the day goes down."""
        return self.foot + 60

    @property
    def count_y(self) -> int:
        """Where the counts stand under the bar."""
        return self.foot + 70


class _Scale:
    """Turns moments into percent of the width; what lies outside is cut off at the edge."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end = start, end

    def percent(self, moment: datetime | None, *, edge: float) -> float:
        if moment is None:
            return edge
        return 100 * min(max((moment - self.start) / (self.end - self.start), 0.0), 1.0)

    def bar(self, since: datetime | None, until: datetime | None, look: str, title: str) -> Bar | None:
        x, end = self.percent(since, edge=0.0), self.percent(until, edge=100.0)
        return Bar(f"{x:.2f}%", f"{max(end - x, NARROWEST):.2f}%", look, title) if end > x else None


def time_line(papers: Sequence[Paper], stretches: Sequence[Stretch], at: datetime) -> TimeLine:
    """Lay out the papers of one place, one row each, and under them how the place stood; `at` is the day looked at."""
    scale = _scale(papers, at)
    today = scale.percent(at, edge=100.0)
    return TimeLine(
        years=_years(scale, today),
        rows=[_row(scale, number, paper) for number, paper in enumerate(papers)],
        states=[bar for stretch in reversed(stretches) if (bar := _state(scale, stretch))],
        today=Tick(f"{today:.2f}%", _day_label(at), at_end=today > 50),
        foot=ROW * len(papers),
    )


def _scale(papers: Sequence[Paper], at: datetime) -> _Scale:
    """From the first of the year in which the oldest paper begins to a while after the last end that is known."""
    begins = [paper.period.since for paper in papers] + [at]
    ends = [end for paper in papers if (end := paper.period.until)]
    first = timezone.localtime(min(begins))
    year = max(first.year, timezone.localtime(at).year - MOST_YEARS)
    start = first.replace(year=year, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    now = timezone.now()
    recent = [now] if now - at < NEAR else []  # a day of these years is seen against the present
    last = max([at, *recent, *(min(end, at + FURTHEST) for end in ends)])
    return _Scale(start, last + AHEAD)


def _years(scale: _Scale, today: float) -> list[Tick]:
    """The first of each year that has room for its number, also beside the label of the day."""
    ticks: list[Tick] = []
    taken = -100.0
    for year in range(scale.start.year, timezone.localtime(scale.end).year + 1):
        percent = scale.percent(scale.start.replace(year=year), edge=0.0)
        label_from, label_to = (today - ROOM_FOR_TODAY, today) if today > 50 else (today, today + ROOM_FOR_TODAY)
        is_free = percent + ROOM_FOR_A_YEAR <= label_from or percent >= label_to
        if percent - taken >= ROOM_FOR_A_YEAR and is_free and percent + ROOM_FOR_A_YEAR <= 100:
            ticks.append(Tick(f"{percent:.2f}%", str(year)))
            taken = percent
    return ticks


def _row(scale: _Scale, number: int, paper: Paper) -> Row:
    record = paper.record
    look = LOOKS[Mandate.Role(record.role)] if isinstance(record, Mandate) else "bar-ruled"
    title = _("%(party)s, %(role)s: %(basis)s") % {"party": paper.party, "role": paper.role, "basis": paper.basis}
    bar = scale.bar(*paper.period, look, title)
    return Row(str(paper.party), paper.role, 30 + ROW * number, 36 + ROW * number, bar)


def _state(scale: _Scale, stretch: Stretch) -> Bar | None:
    bar = scale.bar(stretch.since, stretch.until, STATES[stretch.mark], stretch.sentence)
    room = float(bar.width.rstrip("%")) if bar else 0.0
    if bar is None or room < ROOM_ON_A_WIDE_PAGE:
        return bar
    return Bar(bar.x, bar.width, bar.look, bar.title, _count(stretch), is_tight=room < ROOM_FOR_A_COUNT)


def _count(stretch: Stretch) -> str:
    """What stands under a stretch, in few signs."""
    match stretch.mark:
        case Mark.CLEAR | Mark.MULTI_HEAD:
            count = len(stretch.parties)
            return ngettext("%(count)d party", "%(count)d parties", count) % {"count": count}
        case _:
            return str(stretch.mark.label)


def _day_label(at: datetime) -> str:
    day = timezone.localdate(at)
    return _("Today") if day == timezone.localdate() else day_words(day)

"""The custody strip: geometry of a drawing in percent, so that bars stretch with the page and text does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, DeadlineRule
from cases.terms import Pause, term_of
from cases.views.holding import Stretch, handoffs
from cases.watch import Watch
from cases.wording import day_words, moment_words
from cases.worktime import WorkCalendar

MANY_DAYS = 12  # beyond, days get no line of their own: their labels would run into each other
ROOM_FOR_A_NAME = 14  # percent


@dataclass(frozen=True)
class Bar:
    """A rectangle; numbers are percent with two decimals."""

    x: str
    width: str
    kind: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True)
class Tick:
    """A vertical place with its label; on the right half the label stands before it."""

    x: str
    label: str
    at_end: bool


@dataclass(frozen=True)
class Strip:
    """All that is drawn, and the sentence that says the same."""

    bars: list[Bar]
    closed_hours: list[Bar]
    days: list[Tick]
    handoffs: list[str]
    due: Tick | None
    late: Bar | None
    is_running: bool
    description: str


def strip(case: Case, stretches: Sequence[Stretch], watch: Watch) -> Strip | None:
    """Lay out the strip of a case; None when there is nothing to draw."""
    if not stretches or stretches[-1].until <= stretches[0].since:
        return None
    scale = _Scale(stretches[0].since, stretches[-1].until)
    midnights = scale.midnights()
    is_short = len(midnights) <= MANY_DAYS
    return Strip(
        bars=[_bar(scale, stretch) for stretch in stretches],
        closed_hours=_closed_hours(scale, watch.calendar) if is_short else [],
        days=_days(scale, midnights if is_short else []),
        handoffs=[scale.at(moment) for moment in handoffs(stretches)],
        due=_due(scale, case),
        late=_late(scale, case),
        is_running=stretches[-1].is_running,
        description=" ".join(
            _("%(who)s: %(period)s, %(how)s.")
            % {"who": _name(stretch, _("nobody")), "period": stretch.period, "how": stretch.how}
            for stretch in stretches
        ),
    )


class _Scale:
    """Turns moments into percent of the width."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end = start, end

    def percent(self, moment: datetime) -> float:
        share = (moment - self.start) / (self.end - self.start)
        return 100 * min(max(share, 0.0), 1.0)

    def at(self, moment: datetime) -> str:
        return f"{self.percent(moment):.2f}%"

    def width(self, since: datetime, until: datetime) -> str:
        return f"{self.percent(until) - self.percent(since):.2f}%"

    def midnights(self) -> list[datetime]:
        first = timezone.localtime(self.start).replace(hour=0, minute=0, second=0, microsecond=0)
        count = (timezone.localdate(self.end) - first.date()).days
        return [first + timedelta(days=number) for number in range(1, count + 1)]


def _bar(scale: _Scale, stretch: Stretch) -> Bar:
    name = _name(stretch, _("Nobody"))
    has_room = scale.percent(stretch.until) - scale.percent(stretch.since) >= ROOM_FOR_A_NAME
    return Bar(
        x=scale.at(stretch.since),
        width=scale.width(stretch.since, stretch.until),
        kind=_kind(stretch),
        label=name if has_room and stretch.party else "",
        title=f"{name} {stretch.period}",
    )


def _name(stretch: Stretch, nobody: str) -> str:
    if stretch.is_ended:
        return _("Ended")
    return str(stretch.party) if stretch.party else nobody


def _kind(stretch: Stretch) -> str:
    if stretch.party is None:
        return "off" if stretch.is_ended else "void"
    return "held2" if stretch.shade else "held"


def _closed_hours(scale: _Scale, calendar: WorkCalendar) -> list[Bar]:
    """Nights and days off: from the close of business to the next opening."""
    bars = []
    moment = scale.start
    while moment < scale.end:
        opening = calendar.opening(moment)
        if opening > moment:
            bars.append(Bar(scale.at(moment), scale.width(moment, opening), "off"))
        moment = calendar.close_of_business(opening.date())
    return bars


def _days(scale: _Scale, midnights: Sequence[datetime]) -> list[Tick]:
    """The days below the strip: the first, those in between that have room, the last."""
    ticks = [Tick("0", day_words(timezone.localdate(scale.start)), at_end=False)]
    taken = 0.0
    for midnight in midnights:
        percent = scale.percent(midnight)
        if taken + ROOM_FOR_A_NAME <= percent <= 100 - 2 * ROOM_FOR_A_NAME:
            ticks.append(Tick(scale.at(midnight), day_words(midnight.date()), at_end=False))
            taken = percent
    if timezone.localdate(scale.start) != timezone.localdate(scale.end):
        ticks.append(Tick("100%", day_words(timezone.localdate(scale.end)), at_end=True))
    return ticks


def _due(scale: _Scale, case: Case) -> Tick | None:
    due_at = case.resolve_due_at
    if due_at is None or not scale.start <= due_at <= scale.end:
        return None
    label = _("Due %(due)s") % {"due": moment_words(due_at)}
    return Tick(scale.at(due_at), label, at_end=scale.percent(due_at) > 50)


def _late(scale: _Scale, case: Case) -> Bar | None:
    end = min(_stopped_at(case) or scale.end, scale.end)
    if case.resolve_due_at is None or not scale.start <= case.resolve_due_at < end:
        return None
    return Bar(scale.at(case.resolve_due_at), scale.width(case.resolve_due_at, end), "late")


def _stopped_at(case: Case) -> datetime | None:
    """When the clock stopped: the case was resolved, or put on hold."""
    written = case.deadlines.get(DeadlineRule.Clock.RESOLVE)
    if case.stage == Case.Stage.ON_HOLD and written:
        held = [change for change in term_of(written).changes if isinstance(change, Pause) and change.until is None]
        return held[0].since if held else None
    return case.resolved_at

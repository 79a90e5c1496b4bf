"""How a cell stood and will stand: its stretches of time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from settle_gov.web.duties.marks import Mark, mark_of
from settle_gov.web.duties.words import sentence
from stakeholders import ledger
from stakeholders.models import Estate, NeedItem, Party
from stakeholders.segments import STATES, moment


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


def past_of(estate: Estate, building: int | None, item: NeedItem, at: datetime) -> list[Stretch]:
    """Tell the stretches of one place and item, the latest first; `at` is the moment looked at."""
    told = ledger.history_of([estate], [item])
    place = next(number for number, each in enumerate(told.layout.places) if each.building == (building or 0))
    segments = told.segments.where(told.segments.cell == place)
    holders = told.parties(segments)
    parties = Party.objects.in_bulk({pk for each in holders for pk in each})
    stretches = []
    for number, who in enumerate(holders):
        since, until = moment(segments.since[number]), moment(segments.until[number])
        stretches.append(
            Stretch(
                mark_of(STATES[segments.state[number]], is_ruled=bool(segments.is_ruled[number])),
                [str(parties[pk]) for pk in who],
                since,
                until,
                days=(at - since).days if since is not None and since <= at and (until is None or at < until) else None,
            )
        )
    return stretches[::-1]

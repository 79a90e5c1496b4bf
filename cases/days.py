"""Whole days of the office as they stand in addresses: 2026-11-01:2026-12-01, the last one not included."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.measures import Period
from cases.wording import day_words
from cases.worktime import ZONE
from stakeholders.years import OUTSIDE, is_meant


@dataclass(frozen=True)
class Days:
    """From one day to before another."""

    since: date
    until: date

    @classmethod
    def read(cls, since: str, until: str) -> "Days":
        """Read two days as `key` writes them. Raises ValueError where they are none, or make no sense."""
        days = cls(date.fromisoformat(since), date.fromisoformat(until))
        if days.key != f"{since}:{until}" or days.complaints():  # a day can be written in more ways than one
            raise ValueError
        return days

    def complaints(self) -> dict[str, str]:
        """What makes no sense, by the day: it ends after it begins, in years that can be meant."""
        given = {"since": self.since, "until": self.until}
        wrong = {name: str(OUTSIDE) for name, day in given.items() if not is_meant(day)}
        if not wrong and self.until <= self.since:
            wrong["until"] = _("The end must be later than the beginning.")
        return wrong

    def __str__(self) -> str:
        """In words."""
        return f"{day_words(self.since)} – {day_words(self.until)}"

    @property
    def key(self) -> str:
        """As they stand in an address."""
        return f"{self.since.isoformat()}:{self.until.isoformat()}"

    @property
    def period(self) -> Period:
        """From the first moment of the first day on."""
        since, until = (datetime.combine(day, time(), ZONE) for day in (self.since, self.until))
        return Period(since, until)

    def months(self) -> list["Days"]:
        """The months that they touch, each as far as it lies in them."""
        found, since = [], self.since
        while since < self.until:
            found.append(Days(since, min(month_of(since).until, self.until)))
            since = found[-1].until
        return found


def month_of(day: date) -> Days:
    """The whole month in which a day lies."""
    first = day.replace(day=1)
    return Days(first, (first + timedelta(days=31)).replace(day=1))


def month_so_far() -> Days:
    """The days that are meant where none are named: from the first of this month to today."""
    today = timezone.localdate()
    return Days(month_of(today).since, today + timedelta(days=1))

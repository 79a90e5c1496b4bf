"""Case numbers: dated, short enough to read over the phone, never used twice."""

from collections.abc import Mapping
from datetime import date

from django.db import connection, models
from django.utils.translation import gettext_lazy as _


class NumberSeriesManager(models.Manager["NumberSeries"]):
    def draw(self, day: date, count: int = 1) -> list[str]:
        """Return the next `count` case numbers of a day, such as AZ-20261121-0042."""
        return self.draw_many({day: count})[day]

    def draw_many(self, counts: Mapping[date, int]) -> dict[date, list[str]]:
        """Return the next numbers of several days.

        One statement draws, and locks the rows of the days until the caller's transaction ends, so that no number is
        drawn twice and a number of a transaction that fails is drawn again. It takes the days in their order: two who
        draw at once wait for each other, and never in a circle.
        """
        days = sorted(counts)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO cases_numberseries (day, last) VALUES {', '.join(['(%s, %s)'] * len(days))} "  # noqa: S608 -- only placeholders
                "ON CONFLICT (day) DO UPDATE SET last = cases_numberseries.last + excluded.last RETURNING day, last",
                [value for day in days for value in (day, counts[day])],
            )
            lasts = {str(day): last for day, last in cursor.fetchall()}  # a date or its text, as the engine likes
        return {day: _numbers(day, lasts[str(day)], counts[day]) for day in days}


def _numbers(day: date, last: int, count: int) -> list[str]:
    return [f"AZ-{day:%Y%m%d}-{number:04}" for number in range(last - count + 1, last + 1)]


class NumberSeries(models.Model):
    """How many numbers of a day are drawn."""

    day = models.DateField(_("day"), primary_key=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    objects = NumberSeriesManager()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.day} · {self.last}"

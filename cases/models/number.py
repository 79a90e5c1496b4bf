"""Case numbers: dated, short enough to read over the phone, never used twice."""

from datetime import date

from django.db import connection, models
from django.utils.translation import gettext_lazy as _


class NumberSeriesManager(models.Manager["NumberSeries"]):
    def draw(self, day: date, count: int = 1) -> list[str]:
        """Return the next `count` case numbers of a day, such as AZ-20261121-0042.

        One statement draws, and locks the row of the day until the caller's transaction ends, so that no number is
        drawn twice and a number of a transaction that fails is drawn again.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO cases_numberseries (day, last) VALUES (%s, %s) "
                "ON CONFLICT (day) DO UPDATE SET last = cases_numberseries.last + excluded.last RETURNING last",
                [day, count],
            )
            [last] = cursor.fetchone()
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

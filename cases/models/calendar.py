"""The work calendar as tables, so that an administrator inside a closed network can correct and confirm it."""

from datetime import MAXYEAR, date
from typing import cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.calendar_source import is_by_hand, source_words
from cases.worktime import WEEKDAYS
from stakeholders.years import EARLIEST, LATEST, OUTSIDE, is_meant


class WorkCalendarYear(models.Model):
    """Whether the days off of a year are announced. A year without a row counts as not announced."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        PROVISIONAL = "provisional", _("provisional")

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    status = models.CharField(_("status"), max_length=11, choices=Status, default=Status.PROVISIONAL)
    source = models.CharField(_("source"), max_length=80, help_text=_("The notice or the list it is taken from."))
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    # The `updated_at` by which open deadlines were reckoned last: when the two differ, they have yet to follow.
    reckoned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("work calendar year")
        verbose_name_plural = _("work calendar years")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__range=(EARLIEST.year, MAXYEAR)),
                name="work_calendar_year_has_four_digits",
                violation_error_message=_("Give a year from 1900 to 9999."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["confirmed", "provisional"]), name="work_calendar_year_status_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def source_words(self) -> str:
        """Where it is taken from, or who said so."""
        return source_words(self.source)

    @property
    def is_confirmed(self) -> bool:
        """Whether its days off are announced."""
        return self.status == self.Status.CONFIRMED

    def clean(self) -> None:
        """Refuse years that nobody can mean."""
        year = cast("int | None", self.year)  # None when a form could not read it
        if year and not EARLIEST.year <= year <= LATEST.year:
            raise ValidationError({"year": OUTSIDE})


class WorkCalendarDay(models.Model):
    """An exception to Monday to Friday: a weekday off or a weekend day worked."""

    class Kind(models.TextChoices):
        OFF = "off", _("day off")
        WORK = "work", _("make-up working day")

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    name = models.CharField(_("name"), max_length=80, blank=True)  # empty: no more is known than its kind
    source = models.CharField(_("source"), max_length=80, help_text=_("The notice or the list it is taken from."))

    class Meta:
        verbose_name = _("work calendar day")
        verbose_name_plural = _("work calendar days")
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["off", "work"]), name="work_calendar_day_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}".strip()

    @property
    def reason(self) -> str:
        """Why it is so; its kind in words where nobody has said more."""
        return self.name or str(self.get_kind_display())

    @property
    def is_by_hand(self) -> bool:
        """Whether a person has entered or changed it."""
        return is_by_hand(self.source)

    @property
    def source_words(self) -> str:
        """Where it is taken from, or who said so."""
        return source_words(self.source)

    def clean(self) -> None:
        """Refuse what the plain week says already: it would change nothing, and is nearly always a slip of the date.

        This is advice and no constraint: a check on the day of the week needs a function of Django's own on SQLite,
        without which the table could not be restored from a dump.
        """
        day = cast("date | None", self.date)  # None when a form could not read it
        if day and not is_meant(day):
            raise ValidationError({"date": OUTSIDE})
        if day and (day.isoweekday() <= WEEKDAYS) == (self.kind == self.Kind.WORK):
            raise ValidationError({"date": _("That is a plain day of the week; only exceptions are listed.")})

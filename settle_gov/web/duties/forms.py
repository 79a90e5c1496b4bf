"""What may be asked of the matrix and of a cell."""

from collections.abc import Sequence
from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.scope import moment_of
from stakeholders.models import Area
from stakeholders.years import require_meant

DAY_FORMATS = ["%Y-%m-%d", "%Y%m%d"]  # the number pad of some phones has no hyphen


NO_DAY = _("Give a day as 2026-11-20. You see what is known now.")
NO_CHOICE = _("There is no such choice. You see what is known now.")


class Known(models.TextChoices):
    """When it was known what is shown: records are corrected later, and both are worth seeing."""

    NOW = "", _("Now, with later corrections")
    THEN = "then", _("On that very day")
    ON = "on", _("On another day…")


class DayForm(forms.Form):
    """The day to look at, past or to come, and the day on which it was known; without either it is today.

    `known` may be the day itself, for links: `?at=2026-03-01&known=2026-04-01`.
    """

    at = forms.DateField(
        label=_("As it stood on"),
        required=False,
        input_formats=DAY_FORMATS,
        error_messages={"invalid": _("Give a day as 2026-11-20. You see today.")},
        validators=[require_meant],
    )
    known = forms.CharField(label=_("As known"), required=False)
    known_on = forms.DateField(
        label=_("As known on"),
        required=False,
        input_formats=DAY_FORMATS,
        error_messages={"invalid": NO_DAY},
        validators=[require_meant],
    )

    def clean_known(self) -> str:
        """Take one of the choices or a day."""
        known: str = self.cleaned_data["known"]
        if known in Known.values:
            return known
        if day := _day(known):
            require_meant(day)
            return known
        raise ValidationError(NO_DAY if known[:1].isdigit() else NO_CHOICE)

    def clean_known_on(self) -> date | None:
        """Ask for the day where another one was chosen."""
        day: date | None = self.cleaned_data["known_on"]
        if day is None and self.cleaned_data.get("known") == Known.ON:
            raise ValidationError(NO_DAY)
        return day

    @property
    def day(self) -> date | None:
        """The day asked for; None for today and for what is no day."""
        day: date | None = self.cleaned_data.get("at")
        return None if day == timezone.localdate() else day

    @property
    def shown_day(self) -> date:
        """The day that is shown."""
        return self.day or timezone.localdate()

    @property
    def moment(self) -> datetime:
        """The instant at which the ledger is asked."""
        return moment_of(self.day)

    @property
    def known_day(self) -> date | None:
        """The day on which it was known; None where what is known now is meant."""
        known = self.cleaned_data.get("known", "")
        if known == Known.THEN:
            return self.shown_day
        on: date | None = self.cleaned_data.get("known_on") if known == Known.ON else _day(known)
        return on

    @property
    def known_moment(self) -> datetime | None:
        """The instant up to which records count; None for all that is known now."""
        day = self.known_day
        return None if day is None or day >= timezone.localdate() else moment_of(day)

    @property
    def known_choice(self) -> Known:
        """The choice that is shown."""
        if "known_on" in self.errors:
            return Known.ON
        known = self.cleaned_data.get("known", self._typed_day)
        return Known(known) if known in Known.values else Known.ON

    @property
    def known_choices(self) -> Sequence[tuple[str, str | Promise]]:
        """What there is to choose from."""
        return Known.choices

    @property
    def typed_at(self) -> str:
        """What stands in the field of the day: the day shown, or what was typed and is none."""
        return self.data["at"] if "at" in self.errors else self.shown_day.isoformat()

    @property
    def typed_known(self) -> str:
        """What stands in the field of the day on which it was known."""
        if "known_on" in self.errors:
            return str(self.data.get("known_on", ""))
        if "known" in self.errors:
            return self._typed_day
        return self.known_day.isoformat() if self.known_day and self.known_choice == Known.ON else ""

    @property
    def _typed_day(self) -> str:
        """What was given as the day on which it was known and is none; empty for what is not even like a day."""
        typed = str(self.data.get("known", ""))
        return typed if typed[:1].isdigit() else ""

    @property
    def days(self) -> QueryDict:
        """The day and when it was known, as links name them."""
        days = QueryDict(mutable=True)
        if self.day:
            days["at"] = self.day.isoformat()
        if self.known_day:
            days["known"] = Known.THEN.value if self.known_choice == Known.THEN else self.known_day.isoformat()
        return days

    @property
    def kept(self) -> QueryDict:
        """What links of the page keep of what was asked, as far as it made sense."""
        return self.days

    @property
    def query(self) -> str:
        """The days for a link to another page of the ledger: `?at=…&known=…`, or nothing."""
        return f"?{self.days.urlencode()}" if self.days else ""


class MatrixForm(DayForm):
    """The day, the one mark to look for, the area, the page, and the classes that are folded."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=Mark.choices,
        error_messages={"invalid_choice": _("There is no such state. You see all.")},
    )
    fold = forms.RegexField(
        r"^\d{1,3}(,\d{1,3})*$",
        label=_("Folded classes"),
        required=False,
        error_messages={"invalid": _("Give the numbers of classes with commas. You see all unfolded.")},
    )

    page = forms.IntegerField(
        label=_("Page"),
        required=False,
        min_value=1,
        max_value=9999,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("There is no such page. You see the first.")
        ),
    )

    def __init__(self, asked: QueryDict, *, areas: Sequence[Area]) -> None:
        super().__init__(asked)
        self.areas = {area.code: area for area in areas}
        self.fields["area"] = forms.ChoiceField(
            label=_("Area"),
            required=False,
            choices=[("", _("All areas")), *((code, str(area)) for code, area in self.areas.items())],
            error_messages={"invalid_choice": _("There is no such area here. You see all.")},
        )

    @property
    def chosen_area(self) -> Area | None:
        """The area to look at; None for all that is visible."""
        return self.areas.get(self.cleaned_data.get("area", ""))

    @property
    def page_number(self) -> int:
        """The page of estates."""
        return self.cleaned_data.get("page") or 1

    @property
    def mark(self) -> Mark | None:
        """The mark to look for."""
        state = self.cleaned_data.get("state")
        return Mark(state) if state else None

    @property
    def folded(self) -> frozenset[str]:
        """The codes of the folded classes."""
        fold = self.cleaned_data.get("fold")
        return frozenset(fold.split(",")) if fold else frozenset()

    @property
    def kept(self) -> QueryDict:
        """What links of the page keep of what was asked, as far as it made sense."""
        kept = self.days
        if self.chosen_area:
            kept["area"] = self.chosen_area.code
        if self.mark:
            kept["state"] = self.mark.value
        if self.folded:
            kept["fold"] = ",".join(sorted(self.folded))
        return kept


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None

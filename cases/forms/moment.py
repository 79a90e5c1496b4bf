"""A moment that people type: day and time on the clock of the place."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from stakeholders.years import require_meant

ZONE = format_lazy("{} {}", _("Local time:"), settings.TIME_ZONE)


class MomentField(forms.DateTimeField):
    """Day and time in the zone of the settings, which it names. Gives an aware moment."""

    def __init__(self, *, hint: Any = "", **options: Any) -> None:
        super().__init__(
            help_text=format_lazy("{} {}", hint, ZONE) if hint else ZONE,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={"invalid": _("Give day and time, such as 2026-11-20 09:30.")},
            validators=[require_meant],
            **options,
        )

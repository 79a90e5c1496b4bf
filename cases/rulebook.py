"""The rules and the calendar a use case reckons with, each read at most once."""

from functools import cached_property

from cases.models import DeadlineRule, DisputeLevel, EscalationRule
from cases.work_calendar import load_work_calendar
from cases.worktime import WorkCalendar


class Rulebook:
    """What is in force now. Made at the start of a use case and handed down, so that it is the same throughout."""

    @cached_property
    def deadlines(self) -> list[DeadlineRule]:
        """All deadline rules."""
        return list(DeadlineRule.objects.select_related("area"))

    @cached_property
    def chosen(self) -> dict[tuple[object, ...], DeadlineRule | None]:
        """Which rule counts for what, as far as it was asked: many cases of an import are alike."""
        return {}

    @cached_property
    def ladder(self) -> list[EscalationRule]:
        """The active steps of escalation."""
        return list(EscalationRule.objects.filter(is_active=True))

    @cached_property
    def levels(self) -> list[DisputeLevel]:
        """Who is to settle disputes, the lowest first."""
        return list(DisputeLevel.objects.all())

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The work calendar."""
        return load_work_calendar()

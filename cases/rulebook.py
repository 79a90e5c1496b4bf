"""The rules and the calendar a use case reckons with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cases.models import DeadlineRule, DisputeLevel, EscalationRule, RulebookEdition
from cases.work_calendar import load_work_calendar
from cases.worktime import WorkCalendar

KEPT = 4  # editions: the present one, and those with which something under way began


@dataclass(frozen=True)
class Edition:
    """Rules and calendar as they stand: objects that all share who reckon with them, and that nobody changes."""

    deadlines: Sequence[DeadlineRule]
    ladder: Sequence[EscalationRule]
    levels: Sequence[DisputeLevel]
    calendar: WorkCalendar


class Rulebook:
    """What is in force now. Made at the start of a use case and handed down, so that it is the same throughout.

    It costs one query, for the mark of the edition; the first time that a process meets an edition it reads it whole.
    """

    @cached_property
    def _edition(self) -> Edition:
        mark = RulebookEdition.objects.values_list("mark", flat=True).first()
        return _read() if mark is None else _kept(mark)

    @property
    def deadlines(self) -> Sequence[DeadlineRule]:
        """All deadline rules."""
        return self._edition.deadlines

    @cached_property
    def chosen(self) -> dict[tuple[object, ...], DeadlineRule | None]:
        """Which rule counts for what, as far as it was asked: many cases of an import are alike."""
        return {}

    @property
    def ladder(self) -> Sequence[EscalationRule]:
        """The active steps of escalation."""
        return self._edition.ladder

    @property
    def levels(self) -> Sequence[DisputeLevel]:
        """Who is to settle disputes, the lowest first."""
        return self._edition.levels

    @property
    def calendar(self) -> WorkCalendar:
        """The work calendar."""
        return self._edition.calendar


def forget() -> None:
    """Keep no edition any longer, so that what something costs does not depend on what was done before."""
    _kept.cache_clear()


def _read() -> Edition:
    """Read everything at once.

    What one reads only when it is needed could be read after the same transaction has changed it, and would then be
    kept under a mark that this change takes away, even if it is taken back itself.
    """
    return Edition(
        tuple(DeadlineRule.objects.select_related("area")),
        tuple(EscalationRule.objects.filter(is_active=True)),
        tuple(DisputeLevel.objects.all()),
        load_work_calendar(),
    )


@lru_cache(maxsize=KEPT)
def _kept(mark: str) -> Edition:
    return _read()

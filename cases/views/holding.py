"""Who has had a case from when to when: custody, and the stretches between in which nobody had it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from cases.models import Case, Custody
from cases.watch import Watch
from cases.wording import hour_words, period_words
from stakeholders.models import Party


@dataclass(frozen=True)
class Stretch:
    """A time in which one party, or nobody, had the case; `shade` alternates between holders that follow each other."""

    party: Party | None
    since: datetime
    until: datetime
    is_running: bool
    how: str
    worked: timedelta
    shade: int

    @property
    def period(self) -> str:
        """From when to when, in words."""
        return period_words(self.since, None if self.is_running else self.until)

    @property
    def charged(self) -> str:
        """The working time charged, in words."""
        return hour_words(self.worked)


@dataclass(frozen=True)
class Holding:
    """All stretches of a case, oldest first."""

    stretches: Sequence[Stretch]
    total: str


def holding(case: Case, custodies: Sequence[Custody], watch: Watch, ended_at: datetime | None) -> Holding:
    """Say who had a case from its opening to its end, or until now; `custodies` are all of it, oldest first."""
    stretches: list[Stretch] = []

    def add(party: Party | None, since: datetime, until: datetime | None, how: str) -> None:
        """Add a stretch behind the others; None is until now, or until the case ended."""
        end = until or ended_at or watch.now
        shade = sum(each.party is not None for each in stretches) % 2
        running = until is None and ended_at is None
        stretches.append(Stretch(party, since, end, running, how, watch.worked(since, end), shade))

    free_since: datetime | None = case.opened_at or case.reported_at
    why_free = _("waits to be assigned")
    for custody in custodies:
        if custody.role != Custody.Role.LEAD:
            continue
        if free_since is not None and custody.since > free_since:
            add(None, free_since, custody.since, why_free)
        add(custody.party, custody.since, custody.until, _how(case, custody))
        free_since, why_free = custody.until, _("not assigned since")
    if free_since is not None and case.is_open:
        add(None, free_since, None, why_free)
    return Holding(stretches, hour_words(sum((stretch.worked for stretch in stretches), timedelta())))


def handoffs(stretches: Sequence[Stretch]) -> list[datetime]:
    """When the case went from one hand to another, or out of a hand."""
    return [later.since for earlier, later in pairwise(stretches) if earlier.party is not None]


def _how(case: Case, custody: Custody) -> str:
    if custody.until is not None:
        return str(custody.get_ending_display())
    if case.stage == Case.Stage.DISPATCHED:
        return _("has yet to sign for it")
    if case.stage == Case.Stage.RESOLVED:
        return _("reports it done")
    return _("handles it")

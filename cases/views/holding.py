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

# How a custody ends with its case
ENDINGS = {Custody.Ending.CLOSED, Custody.Ending.VOIDED, Custody.Ending.MERGED}


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
    is_ended: bool = False  # the case had ended, and nobody needed to have it

    @property
    def period(self) -> str:
        """From when to when, in words."""
        return period_words(self.since, None if self.is_running else self.until)

    @property
    def charged(self) -> str:
        """The working time charged, in words; none for when nobody had to have it."""
        return "" if self.is_ended else hour_words(self.worked)


@dataclass(frozen=True)
class Holding:
    """All stretches of a case, oldest first."""

    stretches: Sequence[Stretch]
    total: str


def holding(case: Case, custodies: Sequence[Custody], watch: Watch, ended_at: datetime | None) -> Holding:
    """Say who had a case from its opening to its end, or until now; `custodies` are all of it, oldest first."""
    stretches: list[Stretch] = []

    def add(party: Party | None, since: datetime, until: datetime | None, how: str, *, is_ended: bool = False) -> None:
        """Add a stretch behind the others; None is until now, or until the case ended."""
        end = until or ended_at or watch.now
        shade = sum(each.party is not None for each in stretches) % 2
        running = until is None and ended_at is None
        worked = timedelta() if is_ended else watch.worked(since, end)
        stretches.append(Stretch(party, since, end, running, how, worked, shade, is_ended))

    free_since: datetime | None = case.opened_at or case.reported_at
    why_free, is_ended = _("waits to be assigned"), False
    for custody in custodies:
        if custody.role != Custody.Role.LEAD:
            continue
        if free_since is not None and custody.since > free_since:
            add(None, free_since, custody.since, why_free, is_ended=is_ended)
        add(custody.party, custody.since, custody.until, _how(case, custody))
        free_since, is_ended = custody.until, custody.ending in ENDINGS
        why_free = _("until it was reopened") if is_ended else _("not assigned since")
    if free_since is not None and case.is_open:
        add(None, free_since, None, why_free)
    return Holding(stretches, hour_words(sum((stretch.worked for stretch in stretches), timedelta())))


def handoffs(stretches: Sequence[Stretch]) -> list[datetime]:
    """When the case went from one hand to another, or out of a hand; when it ended it went nowhere."""
    return [later.since for earlier, later in pairwise(stretches) if earlier.party is not None and not later.is_ended]


def _how(case: Case, custody: Custody) -> str:
    if custody.until is not None:
        return str(custody.get_ending_display())
    match case.stage:
        case Case.Stage.ON_HOLD:
            return _("it is on hold")
        case Case.Stage.RESOLVED:
            return _("reports it done")
        case _ if case.responsibility == Case.Responsibility.DISPUTED:
            return _("goes on with it while it is disputed")
        case Case.Stage.DISPATCHED:
            return _("has yet to sign for it")
    return _("handles it")

"""What a party answers for and what it disclaims: its mandates and the rulings in its favour, as a reader sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders.models import Mandate, Membership, Party, Ruling
from stakeholders.models.mandate import LedgerQuerySet

SHOWN = 200  # of each kind on one page; the true number stands above
SOON = timedelta(days=90)
DUTIES = (Mandate.Role.LEAD, Mandate.Role.SUPPORT, Mandate.Role.SUPERVISE, Mandate.Role.BACKSTOP)

Record = TypeVar("Record", Mandate, Ruling)


@dataclass(frozen=True)
class Paper:
    """A mandate or a ruling, as it stands at an instant."""

    record: Mandate | Ruling
    at: datetime
    known: datetime

    @property
    def first_day(self) -> date:
        """The day it begins."""
        return timezone.localdate(self.record.valid_from)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds: an end at midnight belongs to the day before."""
        until = self.record.valid_until
        return timezone.localdate(until - timedelta(microseconds=1)) if until else None

    @property
    def days_left(self) -> int | None:
        """For how many more days it holds, where that is not for long."""
        until = self.record.valid_until
        return (until - self.at).days if until and timedelta() < until - self.at <= SOON else None

    @property
    def why_not(self) -> str:
        """Why it does not count."""
        withdrawn = self.record.withdrawn_at
        if withdrawn and withdrawn <= self.known:
            return _("withdrawn on %(day)s") % {"day": timezone.localdate(withdrawn).isoformat()}
        if self.record.valid_from > self.at:
            return _("not begun yet")
        if self.record.valid_until and self.record.valid_until <= self.at:
            return _("ended")
        return _("party closed down")


@dataclass(frozen=True)
class Pile:
    """Papers of one kind, and how many there are in all."""

    label: str
    papers: list[Paper]
    count: int

    @property
    def has_roles(self) -> bool:
        """They are mandates; a ruling always names the lead."""
        return any(isinstance(each.record, Mandate) for each in self.papers)

    @property
    def is_cut(self) -> bool:
        """Not all of them are shown."""
        return len(self.papers) < self.count


@dataclass(frozen=True)
class Papers:
    """What the ledger, as it was known at an instant, says about a party at another."""

    duties: list[Pile]
    disclaimers: Pile
    rulings: Pile
    others: list[Pile]  # what does not count then: over, to come, withdrawn

    @property
    def count_of_others(self) -> int:
        """How many do not count."""
        return sum(pile.count for pile in self.others)


def papers_of(party: Party, *, by: Membership, at: datetime, known: datetime) -> Papers:
    """Read the records about a party that `by` sees, in six queries; three more where not all is shown."""
    told = _Told(at, known, is_closed=party.closed_at is not None and party.closed_at <= at)
    mandates = Mandate.objects.filter(party=party).visible_to(by)
    rulings = Ruling.objects.filter(lead=party).visible_to(by)
    valid = told.in_force(mandates)
    counts = dict(valid.order_by().values("role").annotate(count=Count("id")).values_list("role", "count"))
    answered = told.papers(valid.exclude(role=Mandate.Role.DISCLAIM))
    duties = [
        Pile(role.label.capitalize(), [each for each in answered if _role(each) == role], counts[role])
        for role in DUTIES
        if role in counts
    ]
    disclaimed = told.papers(valid.filter(role=Mandate.Role.DISCLAIM))
    disclaimers = Pile("", disclaimed, counts.get(Mandate.Role.DISCLAIM, 0))
    others = [
        told.pile(_("Mandates"), told.without_force(mandates)),
        told.pile(_("Rulings"), told.without_force(rulings)),
    ]
    return Papers(duties, disclaimers, told.pile("", told.in_force(rulings)), others)


def _role(paper: Paper) -> str:
    return paper.record.role if isinstance(paper.record, Mandate) else ""


@dataclass(frozen=True)
class _Told:
    """When the ledger is read, and as it was known when. A party that is closed down answers for nothing any more."""

    at: datetime
    known: datetime
    is_closed: bool

    def in_force(self, records: LedgerQuerySet[Record]) -> LedgerQuerySet[Record]:
        """What counts."""
        return records.none() if self.is_closed else records.in_force(self.at, self.known)

    def without_force(self, records: LedgerQuerySet[Record]) -> LedgerQuerySet[Record]:
        """What was written down by then and does not count."""
        written = records.filter(recorded_at__lte=self.known)
        over = Q(withdrawn_at__lte=self.known) | Q(valid_until__lte=self.at) | Q(valid_from__gt=self.at)
        return written if self.is_closed else written.filter(over)

    def pile(self, label: str, records: LedgerQuerySet[Record]) -> Pile:
        """The first of the records, and their number."""
        papers = self.papers(records)
        return Pile(label, papers, len(papers) if len(papers) < SHOWN else records.count())

    def papers(self, records: LedgerQuerySet[Record]) -> list[Paper]:
        """The first of the records; what ends soonest leads."""
        found: Iterable[Mandate | Ruling] = records.with_scope().order_by(
            F("valid_until").asc(nulls_last=True), "-valid_from", "-id"
        )[:SHOWN]
        return [Paper(record, self.at, self.known) for record in found]

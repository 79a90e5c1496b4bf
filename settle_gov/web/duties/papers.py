"""The papers of a cell: every mandate and every ruling that ever concerned it, withdrawn ones apart."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stakeholders.coverage import Cell, Scope
from stakeholders.ledger import period_of, scope_of
from stakeholders.models import Estate, Mandate, NeedItem, Party, Ruling
from stakeholders.models.mandate import LedgerQuerySet, Record
from stakeholders.segments import Period

ROLES = list(Mandate.Role)


class Standing(StrEnum):
    """How a paper stands to the moment looked at."""

    OVER = "over"
    HOLDS = "holds"
    TO_COME = "to_come"


@dataclass(frozen=True)
class Paper:
    """A mandate or a ruling; `at` is the moment looked at."""

    record: Mandate | Ruling
    at: datetime

    @property
    def party(self) -> Party:
        """Whom it names."""
        return self.record.lead if isinstance(self.record, Ruling) else self.record.party

    @property
    def is_ruling(self) -> bool:
        """Whether somebody decided so."""
        return isinstance(self.record, Ruling)

    @property
    def role(self) -> str:
        """As what it names the party."""
        if isinstance(self.record, Ruling):
            return _("Ruled")
        return str(capfirst(self.record.get_role_display()))

    @property
    def basis(self) -> str:
        """On which ground."""
        return self.record.reason if isinstance(self.record, Ruling) else self.record.basis

    @property
    def evidence(self) -> str:
        """What is said about the ground."""
        return self.record.document_no if isinstance(self.record, Ruling) else self.record.evidence

    @property
    def scope(self) -> Scope:
        """Where and for what it holds."""
        record = self.record
        return scope_of(record.area_id, record.estate_id, record.building_id, record.need_class_id, record.need_item_id)

    @property
    def period(self) -> Period:
        """For how long it holds: until it ends, or until its party was closed down."""
        return period_of(self.record.valid_from, self.record.valid_until, self.party.closed_at)

    @property
    def standing(self) -> Standing:
        """Whether it holds at the moment looked at."""
        if self.period.since > self.at:
            return Standing.TO_COME
        until = self.period.until
        return Standing.OVER if until is not None and until <= self.at else Standing.HOLDS

    @property
    def is_open(self) -> bool:
        """Whether it counts and can still be ended."""
        return self.record.withdrawn_at is None and self.standing is not Standing.OVER

    @property
    def felt_at(self) -> datetime:
        """The moment looked at, or the one nearest to it at which the paper holds."""
        since, until = self.period
        if since > self.at:
            return since
        return min(self.at, until - timedelta(microseconds=1)) if until else self.at

    @property
    def first_day(self) -> date:
        """The day it begins."""
        return timezone.localdate(self.record.valid_from)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds: an end at midnight belongs to the day before."""
        until = self.record.valid_until
        return timezone.localdate(until - timedelta(microseconds=1)) if until else None


@dataclass(frozen=True)
class Papers:
    """What counts, and what was taken back."""

    counting: list[Paper]
    withdrawn: list[Paper]

    @property
    def areas(self) -> set[str]:
        """The areas that the papers which count are about, or in which their places lie."""
        return {paper.record.area_code for paper in self.counting}

    def about(self, cell: Cell) -> list[Paper]:
        """Those that count for one place."""
        return [paper for paper in self.counting if cell.is_in(paper.scope)]


def papers_of(estate: Estate, item: NeedItem, at: datetime, known_on: datetime | None = None) -> Papers:
    """Read the papers about an item anywhere at an estate, as known at an instant or now; two queries.

    Mandates stand before rulings, leads before the others, the older before the newer.
    """
    mandates = (
        _written_by(Mandate.objects.reaching([estate]), item, known_on)
        .with_scope()
        .select_related("party", "withdrawn_by__user")
    )
    rulings = (
        _written_by(Ruling.objects.reaching([estate]), item, known_on)
        .with_scope()
        .select_related("lead", "withdrawn_by__user")
    )
    papers = [*(Paper(each, at) for each in mandates), *(Paper(each, at) for each in rulings)]
    papers.sort(key=_weight)
    taken_back = {id(paper) for paper in papers if _is_withdrawn(paper.record, known_on)}
    return Papers(
        [paper for paper in papers if id(paper) not in taken_back],
        [paper for paper in papers if id(paper) in taken_back],
    )


def _written_by(records: LedgerQuerySet[Record], item: NeedItem, known_on: datetime | None) -> LedgerQuerySet[Record]:
    everything = Q(need_item__isnull=True, need_class__isnull=True)
    found = records.filter(everything | Q(need_item=item) | Q(need_class=item.need_class_id))
    return found if known_on is None else found.filter(recorded_at__lte=known_on)


def _is_withdrawn(record: Mandate | Ruling, known_on: datetime | None) -> bool:
    if record.withdrawn_at is None:
        return False
    return known_on is None or record.withdrawn_at <= known_on


def _weight(paper: Paper) -> tuple[int, datetime, int]:
    record = paper.record
    role = len(ROLES) if isinstance(record, Ruling) else ROLES.index(Mandate.Role(record.role))
    return role, record.valid_from, record.pk

"""The figures by which handling is judged, each with the cases that are counted and those they are counted among.

The formulas are those of digital city management and of the hotlines; in practice their denominators differ and are
disputed, so each says in a sentence what it counts, and gives the lists behind both numbers. What is due (应处置,
应结案) is what falls due within the period: open cases that are not due yet are left out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Sum,
    TextChoices,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Custody, Rating, TimeRequest
from cases.models.case import CaseQuerySet
from cases.workflow import UNSOLVED
from cases.worktime import ZONE


@dataclass(frozen=True)
class Period:
    """From one instant to another, half open."""

    since: datetime
    until: datetime
    at: datetime = field(default_factory=timezone.now)  # when it is counted
    by_month: bool = False  # whether each month is counted by itself

    def due(self, field: str, done: str) -> Q:
        """Rows of which a deadline lies in the period, and has passed by now or was met before it had to be."""
        return self.has(field) & (Q(**{f"{field}__lt": self.at}) | Q(**{f"{done}__isnull": False}))

    def has(self, field: str) -> Q:
        """Rows of which a moment lies in the period."""
        return Q(**{f"{field}__gte": self.since, f"{field}__lt": self.until})


ALL = Q()


@dataclass(frozen=True)
class Base:
    """Which cases measures look at in a period, and the moment that puts a case there."""

    moment: str
    narrow: Callable[[CaseQuerySet, Period], CaseQuerySet]

    def cases(self, cases: CaseQuerySet, period: Period) -> CaseQuerySet:
        """Those of the period; of one that is counted by month, each with the beginning of its month."""
        found = self.narrow(cases, period)
        return found.annotate(month=_month_of(self.moment)) if period.by_month else found


class Unit(TextChoices):
    SHARE = "share", _("share")
    SECONDS = "seconds", _("seconds")


@dataclass(frozen=True)
class Measure:
    """A rate: `among` are the cases of the base that count at all, `counted` those of them that reach it.

    Where something is `taken`, it is a mean instead: the time that all of them took together, for each of them.
    """

    key: str
    name: Promise
    definition: Promise
    base: Base
    counted: Q | Exists = ALL
    among: Q = ALL
    is_better_high: bool = True
    taken: Combinable | None = None

    @property
    def unit(self) -> Unit:
        """Of its value; the numerator of a mean is in seconds, too."""
        return Unit.SECONDS if self.taken else Unit.SHARE

    def denominator(self, cases: CaseQuerySet, period: Period) -> CaseQuerySet:
        """The cases among which it is counted."""
        return self.base.cases(cases, period).filter(self.among)

    def numerator(self, cases: CaseQuerySet, period: Period) -> CaseQuerySet:
        """The cases that are counted; of a mean, those whose time is."""
        return self.denominator(cases, period).filter(self.counted)


@dataclass(frozen=True)
class Figure:
    """What a measure comes to; the numerator of a mean is in whole seconds."""

    measure: Measure
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The rate or the mean; None where nothing could be counted, which is not 0."""
        return self.numerator / self.denominator if self.denominator else None


def _month_of(moment: str) -> TruncMonth:
    return TruncMonth(moment, tzinfo=ZONE)


def _due(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    return cases.filter(period.due("resolve_due_at", "resolved_at")).exclude(stage__in=NOT_DUE)


def _to_sign(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    return cases.filter(period.due("sign_due_at", "signed_at")).exclude(stage=Case.Stage.VOID)


def _to_contact(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    on_hold = Q(stage=Case.Stage.ON_HOLD, contacted_at__isnull=True)
    return cases.filter(period.due("contact_due_at", "contacted_at")).exclude(on_hold | Q(stage=Case.Stage.VOID))


def _reported(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    return cases.filter(period.has("reported_at"))


def _dispatched(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    led = Custody.objects.filter(case=OuterRef("pk"), role=Custody.Role.LEAD)
    return cases.filter(period.has("opened_at")).filter(Exists(led))


def _rated(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    """Cases that were rated in the period, with the answers of the last time; by month, of the last time of each."""
    said = cases.annotate(said=FilteredRelation("ratings", condition=period.has("ratings__at")))
    answers = {f"said_{name}": F(f"said__{name}") for name in ("id", "at", "contacted", "solved", "satisfied")}
    said = said.filter(said__isnull=False).annotate(**answers)  # named, lest each use of them joined the ratings anew
    again = Rating.objects.filter(period.has("at"), case=OuterRef("pk"))
    if period.by_month:
        said = said.annotate(said_in=_month_of("said_at"))
        again = again.annotate(said_in=_month_of("at")).filter(said_in=OuterRef("said_in"))
    later = Q(at__gt=OuterRef("said_at")) | Q(at=OuterRef("said_at"), pk__gt=OuterRef("said_id"))
    return said.exclude(Exists(again.filter(later)))


def _opened(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    return cases.filter(period.has("opened_at"))


def _resolved(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    return cases.filter(period.has("resolved_at")).exclude(stage=Case.Stage.VOID)


def _time(since: str | Coalesce, until: str) -> Combinable:
    begun = F(since) if isinstance(since, str) else since
    return ExpressionWrapper(F(until) - begun, output_field=DurationField())


DUE = Base("resolve_due_at", _due)
TO_SIGN = Base("sign_due_at", _to_sign)
TO_CONTACT = Base("contact_due_at", _to_contact)
REPORTED = Base("reported_at", _reported)
DISPATCHED = Base("opened_at", _dispatched)
RATED = Base("said_at", _rated)
OPENED = Base("opened_at", _opened)
RESOLVED = Base("resolved_at", _resolved)

NOT_DUE = (Case.Stage.VOID, Case.Stage.ON_HOLD)  # the clock of what is on hold stands still
IN_TIME = Q(resolved_at__lte=F("resolve_due_at"))
EXTENDED = Exists(TimeRequest.objects.filter(case=OuterRef("pk"), kind=Case.Asked.EXTENSION, is_granted=True))

MEASURES: Mapping[str, Measure] = {
    measure.key: measure
    for measure in (
        # The three rates (三率): what reporters say
        Measure(
            "response",
            _("Response rate"),
            _("Reporters who say they were contacted, of those who answered that question in the period."),
            RATED,
            Q(said_contacted=True),
            Q(said_contacted__isnull=False),
        ),
        Measure(
            "resolution",
            _("Resolution rate"),
            _("Reporters who say it is solved, of those who answered that question in the period."),
            RATED,
            Q(said_solved=True),
            Q(said_solved__isnull=False),
        ),
        Measure(
            "satisfaction",
            _("Satisfaction rate"),
            _("Reporters who say they are satisfied, of those who answered that question in the period."),
            RATED,
            Q(said_satisfied=True),
            Q(said_satisfied__isnull=False),
        ),
        # Handling
        Measure(
            "handled",
            _("Handling rate"),
            _("Cases that are resolved by now, of those due in the period."),
            DUE,
            Q(resolved_at__isnull=False),
        ),
        Measure(
            "on_time",
            _("On-time handling rate"),
            _("Cases resolved by their deadline, of those due in the period."),
            DUE,
            IN_TIME,
        ),
        Measure(
            "overdue_pending",
            _("Overdue and pending"),
            _("Cases past their deadline that are not resolved by now, of those due in the period."),
            DUE,
            Q(stage__in=UNSOLVED, resolved_at__isnull=True),  # what is among the due and open has passed its deadline
            is_better_high=False,
        ),
        Measure(
            "extended",
            _("Extension rate"),
            _("Cases whose deadline was ever extended, of those due in the period."),
            DUE,
            EXTENDED,
            is_better_high=False,
        ),
        Measure(
            "closed",
            _("Closing rate"),
            _("Cases that are closed by now, of those due in the period."),
            DUE,
            Q(closed_at__isnull=False),
        ),
        Measure(
            "closed_on_time",
            _("On-time closing rate"),
            _("Cases resolved by their deadline and closed by now, of those due in the period."),
            DUE,
            IN_TIME & Q(closed_at__isnull=False),
        ),
        Measure(
            "closed_late",
            _("Late closing rate"),
            _("Cases resolved after their deadline and closed by now, of those due in the period."),
            DUE,
            Q(resolved_at__gt=F("resolve_due_at"), closed_at__isnull=False),
            is_better_high=False,
        ),
        Measure(
            "reworked",
            _("Rework rate"),
            _("Cases sent back by a check at least once, of those due in the period."),
            DUE,
            Q(reworks__gte=1),
            is_better_high=False,
        ),
        # Before the work
        Measure(
            "signed_on_time",
            _("On-time signing rate"),
            _("Cases signed for by the deadline, of those whose deadline to sign lies in the period."),
            TO_SIGN,
            Q(signed_at__lte=F("sign_due_at")),
        ),
        Measure(
            "contacted_on_time",
            _("On-time contact rate"),
            _("Cases whose reporter was contacted by the deadline, of those whose deadline lies in the period."),
            TO_CONTACT,
            Q(contacted_at__lte=F("contact_due_at")),
        ),
        Measure(
            "dispatched_right",
            _("Correct-dispatch rate"),
            _("Cases that no party has returned, of those opened in the period that a party was given."),
            DISPATCHED,
            Q(returns=0),
        ),
        Measure(
            "valid",
            _("Valid-report rate"),
            _("Cases that were not declared void, of those reported in the period; duplicates are valid."),
            REPORTED,
            ~Q(stage=Case.Stage.VOID) | Q(main_case__isnull=False),
        ),
        # How long it took, in natural time: nights and days off included
        Measure(
            "opening_time",
            _("Mean time to open"),
            _("From report to opening, nights and days off included, on average of what was opened in the period."),
            OPENED,
            is_better_high=False,
            taken=_time("reported_at", "opened_at"),
        ),
        Measure(
            "handling_time",
            _("Mean handling time"),
            _("From opening or last reopening, nights and days off included, on average of what was resolved then."),
            RESOLVED,
            is_better_high=False,
            taken=_time(Coalesce("reopened_at", "opened_at", "reported_at"), "resolved_at"),
        ),
    )
}


def figures(cases: CaseQuerySet, period: Period, measures: Iterable[Measure] = ()) -> list[Figure]:
    """What these measures, or all, come to among these cases, in one query for each base."""
    asked = list(measures) or list(MEASURES.values())
    found: dict[str, Figure] = {}
    for base, several in by_base(asked).items():
        counts = base.cases(cases, period).aggregate(**counts_of(several))
        found |= {measure.key: figure_of(measure, counts) for measure in several}
    return [found[measure.key] for measure in asked]


def by_base(measures: Iterable[Measure]) -> dict[Base, list[Measure]]:
    """Measures that are counted by the same query."""
    grouped: dict[Base, list[Measure]] = {}
    for measure in measures:
        grouped.setdefault(measure.base, []).append(measure)
    return grouped


def counts_of(measures: Iterable[Measure]) -> dict[str, Aggregate]:
    """The two numbers of each measure of one base, for `figure_of`."""
    counts: dict[str, Aggregate] = {}
    for measure in measures:
        counts[f"{measure.key}_d"] = Count("pk", filter=measure.among)
        counted = Q(measure.among) & Q(measure.counted)
        counts[f"{measure.key}_n"] = Sum(measure.taken) if measure.taken else Count("pk", filter=counted)
    return counts


def figure_of(measure: Measure, counts: Mapping[str, Any]) -> Figure:
    """The figure of a measure from what `counts_of` has counted."""
    counted = counts[f"{measure.key}_n"]
    if measure.taken:
        counted = round((counted or timedelta()).total_seconds())
    return Figure(measure, counted, counts[f"{measure.key}_d"])

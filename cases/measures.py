"""The figures by which handling is judged, each with the cases that are counted and those they are counted among.

The formulas are those of digital city management and of the hotlines; in practice their denominators differ and are
disputed, so each says in a sentence what it counts, and gives the lists behind both numbers. What is due (应处置,
应结案) is what falls due within the period: open cases that are not due yet are left out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Custody, Rating, TimeRequest
from cases.models.case import CaseQuerySet
from cases.workflow import UNSOLVED


@dataclass(frozen=True)
class Period:
    """From one instant to another, half open."""

    since: datetime
    until: datetime
    at: datetime = field(default_factory=timezone.now)  # when it is counted

    def due(self, field: str, done: str) -> Q:
        """Rows of which a deadline lies in the period, and has passed by now or was met before it had to be."""
        return self.has(field) & (Q(**{f"{field}__lt": self.at}) | Q(**{f"{done}__isnull": False}))

    def has(self, field: str) -> Q:
        """Rows of which a moment lies in the period."""
        return Q(**{f"{field}__gte": self.since, f"{field}__lt": self.until})


Base = Callable[[CaseQuerySet, Period], CaseQuerySet]


ALL = Q()


@dataclass(frozen=True)
class Measure:
    """A rate: `among` are the cases of the base that count at all, `counted` those of them that reach it."""

    key: str
    name: Promise
    definition: Promise
    base: Base
    counted: Q | Exists
    among: Q = ALL
    is_better_high: bool = True

    def denominator(self, cases: CaseQuerySet, period: Period) -> CaseQuerySet:
        """The cases among which it is counted."""
        return self.base(cases, period).filter(self.among)

    def numerator(self, cases: CaseQuerySet, period: Period) -> CaseQuerySet:
        """The cases that are counted."""
        return self.denominator(cases, period).filter(self.counted)


@dataclass(frozen=True)
class Figure:
    """What a measure comes to."""

    measure: Measure
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The rate; None where nothing could be counted, which is not 0."""
        return self.numerator / self.denominator if self.denominator else None


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
    """Cases that were rated in the period, with the answers of the last time."""
    ratings = Rating.objects.filter(period.has("at"), case=OuterRef("pk")).order_by("-at", "-pk")
    answers = {f"said_{name}": Subquery(ratings.values(name)[:1]) for name in ("contacted", "solved", "satisfied")}
    return cases.filter(Exists(ratings)).annotate(**answers)


def _resolved(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    return cases.filter(period.has("resolved_at")).exclude(stage=Case.Stage.VOID)


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
            _rated,
            Q(said_contacted=True),
            Q(said_contacted__isnull=False),
        ),
        Measure(
            "resolution",
            _("Resolution rate"),
            _("Reporters who say it is solved, of those who answered that question in the period."),
            _rated,
            Q(said_solved=True),
            Q(said_solved__isnull=False),
        ),
        Measure(
            "satisfaction",
            _("Satisfaction rate"),
            _("Reporters who say they are satisfied, of those who answered that question in the period."),
            _rated,
            Q(said_satisfied=True),
            Q(said_satisfied__isnull=False),
        ),
        # Handling
        Measure(
            "handled",
            _("Handling rate"),
            _("Cases that are resolved by now, of those due in the period."),
            _due,
            Q(resolved_at__isnull=False),
        ),
        Measure(
            "on_time",
            _("On-time handling rate"),
            _("Cases resolved by their deadline, of those due in the period."),
            _due,
            IN_TIME,
        ),
        Measure(
            "overdue_pending",
            _("Overdue and pending"),
            _("Cases past their deadline that are not resolved by now, of those due in the period."),
            _due,
            Q(stage__in=UNSOLVED, resolved_at__isnull=True),  # what is among the due and open has passed its deadline
            is_better_high=False,
        ),
        Measure(
            "extended",
            _("Extension rate"),
            _("Cases whose deadline was ever extended, of those due in the period."),
            _due,
            EXTENDED,
            is_better_high=False,
        ),
        Measure(
            "closed",
            _("Closing rate"),
            _("Cases that are closed by now, of those due in the period."),
            _due,
            Q(closed_at__isnull=False),
        ),
        Measure(
            "closed_on_time",
            _("On-time closing rate"),
            _("Cases resolved by their deadline and closed by now, of those due in the period."),
            _due,
            IN_TIME & Q(closed_at__isnull=False),
        ),
        Measure(
            "closed_late",
            _("Late closing rate"),
            _("Cases resolved after their deadline and closed by now, of those due in the period."),
            _due,
            Q(resolved_at__gt=F("resolve_due_at"), closed_at__isnull=False),
            is_better_high=False,
        ),
        Measure(
            "reworked",
            _("Rework rate"),
            _("Cases sent back by a check at least once, of those due in the period."),
            _due,
            Q(reworks__gte=1),
            is_better_high=False,
        ),
        # Before the work
        Measure(
            "signed_on_time",
            _("On-time signing rate"),
            _("Cases signed for by the deadline, of those whose deadline to sign lies in the period."),
            _to_sign,
            Q(signed_at__lte=F("sign_due_at")),
        ),
        Measure(
            "contacted_on_time",
            _("On-time contact rate"),
            _("Cases whose reporter was contacted by the deadline, of those whose deadline lies in the period."),
            _to_contact,
            Q(contacted_at__lte=F("contact_due_at")),
        ),
        Measure(
            "dispatched_right",
            _("Correct-dispatch rate"),
            _("Cases that no party has returned, of those opened in the period that a party was given."),
            _dispatched,
            Q(returns=0),
        ),
        Measure(
            "valid",
            _("Valid-report rate"),
            _("Cases that were not declared void, of those reported in the period; duplicates are valid."),
            _reported,
            ~Q(stage=Case.Stage.VOID) | Q(main_case__isnull=False),
        ),
    )
}


def figures(cases: CaseQuerySet, period: Period) -> list[Figure]:
    """What all measures come to among these cases, in one query for each base."""
    found = {}
    for base, measures in _by_base(MEASURES.values()).items():
        counts = base(cases, period).aggregate(**_counts(measures))
        for measure in measures:
            found[measure.key] = Figure(measure, counts[f"{measure.key}_n"], counts[f"{measure.key}_d"])
    return [found[key] for key in MEASURES]


def mean_opening_time(cases: CaseQuerySet, period: Period) -> timedelta | None:
    """From the report to the opening, on average of what was opened in the period, in natural time (平均受理时长)."""
    taken = ExpressionWrapper(F("opened_at") - F("reported_at"), output_field=DurationField())
    mean: timedelta | None = cases.filter(period.has("opened_at")).aggregate(mean=Avg(taken))["mean"]
    return mean


def mean_handling_time(cases: CaseQuerySet, period: Period) -> timedelta | None:
    """From opening, or the last reopening, to being resolved, on average of what was resolved in the period.

    In natural time (平均处置时长); None where nothing was.
    """
    taken = ExpressionWrapper(F("resolved_at") - F("began"), output_field=DurationField())
    from_start = _resolved(cases, period).annotate(began=_began())
    mean: timedelta | None = from_start.aggregate(mean=Avg(taken))["mean"]
    return mean


def _began() -> Coalesce:
    return Coalesce("reopened_at", "opened_at", "reported_at")


def _by_base(measures: Iterable[Measure]) -> dict[Base, list[Measure]]:
    grouped: dict[Base, list[Measure]] = {}
    for measure in measures:
        grouped.setdefault(measure.base, []).append(measure)
    return grouped


def _counts(measures: Sequence[Measure]) -> dict[str, Count]:
    counts = {}
    for measure in measures:
        counts[f"{measure.key}_d"] = Count("pk", filter=measure.among)
        counts[f"{measure.key}_n"] = Count("pk", filter=Q(measure.among) & Q(measure.counted))
    return counts

"""Figures in groups: by party, need item, estate or month, each measure counted in all groups at one stroke."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.days import Days
from cases.measures import Figure, Measure, Period, by_base, counts_of, figure_of
from cases.models.case import CaseQuerySet
from cases.worktime import ZONE
from stakeholders.models import Estate, NeedItem, Party


class By(TextChoices):
    PARTY = "party", _("party")
    NEED_ITEM = "need_item", _("need item")
    ESTATE = "estate", _("estate")
    MONTH = "month", _("month")


@dataclass(frozen=True)
class Group:
    """The figures of one group: its code and name, none for the cases that have no party, item or estate."""

    code: str | None
    name: str | None
    figures: list[Figure]


# The field of a case that puts it into a group. By party it is the one that leads it now, or led it last.
FIELDS: Mapping[By, tuple[str, type[Estate | NeedItem | Party]]] = {
    By.PARTY: ("lead", Party),
    By.NEED_ITEM: ("need_item", NeedItem),
    By.ESTATE: ("estate", Estate),
}


def breakdown(cases: CaseQuerySet, period: Period, measures: Iterable[Measure], by: By) -> list[Group]:
    """What these measures come to in each group that has a case of any of them, in one query for each base.

    Groups are in the order of their codes, the one without a code last. By month there is one for each month of the
    period, and a month counts as if it were asked for alone: of reporters who answered in two months, both answers
    count.
    """
    measures = list(measures)
    named: dict[Any, tuple[str | None, str | None]]
    if by == By.MONTH:
        counted = _counted(cases, replace(period, by_month=True), measures, By.MONTH)
        named = {begins: (f"{begins:%Y-%m}", f"{begins:%Y-%m}") for begins, _ends in months_of(period)}
    else:
        field, model = FIELDS[by]
        counted = _counted(cases, period, measures, field)
        known: Any = model._default_manager.in_bulk([each for each in counted if each is not None])
        rows = sorted(known.items(), key=lambda item: item[1].code)
        named = {key: (each.code, str(each)) for key, each in rows}
        if None in counted:
            named[None] = (None, None)
    nothing = {name: 0 for measure in measures for name in (f"{measure.key}_n", f"{measure.key}_d")}
    return [
        Group(code, name, [figure_of(each, nothing | counted.get(key, {})) for each in measures])
        for key, (code, name) in named.items()
    ]


def months_of(period: Period) -> list[tuple[datetime, datetime]]:
    """The months that a period touches, whole: from the first moment of each to the first of the next."""
    first, last = (timezone.localtime(each, ZONE) for each in (period.since, period.until - timedelta(microseconds=1)))
    return [
        (_first_of(number), _first_of(number + 1))
        for number in range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    ]


def clipped(days: Days, month: str) -> Days:
    """The days of a period that lie in a month such as `2026-11`."""
    begins = date.fromisoformat(f"{month}-01")
    ends = (begins + timedelta(days=31)).replace(day=1)
    return Days(max(days.since, begins), min(days.until, ends))


def _first_of(number: int) -> datetime:
    """The first moment of a month, counted from the year 0."""
    return datetime.combine(date(number // 12, number % 12 + 1, 1), datetime.min.time(), ZONE)


def _counted(cases: CaseQuerySet, period: Period, measures: Iterable[Measure], field: str) -> dict[Any, dict[str, Any]]:
    """The numbers of each group, by what puts a case into it."""
    found: dict[Any, dict[str, Any]] = {}
    for base, several in by_base(measures).items():
        groups = base.cases(cases, period).order_by().values_list(field)
        names, counts = zip(*counts_of(several).items(), strict=True)
        for key, *numbers in groups.annotate(**dict(zip(names, counts, strict=True))):
            found.setdefault(key, {}).update(zip(names, numbers, strict=True))
    return found

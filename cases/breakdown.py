"""Figures in groups: by party, need item, estate or month, each measure counted in all groups at one stroke."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.days import Days, month_of
from cases.measures import Figure, Measure, Period, by_base, counts_of, figure_of
from cases.models.case import CaseQuerySet
from stakeholders.models import Estate, NeedItem, Party


class By(TextChoices):
    PARTY = "party", _("party")
    NEED_ITEM = "need_item", _("need item")
    ESTATE = "estate", _("estate")
    MONTH = "month", _("month")


@dataclass(frozen=True)
class Group:
    """The figures of one group: its code and name, none for the cases that have no party, item or estate, and the days
    in which they were counted.
    """

    code: str | None
    name: str | None
    days: Days
    figures: list[Figure]


# The field of a case that puts it into a group. By party it is the one that leads it now, or led it last.
FIELDS: Mapping[By, tuple[str, type[Estate | NeedItem | Party]]] = {
    By.PARTY: ("lead", Party),
    By.NEED_ITEM: ("need_item", NeedItem),
    By.ESTATE: ("estate", Estate),
}


def breakdown(
    cases: CaseQuerySet, days: Days, measures: Iterable[Measure], by: By, *, at: datetime | None = None
) -> list[Group]:
    """What these measures come to in each group that has a case of any of them, in one query for each base.

    They are counted as things stand at `at`, which is now. Groups are in the order of their codes, the one without a
    code last. By month there is one for each month of the days, and a month counts as if it were asked for alone: of
    reporters who answered in two months, both answers count.
    """
    measures, period = list(measures), replace(days.period, at=at or timezone.now())
    named: dict[Any, tuple[str | None, str | None, Days]]
    if by == By.MONTH:
        counted = _counted(cases, replace(period, by_month=True), measures, By.MONTH)
        months = {f"{month.since:%Y-%m}": month for month in days.months()}
        named = {month_of(month.since).period.since: (code, code, month) for code, month in months.items()}
    else:
        field, model = FIELDS[by]
        counted = _counted(cases, period, measures, field)
        known: Any = model._default_manager.in_bulk([each for each in counted if each is not None])
        rows = sorted(known.items(), key=lambda item: item[1].code)
        named = {key: (each.code, str(each), days) for key, each in rows}
        if None in counted:
            named[None] = (None, None, days)
    nothing = {name: 0 for measure in measures for name in (f"{measure.key}_n", f"{measure.key}_d")}
    return [
        Group(*told, [figure_of(each, nothing | counted.get(key, {})) for each in measures])
        for key, told in named.items()
    ]


def _counted(cases: CaseQuerySet, period: Period, measures: Iterable[Measure], field: str) -> dict[Any, dict[str, Any]]:
    """The numbers of each group, by what puts a case into it."""
    found: dict[Any, dict[str, Any]] = {}
    for base, several in by_base(measures).items():
        groups = base.cases(cases, period).order_by().values_list(field)
        names, counts = zip(*counts_of(several).items(), strict=True)
        for key, *numbers in groups.annotate(**dict(zip(names, counts, strict=True))):
            found.setdefault(key, {}).update(zip(names, numbers, strict=True))
    return found

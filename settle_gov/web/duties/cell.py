"""One cell of the matrix: who answers for one item at one estate, on which papers, and where buildings differ."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.models import Case
from settle_gov.web.duties.forms import DayForm
from settle_gov.web.duties.marks import Mark, mark_of
from settle_gov.web.duties.past import past_of
from settle_gov.web.duties.scope import estates_of, moment_of
from settle_gov.web.duties.words import sentence
from stakeholders import ledger
from stakeholders.coverage import Answer
from stakeholders.models import Estate, Mandate, NeedItem, Party, Ruling
from stakeholders.policies import can_see_duties, require
from stakeholders.views.member import MemberRequest, member_required

SHOWN_CASES = 10
SCOPES = ("area", "estate", "building__estate", "need_class", "need_item")


@dataclass(frozen=True)
class Place:
    """Places of the estate that have the same answer: the common area, buildings."""

    mark: Mark
    names: list[str]
    parties: list[str]
    building: int | None  # the first of them; None is the common area

    @property
    def where(self) -> str:
        """The names of the places."""
        return _(", ").join(self.names)

    @property
    def sentence(self) -> str:
        """Who answers there."""
        return sentence(self.mark, self.parties)


@dataclass(frozen=True)
class Paper:
    """A mandate or a ruling, with the days on which it holds."""

    record: Mandate | Ruling

    @property
    def first_day(self) -> date:
        """The day it begins."""
        return timezone.localdate(self.record.valid_from)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds: an end at midnight belongs to the day before."""
        until = self.record.valid_until
        return timezone.localdate(until - timedelta(microseconds=1)) if until else None


@require_safe
@member_required
def cell(request: MemberRequest, estate_code: str, item_code: str) -> HttpResponse:
    """Show one cell on a day; a day that makes no sense is named, and today stands in for it."""
    require(can_see_duties(request.membership))
    estate = get_object_or_404(estates_of(request.membership), code=estate_code)
    item = get_object_or_404(NeedItem.objects.select_related("need_class"), code=item_code)
    form = DayForm(request.GET)
    form.is_valid()
    at = moment_of(form.day)
    answers = _answers(estate, item, at)
    places = _places(answers)  # the first one holds the state that the matrix shows
    papers = {pk for *_place, answer in answers for pk in answer.mandates}
    decisions = {answer.ruling for *_place, answer in answers if answer.ruling}
    mandates = Mandate.objects.filter(pk__in=papers).select_related("party", *SCOPES).order_by("party")
    rulings = Ruling.objects.filter(pk__in=decisions).select_related("lead", *SCOPES).order_by("-decided_at")
    opened = Case.objects.visible_to(request.membership).open().filter(estate=estate, need_item=item)
    context = {
        "form": form,
        "estate": estate,
        "item": item,
        "day": (form.day or timezone.localdate()).isoformat(),
        "kept": QueryDict(),
        "at": f"?at={form.day.isoformat()}" if form.day else "",
        "worst": places[0],
        "past": past_of(estate, places[0].building, item, at),
        "places": places,
        "mandates": [Paper(mandate) for mandate in sorted(mandates, key=_weight)],
        "rulings": [Paper(ruling) for ruling in rulings],
        "cases": opened.for_list()[:SHOWN_CASES],
        "open_cases": opened.count(),
    }
    return render(request, "duties/cell.html", context, status=422 if form.errors else 200)


def _weight(mandate: Mandate) -> int:
    """Who leads comes first, who disclaims last."""
    return list(Mandate.Role).index(Mandate.Role(mandate.role))


def _answers(estate: Estate, item: NeedItem, at: datetime) -> list[tuple[str, int | None, Answer]]:
    """The answer for the common area and for each building, with name and id of the place, in three queries."""
    known = ledger.ledger_at(at, estates=[estate])
    buildings = estate.buildings.order_by("code")
    return [
        (_("Common area"), None, known.answer(estate, None, item)),
        *((building.name, building.pk, known.answer(estate, building.pk, item)) for building in buildings),
    ]


def _places(answers: Sequence[tuple[str, int | None, Answer]]) -> list[Place]:
    """Put places with the same answer together, the worst first."""
    alike: dict[tuple[Mark, tuple[int, ...]], list[tuple[str, int | None]]] = defaultdict(list)
    for name, building, answer in answers:
        mark = mark_of(answer.state, is_ruled=answer.ruling is not None)
        alike[mark, answer.leads or answer.backstops].append((name, building))
    parties = Party.objects.in_bulk({pk for _mark, leads in alike for pk in leads})
    ranked = sorted(alike.items(), key=lambda group: list(Mark).index(group[0][0]))
    return [
        Place(mark, [name for name, _building in places], [str(parties[pk]) for pk in leads], places[0][1])
        for (mark, leads), places in ranked
    ]

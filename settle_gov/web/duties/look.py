"""A cell as somebody looks at it: on a day, as known on a day, at one place of the estate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case
from cases.models.case import CaseQuerySet
from settle_gov.web.duties.bars import TimeLine, time_line
from settle_gov.web.duties.forms import DayForm
from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.papers import Paper, Papers, papers_of
from settle_gov.web.duties.past import Past, Stretch, past_of
from settle_gov.web.duties.places import Place, Spot, places_of, spots_of
from settle_gov.web.duties.scope import estates_of
from stakeholders.coverage import Cell
from stakeholders.models import Estate, Membership, NeedItem
from stakeholders.views.member import MemberRequest

_ONE_LEADS = (Mark.CLEAR, Mark.RULED)


class LookForm(DayForm):
    """A day, when that was known, and a place; what makes no sense is named, and what is usual stands in for it."""

    building = forms.CharField(label=gettext_lazy("Building"), required=False)

    def __init__(self, asked: Any, *, spots: Sequence[Spot]) -> None:
        super().__init__(asked)
        self._spots = {spot.code: spot for spot in spots}

    def clean_building(self) -> Spot | None:
        """Find the place; an empty value means the common area, none at all whichever place is worst."""
        if "building" not in self.data:
            return None
        spot = self._spots.get(self.cleaned_data["building"])
        if spot is None:
            raise ValidationError(_("There is no such building here. You see the place that stands worst."))
        return spot

    @property
    def spot(self) -> Spot | None:
        """The place that is asked for."""
        spot: Spot | None = self.cleaned_data.get("building")
        return spot

    @property
    def kept(self) -> QueryDict:
        """What links keep of what was asked, as far as it made sense."""
        kept = super().kept
        if self.spot is not None:
            kept["building"] = self.spot.code
        return kept

    @property
    def is_today(self) -> bool:
        """Whether the cell is looked at as it stands now, by what is known now."""
        return self.day is None and self.known_moment is None

    def spot_among(self, places: Sequence[Place]) -> tuple[Place, Spot]:
        """The place that is looked at, with all those that stand alike."""
        if self.spot is None:
            return places[0], places[0].spots[0]
        return next(place for place in places if self.spot in place.spots), self.spot


@dataclass(frozen=True)
class Look:
    """A cell as somebody looks at it: on a day, as known on a day, at one of its places."""

    estate: Estate
    item: NeedItem
    form: LookForm
    past: Past
    places: list[Place]  # the first one holds the state that the matrix shows
    place: Place
    spot: Spot
    papers: Papers = field(repr=False)

    @cached_property
    def stretches(self) -> list[Stretch]:
        """How the place stood and will stand, the latest first."""
        return self.past.of(self.spot.key)

    @cached_property
    def present(self) -> Stretch:
        """The stretch in which the moment looked at lies."""
        return next(stretch for stretch in self.stretches if stretch.holds_at(self.past.at))

    @property
    def first_day(self) -> date | None:
        """Since when it has been a gap, or the present party has answered; where a ruling says so, since it has."""
        first = self.begun
        if first.mark is Mark.CLEAR:
            earlier = self.stretches[self.stretches.index(first) :]
            alike = takewhile(lambda each: each.mark in _ONE_LEADS and each.parties == first.parties, earlier)
            *_later, first = alike
        return first.first_day

    @cached_property
    def begun(self) -> Stretch:
        """The first of the neighbouring stretches with the same kind of gap, whoever stood for it."""
        begun = self.present
        if begun.mark in _ONE_LEADS:
            return begun
        for stretch in self.stretches[self.stretches.index(begun) + 1 :]:
            if stretch.mark is not begun.mark:
                break
            begun = stretch
        return begun

    @property
    def days(self) -> int | None:
        """For how many days the state has held."""
        return (self.past.at - self.begun.since).days if self.begun.since else None

    @cached_property
    def papers_here(self) -> list[Paper]:
        """The papers that count for the place."""
        building, item = self.spot.key or None, self.item
        return self.papers.about(Cell(self.estate.area_id, self.estate.pk, building, item.need_class_id, item.pk))

    @cached_property
    def line(self) -> TimeLine:
        """The drawing."""
        return time_line(self.papers_here, self.stretches, self.past.at)

    @property
    def spots(self) -> list[Spot]:
        """What the heading names: the place that was asked for, else all that stand alike."""
        return self.place.spots if self.form.spot is None else [self.spot]

    @property
    def is_of_all_places(self) -> bool:
        """Whether that is the whole estate."""
        return self.form.spot is None and self.place.is_everywhere

    def cases_of_the_estate(self, by: Membership) -> CaseQuerySet:
        """The open cases about the item, wherever in the estate, as far as the actor sees them."""
        return Case.objects.visible_to(by).open().filter(estate=self.estate, need_item=self.item)

    def cases(self, by: Membership) -> CaseQuerySet:
        """The open cases that hang on the places of the heading, as far as the actor sees them."""
        return self.cases_of_the_estate(by).filter(self.is_here)

    @property
    def is_here(self) -> Q:
        """What holds for cases at the places of the heading."""
        is_common = Q(building__isnull=True) if any(spot.building is None for spot in self.spots) else Q(pk__in=[])
        return is_common | Q(building__in=[spot.building for spot in self.spots if spot.building])


def look_at(request: MemberRequest, estate_code: str, item_code: str) -> Look:
    """Read what there is to see of a cell; 404 for who does not see the estate."""
    estate = get_object_or_404(estates_of(request.membership), code=estate_code)
    item = get_object_or_404(NeedItem.objects.select_related("need_class"), code=item_code)
    spots = spots_of(estate)
    form = LookForm(request.GET, spots=spots)
    form.is_valid()
    past = past_of(estate, item, form.moment, form.known_moment)
    places = places_of(spots, past)
    place, spot = form.spot_among(places)
    papers = papers_of(estate, item, form.moment, form.known_moment)
    return Look(estate, item, form, past, places, place, spot, papers)

"""Cells one by one: who leads, supports and stands behind for an item at a place, and since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response

from stakeholders import policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Codes
from stakeholders.api.matrix import DayOrInstant
from stakeholders.api.parameters import refuse_strangers
from stakeholders.cells import PlaceCell, cells_of
from stakeholders.coverage import State
from stakeholders.models import Building, Estate, NeedItem, Party

MOST_ESTATES = 20  # whose places one answer tells; the matrix tells more, but less of each


class CoverageQuery(StrictBody):
    """Which places and items, at which moment, as known when."""

    estate = Codes(Estate.objects.all(), required=False)
    building = Codes(Building.objects.select_related("estate"), required=False)
    need_item = Codes(NeedItem.objects.all(), required=False)
    at = DayOrInstant(required=False)
    as_known_on = DayOrInstant(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Some estates or buildings must be named, not too many, and none that contradict each other."""
        estates = attrs.get("estate") or [building.estate for building in attrs.get("building", ())]
        attrs["estates"] = list({estate.pk: estate for estate in estates}.values())
        if not estates:
            refusal = ErrorDetail(_("Name an estate or a building."), code="required")
            raise serializers.ValidationError({"estate": [refusal]})
        if len(attrs["estates"]) > MOST_ESTATES:
            words = _("Ask about %(most)d estates at most.") % {"most": MOST_ESTATES}
            name = "estate" if "estate" in attrs else "building"
            raise serializers.ValidationError({name: [ErrorDetail(words, code="too_many")]})
        inside = {estate.pk for estate in attrs["estates"]}
        if outside := [each.code for each in attrs.get("building", ()) if each.estate_id not in inside]:
            words = _("“%(code)s” is in none of these estates.") % {"code": outside[0]}
            raise serializers.ValidationError({"building": [ErrorDetail(words, code="elsewhere")]})
        return attrs


class CellSerializer(serializers.Serializer[Any]):
    """How one place stands for one item; no building is the common area, no `since` is before all records."""

    estate = serializers.CharField()
    building = serializers.CharField(allow_null=True)
    need_item = serializers.CharField()
    state = serializers.ChoiceField(choices=[each.value for each in State])
    leads = serializers.ListField(child=serializers.CharField())
    supports = serializers.ListField(child=serializers.CharField())
    backstops = serializers.ListField(child=serializers.CharField())
    ruling = serializers.IntegerField(allow_null=True)
    since = serializers.DateTimeField(allow_null=True)


class CoverageSerializer(serializers.Serializer[Any]):
    """The moment that was asked about, as it was known when, and the cells."""

    at = serializers.DateTimeField()
    as_known_on = serializers.DateTimeField(allow_null=True)
    results = CellSerializer(many=True)


class Coverage(ActingView):
    """How each place of some estates stands for each item."""

    @extend_schema(parameters=[CoverageQuery], responses=CoverageSerializer)
    def get(self, request: MemberRequest) -> Response:
        """Answer for now, or for `at` as the ledger stood on `as_known_on`."""
        policies.require(policies.can_see_duties(self.actor))
        refuse_strangers(request, set(CoverageQuery().fields))
        asked = values_of(CoverageQuery, request.query_params.dict(), self.get_serializer_context())
        at, as_known_on = asked.get("at") or timezone.now(), asked.get("as_known_on")
        items = asked.get("need_item") or list(NeedItem.objects.all())
        cells = list(cells_of(asked["estates"], items, at, as_known_on=as_known_on))
        if "building" in asked:
            wanted = {building.pk for building in asked["building"]}
            cells = [cell for cell in cells if cell.place.building in wanted]
        codes = _Codes.of(asked["estates"], items, cells)
        return Response(
            {"at": _written(at), "as_known_on": _written(as_known_on), "results": [codes.row(each) for each in cells]}
        )


@dataclass(frozen=True)
class _Codes:
    """The public codes of all that some cells name, and the cells in the words of the contract."""

    estates: dict[int, str]
    buildings: dict[int, str]
    items: dict[int, str]
    parties: dict[int, str]

    @classmethod
    def of(cls, estates: Sequence[Estate], items: Sequence[NeedItem], cells: Iterable[PlaceCell]) -> "_Codes":
        """Read them, in two queries."""
        answers = {each.answer for each in cells}
        named = {pk for answer in answers for pk in (*answer.leads, *answer.supports, *answer.backstops)}
        return cls(
            {estate.pk: estate.code for estate in estates},
            dict(Building.objects.filter(estate__in=estates).values_list("pk", "code")),
            {item.pk: item.code for item in items},
            dict(Party.objects.filter(pk__in=named).values_list("pk", "code")),
        )

    def row(self, cell: PlaceCell) -> dict[str, Any]:
        """One cell; no building is the common area, no `since` is before all records."""
        answer = cell.answer
        return {
            "estate": self.estates[cell.place.estate],
            "building": self.buildings.get(cell.place.building),
            "need_item": self.items[cell.item.need_item],
            "state": answer.state,
            "leads": self._named(answer.leads),
            "supports": self._named(answer.supports),
            "backstops": self._named(answer.backstops),
            "ruling": answer.ruling,
            "since": _written(cell.since),
        }

    def _named(self, parties: Iterable[int]) -> list[str]:
        return sorted(self.parties[pk] for pk in parties)


@lru_cache(1024)
def _written(moment: datetime | None) -> Any:
    return serializers.DateTimeField().to_representation(moment) if moment else None

"""The figures by which handling is judged, as a whole or in groups, each with the lists behind both of its numbers."""

from collections.abc import Mapping
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.utils import translate_validation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cases.api.period import PeriodAnswer, PeriodQuery
from cases.breakdown import FIELDS, By, Group, breakdown
from cases.days import Days
from cases.filters import CaseFilter
from cases.measured import Measured
from cases.measures import MEASURES, Figure, Unit, figures
from cases.models import Case
from cases.policies import can_see_figures
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import values_of
from stakeholders.api.fields import Text
from stakeholders.api.parameters import refuse_strangers
from stakeholders.policies import require

NARROWED_BY = ("area", "estate", "building", "lead", "need_class", "need_item", "urgency", "channel")
MOST_FIGURES = 5_000  # in one answer, some three megabytes


class Keys(Text):
    """Keys of measures separated by commas."""

    default_error_messages = {"unknown": gettext_lazy("There is no measure “{value}”.")}

    def to_internal_value(self, data: Any) -> Any:
        """Find them, in the order in which they always stand."""
        asked = set(super().to_internal_value(data).split(","))
        for key in sorted(asked - set(MEASURES)):
            self.fail("unknown", value=key)
        return [each for key, each in MEASURES.items() if key in asked]


class StatisticsQuery(PeriodQuery):
    """Which figures, in which groups, of which cases."""

    by = serializers.ChoiceField(choices=By.choices, required=False)
    measure = Keys(required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add what the cases can be narrowed by: the filters of the list of cases, with the same names."""
        return {**super().get_fields(), **{name: Text(required=False) for name in NARROWED_BY}}


class FigureSerializer(serializers.Serializer[Any]):
    """A rate, or a mean in seconds; a value that is null is of no cases at all, which is not 0."""

    measure = serializers.ChoiceField(choices=list(MEASURES))
    name = serializers.CharField()
    unit = serializers.ChoiceField(choices=Unit.choices)
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    definition = serializers.CharField()
    cases_url = serializers.URLField()  # of the numerator
    among_url = serializers.URLField()  # of the denominator


class GroupSerializer(serializers.Serializer[Any]):
    """A group and its figures; it has no code where the cases have no such thing, or were not grouped."""

    group = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    figures = FigureSerializer(many=True)


class StatisticsSerializer(PeriodAnswer):
    """The period, the moment at which it was counted, and the figures."""

    at = serializers.DateTimeField()
    by = serializers.ChoiceField(choices=By.choices, allow_null=True)
    results = GroupSerializer(many=True)


class Statistics(ActingView):
    """What handling comes to among the cases that the actor sees."""

    @extend_schema(parameters=[StatisticsQuery], responses=StatisticsSerializer)
    def get(self, request: MemberRequest) -> Response:
        """Count; each figure names the very cases."""
        require(can_see_figures(self.actor))
        refuse_strangers(request, set(StatisticsQuery().fields))
        asked = values_of(StatisticsQuery, request.query_params.dict(), self.get_serializer_context())
        narrowed = {name: asked[name] for name in NARROWED_BY if name in asked}
        filters = CaseFilter(narrowed, queryset=Case.objects.visible_to(self.actor), request=request)
        if not filters.is_valid():
            raise translate_validation(filters.errors)
        days: Days = asked["days"]
        period, by = days.period, asked.get("by")
        measures = asked.get("measure", list(MEASURES.values()))
        if by is None:
            groups = [Group(None, None, days, figures(filters.qs, period, measures))]
        else:
            if by == By.MONTH:
                _refuse_too_many(len(days.months()) * len(measures))
            groups = breakdown(filters.qs, days, measures, By(by), at=period.at)
            _refuse_too_many(len(groups) * len(measures))
        links = _Links(reverse("api:cases", request=request), narrowed, by)
        told = {
            "days": days,
            "at": period.at,
            "by": by,
            "results": [
                {"group": each.code, "name": each.name, "figures": [links.shown(one, each) for one in each.figures]}
                for each in groups
            ],
        }
        return Response(StatisticsSerializer(told).data)


class _Links:
    """The addresses of the lists behind figures."""

    def __init__(self, cases: str, narrowed: Mapping[str, str], by: str | None) -> None:
        self._cases, self._narrowed, self._by = cases, narrowed, by

    def shown(self, figure: Figure, group: Group) -> dict[str, Any]:
        """A figure in the words of the contract."""
        measure = figure.measure
        return {
            "measure": measure.key,
            "name": measure.name,
            "unit": measure.unit,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "value": figure.value,
            "definition": measure.definition,
            "cases_url": self._address(figure, "numerator", group),
            "among_url": self._address(figure, "denominator", group),
        }

    def _address(self, figure: Figure, part: str, group: Group) -> str:
        asked = dict(self._narrowed)
        if self._by and self._by != By.MONTH:
            field, _model = FIELDS[By(self._by)]
            asked |= {field: group.code} if group.code else {f"{field}__isnull": "true"}
        asked["measured"] = Measured(figure.measure, part, group.days).key
        return f"{self._cases}?{urlencode(asked)}"


def _refuse_too_many(count: int) -> None:
    if count > MOST_FIGURES:
        words = _("That would be %(count)d figures, and %(most)d go into an answer. Name fewer measures or cases.")
        refusal = ErrorDetail(words % {"count": count, "most": MOST_FIGURES}, code="too_many")
        raise serializers.ValidationError({"by": [refusal]})

"""The responsibility matrix: estates × items at a glance, for any moment and any state of knowledge."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from stakeholders import ledger, policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody
from stakeholders.api.fields import Instant, Reference, Text
from stakeholders.api.parameters import refuse_strangers
from stakeholders.api.serializers import MatrixCellSerializer
from stakeholders.models import Area, Estate, NeedItem
from stakeholders.years import is_meant


class DayOrInstant(Instant):
    """A moment with its offset, or a date, which stands for the last moment of that day here."""

    default_error_messages = {
        "invalid": _("Give a date, or a moment with its offset, such as 2026-11-21T09:30:00+08:00."),
    }

    def to_internal_value(self, data: Any) -> datetime:
        """Take an address as it arrives: a plus sign that was not encoded is a space by now."""
        try:
            day = parse_date(data)
        except ValueError:
            day = None
        if day and not is_meant(day):
            self.fail("overflow")
        return super().to_internal_value(_end(day).isoformat() if day else data.replace(" ", "+"))


class MatrixQuery(StrictBody):
    """Which estates, at which moment, as known when."""

    estate = Text(required=False)
    area = Reference(Area.objects.all(), required=False)
    at = DayOrInstant(required=False)
    as_known_on = DayOrInstant(required=False)

    def validate_estate(self, codes: str) -> list[Estate]:
        """Look up codes separated by commas; each must be of an estate that the actor sees."""
        asked = codes.split(",")
        found = Estate.objects.visible_to(self.context["actor"]).in_bulk(asked, field_name="code")
        if missing := [code for code in asked if code not in found]:
            message = _("There is no “%(code)s” here.") % {"code": missing[0]}
            raise serializers.ValidationError(message, code="does_not_exist")
        return list(found.values())


class MatrixSerializer(serializers.Serializer[Any]):
    """The moment that was asked about, as it was known when, and the cells."""

    at = serializers.DateTimeField()
    as_known_on = serializers.DateTimeField(allow_null=True)
    results = MatrixCellSerializer(many=True)


class Matrix(ActingView):
    """Every estate × item that the actor sees: the worst state, and the number of places in each state."""

    @extend_schema(parameters=[MatrixQuery], responses=MatrixSerializer)
    def get(self, request: MemberRequest) -> Response:
        """Answer for now, or for `at` as the ledger stood on `as_known_on`."""
        policies.require(policies.can_see_duties(self.actor))
        refuse_strangers(request, set(MatrixQuery().fields))
        query = MatrixQuery(data=request.query_params.dict(), context=self.get_serializer_context())
        query.is_valid(raise_exception=True)
        asked: dict[str, Any] = query.validated_data
        at, as_known_on = asked.get("at") or timezone.now(), asked.get("as_known_on")
        estates = Estate.objects.visible_to(self.actor).order_by("area", "code")
        if "estate" in asked:
            estates = estates.filter(pk__in=[estate.pk for estate in asked["estate"]])
        if "area" in asked:
            estates = estates.filter(area__code__range=asked["area"].code_range)
        rows = ledger.matrix(estates, list(NeedItem.objects.all()), at, as_known_on)
        cells = MatrixCellSerializer([cell for row in rows for cell in row], many=True)
        moment = serializers.DateTimeField()
        known = moment.to_representation(as_known_on) if as_known_on else None
        return Response({"at": moment.to_representation(at), "as_known_on": known, "results": cells.data})


def _end(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))

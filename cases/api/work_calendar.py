"""The work calendar: the days of a year that are not as the weekday says, and whether all of them are announced."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cases.api.rules import OfRules
from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.services.confirm_work_calendar_year import confirm_work_calendar_year
from cases.services.set_work_calendar_day import set_work_calendar_day
from cases.services.withdraw_work_calendar_year import withdraw_work_calendar_year
from stakeholders.api.acting import MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Text
from stakeholders.api.parameters import refuse_strangers
from stakeholders.years import EARLIEST, LATEST, OUTSIDE

Kind = WorkCalendarDay.Kind


class WorkCalendarDaySerializer(serializers.ModelSerializer[WorkCalendarDay]):
    """A day, why it is so, and where that was read; both are empty for a plain day of the week."""

    reason = serializers.SerializerMethodField()
    source = serializers.CharField(source="source_words")  # type: ignore[assignment]  # the framework has another use

    class Meta:
        model = WorkCalendarDay
        fields = ["date", "kind", "reason", "source"]

    def get_reason(self, day: WorkCalendarDay) -> str:
        """What was said, or its kind in words; nothing for a plain day, which is not kept."""
        return day.reason if day.pk else ""


class YearSerializer(serializers.Serializer[Any]):
    """A year: whether its days off are announced, where, and the days that are not as the weekday says."""

    year = serializers.IntegerField()
    is_confirmed = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]  # the framework has another use for the name
    days = WorkCalendarDaySerializer(many=True)


class YearQuery(StrictBody):
    """A year that can be meant."""

    year = serializers.IntegerField(
        min_value=EARLIEST.year,
        max_value=LATEST.year,
        error_messages={"min_value": OUTSIDE, "max_value": OUTSIDE, "max_string_length": OUTSIDE},
    )


class DateQuery(StrictBody):
    """A day of the address."""

    date = serializers.DateField(input_formats=["%Y-%m-%d"])


class DayBody(StrictBody):
    """Whether a day is worked, and why."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    reason = Text(max_length=80, required=False)


class WorkCalendarOfYear(OfRules):
    """GET a year."""

    @extend_schema(parameters=[YearQuery], responses=YearSerializer)
    def get(self, request: MemberRequest) -> Response:
        """Answer with at most 366 days, first of January first."""
        refuse_strangers(request, {"year"})
        year: int = values_of(YearQuery, request.query_params.dict(), self.get_serializer_context())["year"]
        return Response(_of(year, WorkCalendarYear.objects.filter(year=year).first()))


class CorrectWorkCalendar(OfRules):
    """PATCH a day."""

    @extend_schema(request=DayBody, responses=WorkCalendarDaySerializer)
    def patch(self, request: MemberRequest, date: str) -> Response:
        """Say what a day is; one that is to be as its weekday says is an exception no longer."""
        context = self.get_serializer_context()
        on = values_of(DateQuery, {"date": date}, context)["date"]
        values = values_of(DayBody, request.data, context)
        return Response(WorkCalendarDaySerializer(set_work_calendar_day(on, **values, by=self.actor)).data)


class ConfirmWorkCalendarYear(OfRules):
    """POST that the days off of a year are announced and stand as they were."""

    @extend_schema(request=StrictBody, responses=YearSerializer)
    @transaction.atomic
    def post(self, request: MemberRequest, year: int) -> Response:
        """Confirm it, and answer with the year."""
        asked = values_of(YearQuery, {"year": year}, self.get_serializer_context())["year"]
        values_of(StrictBody, request.data, {})
        return Response(_of(asked, confirm_work_calendar_year(_found(asked), by=self.actor)))


class WithdrawWorkCalendarYear(OfRules):
    """POST that it was a mistake to confirm a year."""

    @extend_schema(request=StrictBody, responses=YearSerializer)
    @transaction.atomic
    def post(self, request: MemberRequest, year: int) -> Response:
        """Let it be provisional again, and answer with the year."""
        asked = values_of(YearQuery, {"year": year}, self.get_serializer_context())["year"]
        values_of(StrictBody, request.data, {})
        return Response(_of(asked, withdraw_work_calendar_year(_found(asked), by=self.actor)))


def _found(year: int) -> WorkCalendarYear:
    return WorkCalendarYear.objects.filter(year=year).first() or WorkCalendarYear(year=year)


def _of(year: int, found: WorkCalendarYear | None) -> dict[str, Any]:
    days = WorkCalendarDay.objects.filter(date__year=year).order_by("date")
    return {
        "year": year,
        "is_confirmed": found is not None and found.is_confirmed,
        "source": found.source_words if found is not None else "",
        "days": WorkCalendarDaySerializer(days, many=True).data,
    }

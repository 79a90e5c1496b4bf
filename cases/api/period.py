"""Questions about a stretch of days: `from` a day `until` before another, this month so far where none is named."""

from typing import Any

from rest_framework import serializers

from cases.days import Days, month_so_far
from stakeholders.api.bodies import StrictBody

DAY_FORMAT = "%Y-%m-%d"


class PeriodQuery(StrictBody):
    """From which day, until before which."""

    until = serializers.DateField(input_formats=[DAY_FORMAT], required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add the one whose name is a word of Python."""
        since = serializers.DateField(input_formats=[DAY_FORMAT], required=False)
        return {"from": since, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Make days of them."""
        so_far = month_so_far()
        days = Days(attrs.pop("from", so_far.since), attrs.pop("until", so_far.until))
        wrong = {"from" if name == "since" else name: words for name, words in days.complaints().items()}
        if wrong:
            raise serializers.ValidationError(wrong, code="period")
        return {"days": days, **attrs}


class PeriodAnswer(serializers.Serializer[Any]):
    """The days that an answer is about."""

    until = serializers.DateField(source="days.until")

    def get_fields(self) -> dict[str, Any]:
        """Add the one whose name is a word of Python."""
        return {"from": serializers.DateField(source="days.since"), **super().get_fields()}

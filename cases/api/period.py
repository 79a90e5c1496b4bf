"""Questions about a stretch of days: `from` a day `until` before another, this month so far where none is named."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from cases.days import EARLIEST, LATEST, Days, month_so_far
from stakeholders.api.bodies import StrictBody


class PeriodQuery(StrictBody):
    """From which day, until before which."""

    until = serializers.DateField(input_formats=["%Y-%m-%d"], required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add the one whose name is a word of Python."""
        since = serializers.DateField(input_formats=["%Y-%m-%d"], required=False)
        return {"from": since, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A period ends after it begins, in years that can be reckoned with."""
        so_far = month_so_far()
        days = Days(attrs.pop("from", so_far.since), attrs.pop("until", so_far.until))
        for name, day in (("from", days.since), ("until", days.until)):
            if not EARLIEST <= day <= LATEST:
                raise serializers.ValidationError({name: [ErrorDetail(_("Check the year."), code="year")]})
        if days.until <= days.since:
            refusal = ErrorDetail(_("The end must be later than the beginning."), code="order")
            raise serializers.ValidationError({"until": [refusal]})
        return {"days": days, **attrs}

"""What clients send about cases. Names and values end up as the keywords of a service, which knows the rules."""

from typing import Any

from rest_framework import serializers

from cases.attaching import MOST_PHOTOS
from cases.files import MAX_BYTES
from cases.models import Case
from cases.models.case import DESCRIPTION_LIMIT
from stakeholders.api.bodies import StrictBody
from stakeholders.api.fields import File, Flag, Instant, Reference, Text
from stakeholders.api.forms import Files
from stakeholders.models import Building, Estate, Household, NeedItem
from stakeholders.models.need import Urgency

# What the services go on to ask of a place and an item comes along, so that a case costs few queries.
ESTATES = Estate.objects.select_related("area")
BUILDINGS = Building.objects.select_related("estate__area", "grid")
PHOTOS = Files("photos", MAX_BYTES, MOST_PHOTOS)
ITEMS = NeedItem.objects.select_related("need_class")


class ReporterBody(StrictBody):
    """Who spoke up."""

    name = Text(source="reporter_name", max_length=40, required=False, allow_blank=True)
    phone = Text(source="reporter_phone", max_length=20, required=False, allow_blank=True)
    anonymous = Flag(source="reporter_is_anonymous", required=False)


class CorrectBody(StrictBody):
    """What is to be put right; what is left out stays."""

    title = Text(max_length=120, required=False)
    description = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)
    location_note = Text(max_length=200, required=False, allow_blank=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    household = Reference(Household.objects.all(), required=False, allow_null=True)
    external_id = Text(max_length=64, required=False, allow_blank=True)
    reporter = ReporterBody(source="*", required=False)
    reason = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)


class LogCaseBody(StrictBody):
    """A report to be made a case of."""

    title = Text(max_length=120)
    description = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)
    need_item = Reference(ITEMS, required=False, allow_null=True)
    estate = Reference(ESTATES, required=False)
    building = Reference(BUILDINGS, required=False, allow_null=True)
    household = Reference(Household.objects.all(), required=False, allow_null=True)
    location_note = Text(max_length=200, required=False, allow_blank=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    channel = serializers.ChoiceField(choices=Case.Channel.choices, default=Case.Channel.API)
    external_id = Text(max_length=64, required=False, allow_blank=True)
    reported_at = Instant(required=False)
    reporter = ReporterBody(source="*", required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """A building says which estate it is in."""
        return estate_of(self, values)


class WithPhotos(StrictBody):
    """What a report has beside it when it comes as a form; the service says what is wrong with a photo."""

    is_form = True

    photos = serializers.ListField(child=File(allow_empty_file=True), required=False, max_length=MOST_PHOTOS)


class LogCaseForm(WithPhotos, LogCaseBody):
    """The same report as a form, with photos."""


def estate_of(body: StrictBody, values: dict[str, Any]) -> dict[str, Any]:
    """Add the estate of the building where none is named. Raises ValidationError where there is neither."""
    if "estate" not in values:
        if values.get("building") is None:
            raise serializers.ValidationError({"estate": body.fields["estate"].error_messages["required"]}, "required")
        values["estate"] = values["building"].estate
    return values

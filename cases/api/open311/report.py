"""Reporting through GeoReport: a form of a program that acts for a member."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from cases.api.bodies import BUILDINGS, ESTATES, ITEMS
from cases.attaching import MOST_PHOTOS
from cases.models import Case
from cases.models.case import DESCRIPTION_LIMIT
from cases.services.log_case import log_case
from stakeholders.api.bodies import StrictBody
from stakeholders.api.fields import File, Reference, Text
from stakeholders.models import Membership

TITLE_LIMIT = 120
# What clients send and nothing here comes of: where a phone is says less than the code of a building
PASSED_BY = ("jurisdiction_id", "api_key", "deviceid", "device_id", "account_id", "email", "lat", "long")
CALLED = {"photos": "media", "title": "description"}  # what is wrong, in the words of GeoReport


class ReportForm(StrictBody):
    """A service request as clients send it. A place must be named by its code: `address_id`."""

    service_code = Reference(ITEMS)
    address_id = Text(max_length=40)
    description = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)
    address_string = Text(max_length=200, required=False, allow_blank=True)
    first_name = Text(max_length=20, required=False, allow_blank=True)
    last_name = Text(max_length=20, required=False, allow_blank=True)
    phone = Text(max_length=20, required=False, allow_blank=True)
    media_url = Text(max_length=2000, required=False, allow_blank=True)
    media = serializers.ListField(child=File(allow_empty_file=True), required=False, max_length=MOST_PHOTOS)

    def get_fields(self) -> dict[str, Any]:
        """Let what makes no difference be said."""
        return super().get_fields() | {name: Text(required=False, allow_blank=True) for name in PASSED_BY}

    def validate_address_id(self, code: str) -> dict[str, Any]:
        """A building, or an estate as a whole; what the actor cannot see is as unknown as what does not exist."""
        actor = self.context["actor"]
        if building := BUILDINGS.visible_to(actor).filter(code=code).first():
            return {"building": building, "estate": building.estate}
        if estate := ESTATES.visible_to(actor).filter(code=code).first():
            return {"estate": estate}
        raise serializers.ValidationError([ErrorDetail(_("There is no “%(code)s” here.") % {"code": code})])


def report(values: dict[str, Any], *, by: Membership) -> Case:
    """Log what a client has sent, with its files; a file that cannot be kept makes no case.

    `media_url` stays a text: nothing is fetched from where a stranger says.
    """
    text = values.get("description") or str(values["service_code"])
    more = [text, values.get("media_url", "")]
    try:
        return log_case(
            **values["address_id"],
            title=text.splitlines()[0][:TITLE_LIMIT],
            description="\n".join(filter(None, more)),
            need_item=values["service_code"],
            location_note=values.get("address_string", ""),
            channel=Case.Channel.OPEN311,
            reporter_name=values.get("last_name", "") + values.get("first_name", ""),  # the order of Chinese names
            reporter_phone=values.get("phone", ""),
            photos=values.get("media", ()),
            by=by,
        )
    except ValidationError as refusal:
        said = refusal.message_dict
        raise ValidationError({CALLED.get(name, name): said[name] for name in said}) from refusal

"""Cases in the words of GeoReport: what a service request says, and what one can ask of them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.workflow import ENDED
from stakeholders.api.bodies import StrictBody
from stakeholders.api.fields import Instant, Text
from stakeholders.models import Membership

WINDOW = timedelta(days=90)  # what is listed without a word about time, as GeoReport v2 has it
MOST_LISTED = 200
DEEPEST = 100_000  # rows that are passed over to come to a page; whoever wants more follows the change feed
SHOWN = ("need_item__need_class", "lead", "estate", "building")
GAPS = (Case.Responsibility.VACUUM, Case.Responsibility.MULTI_HEAD)


class Moment(Instant):
    """A moment in an address, where a plus sign that was not encoded is a space by now."""

    def to_internal_value(self, data: Any) -> Any:
        """Put the plus sign back."""
        return super().to_internal_value(data.replace(" ", "+", 1) if isinstance(data, str) else data)


class Several(Text):
    """Values separated by commas."""

    def to_internal_value(self, data: Any) -> Any:
        """Take them apart. None of them holds a NUL, which PostgreSQL would not even look for."""
        if isinstance(data, str) and "\0" in data:
            self.fail("invalid")
        return [each.strip() for each in super().to_internal_value(data).split(",")]


class RequestsQuery(StrictBody):
    """What can be asked of service requests. Who asks (`jurisdiction_id`, `deviceid`) makes no difference here."""

    service_request_id = Several(required=False)
    service_code = Several(required=False)
    status = Several(required=False)
    start_date = Moment(required=False)
    end_date = Moment(required=False)
    updated_after = Moment(required=False)
    updated_before = Moment(required=False)
    page = serializers.IntegerField(min_value=1, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=MOST_LISTED, default=50)
    extensions = serializers.ChoiceField(choices=["true", "false"], default="false")
    jurisdiction_id = Text(required=False, allow_blank=True)
    deviceid = Text(required=False, allow_blank=True)
    api_key = Text(required=False, allow_blank=True)

    def validate_status(self, values: list[str]) -> list[str]:
        """Only two are known."""
        if unknown := set(values) - {"open", "closed"}:
            raise serializers.ValidationError(_("“%(value)s” is neither open nor closed.") % {"value": min(unknown)})
        return values

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Refuse a page that would read a great part of the table to throw it away."""
        if values["page"] * values["page_size"] > DEEPEST:
            raise serializers.ValidationError({"page": _("That is too deep; narrow the dates.")})
        return values


class RequestQuery(StrictBody):
    """What can be said to a single request."""

    extensions = serializers.ChoiceField(choices=["true", "false"], default="false")
    jurisdiction_id = Text(required=False, allow_blank=True)
    deviceid = Text(required=False, allow_blank=True)
    api_key = Text(required=False, allow_blank=True)


def cases_for(by: Membership | None) -> CaseQuerySet:
    """What a member sees; whoever is nobody in particular sees of all cases what `told` tells them."""
    cases = Case.objects.all() if by is None else Case.objects.visible_to(by)
    return cases.select_related(*SHOWN)


def asked_for(cases: CaseQuerySet, asked: dict[str, Any]) -> CaseQuerySet:
    """Filter, newest first, and cut out the page.

    Requests that are named are not limited by time; nor are changes, which are asked for by their own time.
    """
    if "service_request_id" in asked:
        chosen = cases.filter(number__in=asked["service_request_id"])
    else:
        chosen = cases.filter(_within(asked))
        if "service_code" in asked:
            chosen = chosen.filter(need_item__code__in=asked["service_code"])
        if set(asked.get("status", ())) == {"open"}:
            chosen = chosen.open()
        if set(asked.get("status", ())) == {"closed"}:
            chosen = chosen.filter(stage__in=ENDED)
    first = (asked["page"] - 1) * asked["page_size"]
    return chosen.order_by("-reported_at", "-id")[first : first + asked["page_size"]]


def _within(asked: dict[str, Any]) -> Q:
    start, end = asked.get("start_date"), asked.get("end_date")
    is_by_change = "updated_after" in asked or "updated_before" in asked
    if start is None and not is_by_change:
        start = (end or timezone.now()) - WINDOW
    limits = {
        "reported_at__gte": start,
        "reported_at__lte": end,
        "updated_at__gte": asked.get("updated_after"),
        "updated_at__lte": asked.get("updated_before"),
    }
    return Q(**{name: moment for name, moment in limits.items() if moment is not None})


def told(cases: Iterable[Case], *, by: Membership | None, extensions: bool) -> list[dict[str, Any]]:
    """Service requests; what people wrote, which may name somebody, is for members alone."""
    moment = serializers.DateTimeField()

    def one(case: Case) -> dict[str, Any]:
        item, place = case.need_item, case.building or case.estate
        request = {
            "service_request_id": case.number,
            "status": "closed" if case.stage in ENDED else "open",
            "status_notes": case.get_stage_display(),
            "service_name": str(item) if item else None,
            "service_code": item.code if item else None,
            "description": (case.description or case.title) if by else None,
            "agency_responsible": str(case.lead) if case.lead else None,
            "service_notice": None,
            "requested_datetime": moment.to_representation(case.reported_at),
            "updated_datetime": moment.to_representation(case.updated_at),
            "expected_datetime": moment.to_representation(case.resolve_due_at) if case.resolve_due_at else None,
            "address": case.place or None,
            "address_id": place.code if place else None,
            "zipcode": None,
            "lat": None,
            "long": None,
            "media_url": None,
        }
        return request | (_extended(case) if extensions else {})

    return [one(case) for case in cases]


def _extended(case: Case) -> dict[str, Any]:
    flags = {gap.value: case.responsibility == gap for gap in GAPS}
    return {"extended_attributes": {"responsibility": case.responsibility, **flags}}

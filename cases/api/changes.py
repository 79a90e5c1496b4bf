"""The change feed: a reader that follows it ends with a copy of what its membership sees."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from cases.api.cases import for_api
from cases.api.serializers import CaseSerializer, FindingSerializer
from cases.changes import number_changes
from cases.models import Case, Change, Custody, Finding
from stakeholders import policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.fields import Code
from stakeholders.api.parameters import refuse_strangers
from stakeholders.api.serializers import MandateSerializer, RulingSerializer
from stakeholders.models import Mandate, Membership, Ruling
from stakeholders.roles import Permission, Role

DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 50, 1000
LAST = 2**63 - 1
Kind = Change.Kind
# What the actor sees of a kind, and how it is told
Told = dict[str, tuple[Callable[[Membership], QuerySet[Any]], type[serializers.BaseSerializer[Any]]]]


class ChangedCaseSerializer(CaseSerializer):
    """A case without what depends on the moment or on who asks: a copy would be wrong a minute later."""

    class Meta(CaseSerializer.Meta):
        fields = [
            name for name in CaseSerializer.Meta.fields if name not in {"is_overdue", "overdue_for", "allowed_actions"}
        ]


class ChangedCustodySerializer(serializers.ModelSerializer[Custody]):
    """Who held a case, in which role, from when until when."""

    case = Code("number")
    party = Code()

    class Meta:
        model = Custody
        fields = ["id", "case", "party", "role", "since", "until", "ending"]


def _cases(by: Membership) -> QuerySet[Any]:
    return for_api(Case.objects.visible_to(by))


def _custodies(by: Membership) -> QuerySet[Any]:
    return Custody.objects.filter(case__in=Case.objects.visible_to(by)).select_related("case", "party")


def _findings(by: Membership) -> QuerySet[Any]:
    return Finding.objects.visible_to(by).select_related("case")


def _mandates(by: Membership) -> QuerySet[Any]:
    return Mandate.objects.visible_to(by).with_scope().select_related("party")


def _rulings(by: Membership) -> QuerySet[Any]:
    return Ruling.objects.visible_to(by).with_scope().select_related("lead")


OF_CASES: Told = {
    Kind.CASE: (_cases, ChangedCaseSerializer),
    Kind.CUSTODY: (_custodies, ChangedCustodySerializer),
    Kind.FINDING: (_findings, FindingSerializer),
}
OF_DUTIES: Told = {
    Kind.MANDATE: (_mandates, MandateSerializer),
    Kind.RULING: (_rulings, RulingSerializer),
}


@extend_schema_field({"type": ["string", "integer"]})
class Key(serializers.JSONField):
    """The number of a case, or an id."""


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="ChangedRecord",
        serializers=[
            ChangedCaseSerializer,
            ChangedCustodySerializer,
            FindingSerializer,
            MandateSerializer,
            RulingSerializer,
        ],
        resource_type_field_name=None,
    )
)
class Record(serializers.JSONField):
    """A record of one of the kinds."""


class ChangeSerializer(serializers.Serializer[Any]):
    """A line of the feed; `object` is the record as it is now, null where there is none any more."""

    cursor = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    id = Key()
    op = serializers.ChoiceField(choices=["upsert", "delete"])
    at = serializers.DateTimeField()
    object = Record(allow_null=True)


class ChangesSerializer(serializers.Serializer[Any]):
    """A page of the feed; an empty one says that there is no more by now."""

    results = ChangeSerializer(many=True)


class Changes(ActingView):
    """What was committed after a cursor, in an order in which nothing is ever filled in later."""

    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.INT), OpenApiParameter("page_size", OpenApiTypes.INT)],
        responses=ChangesSerializer,
    )
    def get(self, request: MemberRequest) -> Response:
        """One page; an empty one says that there is no more by now."""
        refuse_strangers(request, frozenset({"after", "page_size"}))
        after = _number(request, "after", 0, least=0, most=LAST)
        size = _number(request, "page_size", DEFAULT_PAGE_SIZE, least=1, most=MAX_PAGE_SIZE)
        # What the actor does not see is passed by: an empty page would say that this is the end.
        while (changes := list(Change.objects.after(after)[:size])) or number_changes():
            if rows := self._rows(changes):
                return Response({"results": rows})
            after = changes[-1].seq or 0 if changes else after
        return Response({"results": []})

    def _rows(self, changes: Sequence[Change]) -> list[dict[str, Any]]:
        known = self._records(changes)
        return [
            {
                "cursor": str(change.seq),
                "kind": change.kind,
                "id": change.key if change.kind == Kind.CASE else change.record,
                "op": "upsert" if record else "delete",
                "at": serializers.DateTimeField().to_representation(change.at),
                "object": record,
            }
            for change in changes
            if (record := known.get((change.kind, change.record))) or self._is_gone(change)
        ]

    def _records(self, changes: Iterable[Change]) -> dict[tuple[str, int], Any]:
        """The records that the actor sees, as they are now, by kind and id."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for change in changes:
            if not change.is_deleted:
                wanted[change.kind].add(change.record)
        context = self.get_serializer_context()
        kinds = OF_CASES | OF_DUTIES if policies.can_see_duties(self.actor) else OF_CASES
        return {
            (kind, record.pk): told
            for kind, (visible, serializer) in kinds.items()
            if (ids := wanted.get(kind))
            for record, told in _told(visible(self.actor).filter(pk__among=ids), serializer, context)
        }

    def _is_gone(self, change: Change) -> bool:
        """Whether the actor may have a copy of what there is no more, or what was moved out of sight."""
        if change.is_deleted:
            return True
        if self.actor.role == Role.GRID_WORKER:
            return change.left_grid is not None and change.left_grid == self.actor.grid_id
        sees_area = self.actor.allows(Permission.SEE_AREA)
        return sees_area and change.left_area is not None and self.actor.area.contains(change.left_area)


def _told(
    records: QuerySet[Any], serializer: type[serializers.BaseSerializer[Any]], context: dict[str, Any]
) -> Iterable[tuple[Any, Any]]:
    found = list(records)
    return zip(found, serializer(found, many=True, context=context).data, strict=True)


def _number(request: MemberRequest, name: str, default: int, *, least: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    reason = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
    raise ValidationError({name: [ErrorDetail(reason, code="invalid")]})

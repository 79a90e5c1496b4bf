"""The change feed: a reader that follows it ends with a copy of what its membership sees."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from cases.api.serializers import CaseSerializer, FindingSerializer, OpenDisputeSerializer, OpenFindingSerializer
from cases.changes import read_on
from cases.models import Case, Change, Custody, Dispute, Finding
from stakeholders import policies
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.fields import Code
from stakeholders.api.parameters import refuse_strangers
from stakeholders.api.rows import Beside, Rows
from stakeholders.api.serializers import MandateSerializer, RulingSerializer
from stakeholders.models import Mandate, Membership, Ruling

DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 50, 1000
LAST = 2**63 - 1
Kind = Change.Kind
# What the actor sees of a kind, and how it is told
Told = dict[str, tuple[Callable[[Membership], QuerySet[Any]], Rows]]


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


def _supports(keys: Sequence[int]) -> Mapping[int, list[str]]:
    """The parties that help the leads of cases now."""
    found: dict[int, list[str]] = defaultdict(list)
    for case, party in Custody.objects.helping().filter(case__in=keys).values_list("case", "party__code"):
        found[case].append(party)
    return found


def _faults(keys: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The faults of cases that stand."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for case, row in FAULTS.of(Finding.objects.open().filter(case__in=keys).order_by("opened_at", "id"), by="case"):
        found[case].append(row)
    return found


def _disputes(keys: Sequence[int]) -> Mapping[int, dict[str, Any]]:
    """The disputes about cases that nobody has settled."""
    disputes = Dispute.objects.open().filter(case__in=keys).select_related("level")
    return {each.case_id: OpenDisputeSerializer(each).data for each in disputes}


FAULTS = Rows(OpenFindingSerializer)
OF_CASES: Told = {
    Kind.CASE: (
        lambda by: Case.objects.visible_to(by),
        Rows(
            ChangedCaseSerializer,
            derived={
                "in_charge": ("in_charge__user__username", None),
                "on_hold": ("stage", lambda stage: stage == Case.Stage.ON_HOLD),
            },
            beside={
                "supports": Beside(_supports, []),
                "open_findings": Beside(_faults, []),
                "dispute": Beside(_disputes, None),
            },
        ),
    ),
    Kind.CUSTODY: (
        lambda by: Custody.objects.filter(case__in=Case.objects.visible_to(by)),
        Rows(ChangedCustodySerializer),
    ),
    Kind.FINDING: (lambda by: Finding.objects.visible_to(by), Rows(FindingSerializer)),
}
OF_DUTIES: Told = {
    Kind.MANDATE: (lambda by: Mandate.objects.visible_to(by), Rows(MandateSerializer)),
    Kind.RULING: (lambda by: Ruling.objects.visible_to(by), Rows(RulingSerializer, constants={"case": None})),
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
    """A page of the feed; an empty one is not the end while `has_more` is true: go on behind `next`."""

    results = ChangeSerializer(many=True)
    next = serializers.CharField()
    has_more = serializers.BooleanField()


class Changes(ActingView):
    """What was committed after a cursor, in an order in which nothing is ever filled in later."""

    @extend_schema(
        parameters=[
            OpenApiParameter("after", {"type": "integer", "minimum": 0, "maximum": LAST}),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE}),
        ],
        responses=ChangesSerializer,
    )
    def get(self, request: MemberRequest) -> Response:
        """One page; an empty one is not the end while `has_more` is true: go on behind `next`."""
        refuse_strangers(request, frozenset({"after", "page_size"}))
        after = _number(request, "after", 0, least=0, most=LAST)
        size = _number(request, "page_size", DEFAULT_PAGE_SIZE, least=1, most=MAX_PAGE_SIZE)
        kinds = OF_CASES | OF_DUTIES if policies.can_see_duties(self.actor) else OF_CASES
        records = {kind: visible(self.actor) for kind, (visible, _rows) in kinds.items()}
        page = read_on(after, size, by=self.actor, records=records)
        return Response({"results": _told(page.changes, records), "next": str(page.next), "has_more": page.has_more})


def _told(changes: Sequence[Change], records: Mapping[str, QuerySet[Any]]) -> list[dict[str, Any]]:
    known = _known(changes, records)
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
        for record in [None if change.is_deleted else known.get((change.kind, change.record))]
    ]


def _known(changes: Iterable[Change], records: Mapping[str, QuerySet[Any]]) -> dict[tuple[str, int], Any]:
    """The records that the actor sees, as they are now, by kind and id."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        if not change.is_deleted:
            wanted[change.kind].add(change.record)
    return {
        (kind, key): row
        for kind, keys in wanted.items()
        for key, row in (OF_CASES | OF_DUTIES)[kind][1].of(records[kind].filter(pk__among=keys))
    }


def _number(request: MemberRequest, name: str, default: int, *, least: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    reason = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
    raise ValidationError({name: [ErrorDetail(reason, code="invalid")]})

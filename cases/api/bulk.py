"""Many cases at once: to be sent, and to see what became of each row."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from cases.api.filters import BulkRowFilter
from cases.models import BulkJob, BulkRow
from cases.models.case import DESCRIPTION_LIMIT
from cases.services.start_bulk_job import MOST_ROWS, start_bulk_job
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Code, Text


@extend_schema_field({"type": "array", "items": {"type": "object"}})
class Rows(serializers.Field[Any, Any, Any, Any]):
    """A list of objects; what is inside each is looked at when its turn comes."""

    default_error_messages = {
        "invalid": _("Give a list."),
        "row": _("Give an object."),
        "most": _("Give at most {most} rows."),
    }

    def to_internal_value(self, data: Any) -> list[dict[str, Any]]:
        """Refuse what is no list, and name each row that is no object."""
        if not isinstance(data, list):
            self.fail("invalid")
        if len(data) > MOST_ROWS:
            self.fail("most", most=MOST_ROWS)
        wrong = [index for index, row in enumerate(data) if not isinstance(row, Mapping)]
        if wrong:
            message = str(self.error_messages["row"])
            raise serializers.ValidationError(
                {str(index): [serializers.ErrorDetail(message, code="invalid")] for index in wrong}
            )
        return data


class BulkBody(StrictBody):
    """What is to be done to many cases."""

    kind = serializers.ChoiceField(choices=BulkJob.Kind.choices)
    rows = Rows()
    reason = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)


class BulkJobSerializer(serializers.ModelSerializer[BulkJob]):
    """A job and how far it is."""

    done = serializers.IntegerField(read_only=True)
    refused = serializers.IntegerField(read_only=True)

    class Meta:
        model = BulkJob
        fields = ["id", "kind", "state", "total", "done", "refused", "created_at", "started_at", "finished_at"]


class BulkRowSerializer(serializers.ModelSerializer[BulkRow]):
    """A row and what became of it."""

    case = Code("number", allow_null=True)
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]  # an answer has no other

    class Meta:
        model = BulkRow
        fields = ["index", "state", "case", "errors"]

    def get_errors(self, row: BulkRow) -> list[dict[str, str]]:
        """Why it was refused; nothing where it was not."""
        return row.errors or []


class BulkJobs(ActingView):
    """Send many cases at once."""

    serializer_class = BulkJobSerializer

    @extend_schema(request=BulkBody, responses={202: BulkJobSerializer})
    def post(self, request: MemberRequest) -> Response:
        """Take them; 202, for they are done later."""
        values = values_of(BulkBody, request.data, self.get_serializer_context())
        job = start_bulk_job(**values, by=self.actor)
        shown = BulkJob.objects.with_counts().get(pk=job.pk)
        headers = {"Location": reverse("api:bulk-job", args=[job.pk], request=request)}
        return Response(self.get_serializer(shown).data, status.HTTP_202_ACCEPTED, headers=headers)


class BulkJobDetail(ActingView):
    """One job of the actor."""

    serializer_class = BulkJobSerializer
    detail = True

    def get_queryset(self) -> QuerySet[BulkJob]:
        """Nobody sees the jobs of others."""
        return BulkJob.objects.visible_to(self.actor).with_counts()

    def get(self, request: MemberRequest, pk: int) -> Response:
        """How far it is."""
        return Response(self.get_serializer(self.get_object()).data)


class BulkRows(ListModelMixin, ActingView, GenericViewSet[Any]):
    """The rows of a job in the order in which they were sent."""

    serializer_class = BulkRowSerializer
    filterset_class = BulkRowFilter
    ordering = ("index",)

    def get_queryset(self) -> QuerySet[BulkRow]:
        """The rule for the job holds for its rows."""
        job = get_object_or_404(BulkJob.objects.visible_to(self.actor), pk=self.kwargs["pk"])
        return job.rows.select_related("case")

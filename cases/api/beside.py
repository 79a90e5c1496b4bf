"""What lies beside a case: its history, who held it, what was wrong with it, how it was escalated. And all findings."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from cases.api.filters import FindingFilter
from cases.api.serializers import (
    AttachmentSerializer,
    CustodySerializer,
    DisputeSerializer,
    EscalationSerializer,
    EventSerializer,
    FindingSerializer,
    StanceSerializer,
    TimeRequestSerializer,
    TimerSerializer,
)
from cases.models import (
    Attachment,
    Case,
    CaseEvent,
    Custody,
    Dispute,
    Escalation,
    Finding,
    Stance,
    StatutoryTimer,
    TimeRequest,
)
from cases.views.show_file import file_of
from cases.watch import Watch
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.exports import ExportedList
from stakeholders.api.parameters import refuse_strangers


class BesideCase(ListModelMixin, ActingView, GenericViewSet[Any]):
    """A list that belongs to one case, visible to whoever sees the case."""

    def get_case(self) -> Case:
        """The case of the address, or 404."""
        return get_object_or_404(Case.objects.visible_to(self.actor), number=self.kwargs["number"])


class CaseEvents(ExportedList, BesideCase):
    """The history, latest line first."""

    serializer_class = EventSerializer
    ordering = ("-seq",)
    export_name = "events"

    def get_queryset(self) -> QuerySet[CaseEvent]:
        """All lines of the case."""
        return self.get_case().events.select_related("by__user", "by__party")


class CaseCustody(BesideCase):
    """Who held the case, latest first."""

    serializer_class = CustodySerializer
    ordering = ("-since", "-id")

    def get_queryset(self) -> QuerySet[Custody]:
        """Every stretch, ended or not."""
        return self.get_case().custodies.select_related("party")

    def get_serializer_context(self) -> dict[str, Any]:
        """Let time be counted by one clock for all rows."""
        return {**super().get_serializer_context(), "watch": Watch.at_this_moment()}


class CaseFindings(BesideCase):
    """What was found wrong with the case, latest first."""

    serializer_class = FindingSerializer
    ordering = ("-opened_at", "-id")

    def get_queryset(self) -> QuerySet[Finding]:
        """Open and cleared ones."""
        return self.get_case().findings.select_related("case")


class CaseEscalations(BesideCase):
    """The ladder of the case, what comes latest first."""

    serializer_class = EscalationSerializer
    ordering = ("-due_at", "-id")

    def get_queryset(self) -> QuerySet[Escalation]:
        """Steps fired, cancelled and still to come."""
        return self.get_case().escalations.select_related("rule")


class CaseStances(BesideCase):
    """What parties said about whose it is, latest first."""

    serializer_class = StanceSerializer
    ordering = ("-since", "-id")

    def get_queryset(self) -> QuerySet[Stance]:
        """What stands, and what was said before."""
        return self.get_case().stances.select_related("party", "by__user", "by__party")


class CaseDisputes(BesideCase):
    """The disputes about whose it is, latest first."""

    serializer_class = DisputeSerializer
    ordering = ("-opened_at", "-id")

    def get_queryset(self) -> QuerySet[Dispute]:
        """Open and settled ones."""
        return self.get_case().disputes.select_related("level")


class CaseTimeRequests(BesideCase):
    """What was asked for in time, and what was decided, latest first."""

    serializer_class = TimeRequestSerializer
    ordering = ("-asked_at", "-id")

    def get_queryset(self) -> QuerySet[TimeRequest]:
        """Pending and decided ones."""
        people = ("asked_by__user", "asked_by__party", "decided_by__user", "decided_by__party")
        return self.get_case().time_requests.select_related(*people)


class CaseTimers(BesideCase):
    """The statutory time limits of the case, latest started first."""

    serializer_class = TimerSerializer
    ordering = ("-started_at", "-id")

    def get_queryset(self) -> QuerySet[StatutoryTimer]:
        """Running and stopped ones."""
        return self.get_case().timers.select_related("rule")


class CaseAttachments(BesideCase):
    """The files of the case, latest first, and each of them itself."""

    serializer_class = AttachmentSerializer
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Attachment]:
        """All files."""
        return self.get_case().attachments.select_related("case", "by__user", "by__party")


class AnyType(JSONRenderer):
    """Lets a client ask for a file as any type; what is refused is still a problem in JSON."""

    media_type = "*/*"


class CaseAttachment(BesideCase):
    """One file of the case."""

    renderer_classes = (JSONRenderer, AnyType)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def retrieve(self, request: MemberRequest, number: str, pk: int) -> FileResponse:
        """The file as it is kept."""
        refuse_strangers(request, frozenset())
        return file_of(self.get_case(), pk)


class FindingViewSet(ExportedList, ReadOnlyModelViewSet[Finding]):
    """The findings on all cases that the actor sees."""

    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    export_name = "findings"
    ordering = ("-opened_at", "-id")

    def get_queryset(self) -> QuerySet[Finding]:
        """The rule for cases holds for what is wrong with them."""
        return Finding.objects.visible_to(self.actor).select_related("case")

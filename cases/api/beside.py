"""What lies beside a case: its history, who held it, what was wrong with it, how it was escalated. And all findings."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.mixins import ListModelMixin
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from cases.api.filters import FindingFilter
from cases.api.serializers import CustodySerializer, EscalationSerializer, EventSerializer, FindingSerializer
from cases.models import Case, CaseEvent, Custody, Escalation, Finding
from stakeholders.api.acting import ActingView


class BesideCase(ListModelMixin, ActingView, GenericViewSet[Any]):
    """A list that belongs to one case, visible to whoever sees the case."""

    def get_case(self) -> Case:
        """The case of the address, or 404."""
        return get_object_or_404(Case.objects.visible_to(self.actor), number=self.kwargs["number"])


class CaseEvents(BesideCase):
    """The history, latest line first."""

    serializer_class = EventSerializer
    ordering = ("-seq",)

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


class FindingViewSet(ActingView, ReadOnlyModelViewSet[Finding]):
    """The findings on all cases that the actor sees."""

    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    ordering = ("-opened_at", "-id")

    def get_queryset(self) -> QuerySet[Finding]:
        """The rule for cases holds for what is wrong with them."""
        return Finding.objects.visible_to(self.actor).select_related("case")

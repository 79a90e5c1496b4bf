"""What the API says about cases: the field names are the contract."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from cases import policies
from cases.models import Case, CaseEvent, Custody, Escalation, Finding
from cases.workflow import Action
from stakeholders.api.fields import Code


class OpenFindingSerializer(serializers.ModelSerializer[Finding]):
    """A fault that stands, as part of its case."""

    class Meta:
        model = Finding
        fields = ["id", "kind", "since", "opened_at"]


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case, the same in a list and alone; `overdue_for` is in seconds and 0 for a case that is not overdue.

    Who reported it is not said: personal data does not travel with every list.
    """

    need_item = Code()
    estate = Code()
    building = Code()
    household = Code()
    area_code = serializers.CharField(source="area_id")
    lead = Code()
    supports = serializers.SerializerMethodField()
    main_case = Code("number")
    is_overdue = serializers.SerializerMethodField()
    overdue_for = serializers.SerializerMethodField()
    on_hold = serializers.SerializerMethodField()
    open_findings = OpenFindingSerializer(source="faults", many=True)
    allowed_actions = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "number",
            "title",
            "description",
            "need_item",
            "estate",
            "building",
            "household",
            "location_note",
            "grid",
            "area_code",
            "urgency",
            "channel",
            "external_id",
            "stage",
            "lead",
            "supports",
            "responsibility",
            "reported_at",
            "opened_at",
            "sign_due_at",
            "contact_due_at",
            "resolve_due_at",
            "due_is_provisional",
            "signed_at",
            "contacted_at",
            "resolved_at",
            "closed_at",
            "is_overdue",
            "overdue_for",
            "on_hold",
            "main_case",
            "returns",
            "handoffs",
            "open_findings",
            "allowed_actions",
            "updated_at",
            "version",
        ]

    def get_supports(self, case: Any) -> list[str]:
        """The parties that help the lead now."""
        return [custody.party.code for custody in case.helping]

    def get_is_overdue(self, case: Case) -> bool:
        """Unsolved and past its deadline."""
        return case.overdue_at(timezone.now())

    def get_overdue_for(self, case: Case) -> int:
        """How long past it."""
        now = timezone.now()
        if case.resolve_due_at is None or not case.overdue_at(now):
            return 0
        return int((now - case.resolve_due_at).total_seconds())

    def get_on_hold(self, case: Case) -> bool:
        """Set aside, its clock stopped."""
        return case.stage == Case.Stage.ON_HOLD

    def get_allowed_actions(self, case: Case) -> list[Action]:
        """What the actor may do with it now."""
        return policies.allowed_actions(self.context["actor"], case)


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """A fault of a case: when it began, when it was noticed, what shows it."""

    case = Code("number")

    class Meta:
        model = Finding
        fields = ["id", "kind", "case", "since", "opened_at", "cleared_at", "evidence"]


class ActorSerializer(serializers.Serializer[Any]):
    """Who did something, and for whom."""

    name = serializers.CharField(source="user.name")
    party = serializers.CharField(source="party.code")
    role = serializers.CharField()


class EventSerializer(serializers.ModelSerializer[CaseEvent]):
    """A line of the history; `by` is null for what the system does by itself."""

    by = ActorSerializer()

    class Meta:
        model = CaseEvent
        fields = ["seq", "kind", "at", "by", "details", "recorded_at", "digest"]


class CustodySerializer(serializers.ModelSerializer[Custody]):
    """A stretch in which a party held the case; `until` is null while it does."""

    party = Code()

    class Meta:
        model = Custody
        fields = ["party", "role", "since", "until", "ending"]


class EscalationSerializer(serializers.ModelSerializer[Escalation]):
    """A step of the ladder: still to come, fired, or cancelled because the fault was mended."""

    rule = serializers.CharField()
    trigger = serializers.CharField(source="rule.trigger")
    action = serializers.CharField(source="rule.action")

    class Meta:
        model = Escalation
        fields = ["rule", "trigger", "action", "finding", "cycle", "due_at", "fired_at", "cancelled_at"]

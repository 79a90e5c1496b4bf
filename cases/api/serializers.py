"""What the API says about cases: the field names are the contract."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from cases import policies
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
from cases.watch import Watch
from cases.workflow import Action
from stakeholders.api.fields import Code, KeptJSON


class OpenFindingSerializer(serializers.ModelSerializer[Finding]):
    """A fault that stands, as part of its case."""

    class Meta:
        model = Finding
        fields = ["id", "kind", "since", "opened_at"]


class OpenDisputeSerializer(serializers.ModelSerializer[Dispute]):
    """A dispute that nobody has settled, as part of its case; `level` is who is to settle it now."""

    level = serializers.CharField(allow_null=True)

    class Meta:
        model = Dispute
        fields = ["opened_at", "level", "level_due_at"]


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case, the same in a list and alone; `overdue_for` is in seconds and 0 for a case that is not overdue.

    Who reported it is not said: personal data does not travel with every list.
    """

    need_item = Code(allow_null=True)
    estate = Code(allow_null=True)
    building = Code(allow_null=True)
    household = Code(allow_null=True)
    area_code = serializers.CharField(source="area_id")
    lead = Code(allow_null=True)
    supports = serializers.SerializerMethodField()
    main_case = Code("number", allow_null=True)
    in_charge = serializers.SerializerMethodField()
    dispute = serializers.SerializerMethodField()
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
            "verified_at",
            "rated_at",
            "reopened_at",
            "hold_until",
            "in_charge",
            "asked",
            "listed_at",
            "cycle",
            "reworks",
            "dispute",
            "updated_at",
            "version",
        ]

    def get_supports(self, case: Any) -> list[str]:
        """The parties that help the lead now."""
        return [custody.party.code for custody in case.helping]

    def get_in_charge(self, case: Case) -> str | None:
        """The user name of who handles it inside its party."""
        return case.in_charge.user.username if case.in_charge else None

    @extend_schema_field(OpenDisputeSerializer(allow_null=True))
    def get_dispute(self, case: Any) -> dict[str, Any] | None:
        """The dispute about whose it is, if there is one."""
        return next((OpenDisputeSerializer(each, context=self.context).data for each in case.open_disputes), None)

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

    by = ActorSerializer(allow_null=True)
    details = KeptJSON()

    class Meta:
        model = CaseEvent
        fields = ["seq", "kind", "at", "by", "details", "recorded_at", "digest"]


class CustodySerializer(serializers.ModelSerializer[Custody]):
    """A stretch in which a party held the case; `until` is null while it does.

    `seconds` is all time that passed, `work_seconds` the working time in it, which is what is charged to a lead. Both
    count up to now while it goes on.
    """

    party = Code()
    seconds = serializers.SerializerMethodField()
    work_seconds = serializers.SerializerMethodField()

    class Meta:
        model = Custody
        fields = ["party", "role", "since", "until", "ending", "seconds", "work_seconds"]

    def get_seconds(self, custody: Custody) -> int:
        """How long it lasted."""
        watch: Watch = self.context["watch"]
        return int(((custody.until or watch.now) - custody.since).total_seconds())

    def get_work_seconds(self, custody: Custody) -> int:
        """How much of it was working time."""
        watch: Watch = self.context["watch"]
        return int(watch.worked(custody.since, custody.until).total_seconds())


class EscalationSerializer(serializers.ModelSerializer[Escalation]):
    """A step of the ladder: still to come, fired, or cancelled because the fault was mended."""

    rule = serializers.CharField()
    trigger = serializers.CharField(source="rule.trigger")
    action = serializers.CharField(source="rule.action")

    class Meta:
        model = Escalation
        fields = ["rule", "trigger", "action", "finding", "cycle", "due_at", "fired_at", "cancelled_at"]


class StanceSerializer(serializers.ModelSerializer[Stance]):
    """What a party said about whose the case is; `until` is null while it stands."""

    party = Code()
    by = ActorSerializer()

    class Meta:
        model = Stance
        fields = ["party", "says", "ground", "legal_basis", "by", "since", "until"]


class DisputeSerializer(serializers.ModelSerializer[Dispute]):
    """A dispute about whose the case is; `settled_at` is null while nobody has settled it."""

    level = serializers.CharField(allow_null=True)

    class Meta:
        model = Dispute
        fields = ["id", "opened_at", "level", "level_since", "level_due_at", "settled_at"]


class TimeRequestSerializer(serializers.ModelSerializer[TimeRequest]):
    """More time, or a hold, that a party asked for, and what was decided; `granted` is null while nobody has."""

    asked_by = ActorSerializer()
    decided_by = ActorSerializer(allow_null=True)
    granted = serializers.BooleanField(source="is_granted", allow_null=True)

    class Meta:
        model = TimeRequest
        fields = [
            "id",
            "kind",
            "cycle",
            "amount",
            "unit",
            "until",
            "reason",
            "asked_at",
            "asked_by",
            "decided_at",
            "decided_by",
            "granted",
            "decision",
        ]


class TimerSerializer(serializers.ModelSerializer[StatutoryTimer]):
    """A statutory time limit that runs or ran; `limit_at` is as far as its article lets it be moved."""

    rule = Code()
    article = serializers.CharField(source="rule.article")

    class Meta:
        model = StatutoryTimer
        fields = ["rule", "article", "started_at", "due_at", "limit_at", "extended_at", "stopped_at"]


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file of the case; `url` is where it can be fetched with the same token.

    `by` is null where it came with the report of somebody without an account.
    """

    by = ActorSerializer(allow_null=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ["id", "kind", "name", "media_type", "size", "sha256", "by", "at", "url"]

    def get_url(self, attachment: Attachment) -> str:
        """Its address in the API."""
        address = [attachment.case.number, attachment.pk]
        return reverse("api:case-attachment", args=address, request=self.context["request"])

"""The rules of deadlines and escalation: read by whoever sees an area, written by who keeps them."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from cases import policies
from cases.ladder import LONGEST
from cases.models import DeadlineRule, EscalationRule, Finding
from cases.models.rule import Unit
from cases.services.add_escalation_step import add_escalation_step
from cases.services.change_escalation_step import change_escalation_step
from cases.services.remove_deadline_rule import remove_deadline_rule
from cases.services.save_deadline_rule import save_deadline_rule
from cases.services.switch_escalation_step import switch_escalation_step
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Code, Flag, Number, Reference, Text
from stakeholders.api.versions import etag_of_content, require_match
from stakeholders.models import Area, Estate, NeedClass, NeedItem
from stakeholders.models.need import Urgency
from stakeholders.policies import require

SCOPE = ("need_class", "need_item", "area", "estate")
STEP = ("amount", "unit", "action")


class DeadlineRuleSerializer(serializers.ModelSerializer[DeadlineRule]):
    """A deadline rule; a scope field that is null does not limit it."""

    need_class = Code(allow_null=True)
    need_item = Code(allow_null=True)
    estate = Code(allow_null=True)

    class Meta:
        model = DeadlineRule
        fields = ["id", "clock", "need_class", "need_item", "urgency", "area", "estate", "amount", "unit", "basis"]


class EscalationRuleSerializer(serializers.ModelSerializer[EscalationRule]):
    """A step of the ladder; one that is not active is laid out for no new fault."""

    class Meta:
        model = EscalationRule
        fields = ["id", "trigger", "amount", "unit", "action", "is_active"]


class ChangeDeadlineBody(StrictBody):
    """What of a rule is to be another."""

    clock = serializers.ChoiceField(choices=DeadlineRule.Clock.choices, required=False)
    need_class = Reference(NeedClass.objects.all(), required=False, allow_null=True)
    need_item = Reference(NeedItem.objects.all(), required=False, allow_null=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False, allow_blank=True)
    area = Reference(Area.objects.all(), required=False, allow_null=True)
    estate = Reference(Estate.objects.all(), required=False, allow_null=True)
    amount = Number(min_value=1, max_value=LONGEST, required=False)
    unit = serializers.ChoiceField(choices=Unit.choices, required=False)
    basis = Text(max_length=200, required=False, allow_blank=True)


class DeadlineBody(ChangeDeadlineBody):
    """For which clock, matter, urgency and place, and how long."""

    clock = serializers.ChoiceField(choices=DeadlineRule.Clock.choices)
    amount = Number(min_value=1, max_value=LONGEST)
    unit = serializers.ChoiceField(choices=Unit.choices)


class StepBody(StrictBody):
    """After which fault, how long after, and what is done."""

    trigger = serializers.ChoiceField(choices=Finding.Kind.choices)
    amount = Number(min_value=0, max_value=LONGEST)
    unit = serializers.ChoiceField(choices=Unit.choices)
    action = serializers.ChoiceField(choices=EscalationRule.Action.choices)


class ChangeStepBody(StrictBody):
    """Another step in the place of one, or that it is off or on."""

    amount = Number(min_value=0, max_value=LONGEST, required=False)
    unit = serializers.ChoiceField(choices=Unit.choices, required=False)
    action = serializers.ChoiceField(choices=EscalationRule.Action.choices, required=False)
    is_active = Flag(required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """One thing at a time."""
        if "is_active" in values and len(values) > 1:
            raise serializers.ValidationError({"is_active": _("Switch a step or change it, not both at once.")}, "both")
        if not values:
            raise serializers.ValidationError({"amount": _("Nothing would change.")}, "unchanged")
        return values


class OfRules(ActingView):
    """A view of what is the same for everybody: read by whoever sees an area, written by who keeps it for all."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Let nobody in who may not read rules, or write them."""
        super().initial(request, *args, **kwargs)
        require(policies.can_see_rules(self.actor))
        if request.method not in SAFE_METHODS:
            self.permit_writing()

    def permit_writing(self) -> None:
        """Raise PermissionDenied, before anything is read of the body, for who writes nothing here."""
        policies.permit_for_all(self.actor)


class Rules(ListModelMixin, OfRules, GenericViewSet[Any]):
    """Rules, oldest first; each has the digest of its content as ETag."""

    ordering = ("id",)
    lookup_value_regex = r"\d{1,18}"

    def retrieve(self, request: MemberRequest, pk: str) -> Response:
        """One rule."""
        return self.answer(self.get_object())

    def answer(self, rule: Any, code: int = status.HTTP_200_OK, **headers: str) -> Response:
        """A rule with its ETag."""
        etag = etag_of_content(self.whole(rule))
        return Response(self.get_serializer(rule).data, code, headers={"ETag": etag, **headers})

    def created(self, rule: Any, name: str) -> Response:
        """A rule that was just written, and where it stands."""
        address = reverse(f"api:{name}-detail", args=[rule.pk], request=self.request)
        return self.answer(rule, status.HTTP_201_CREATED, Location=address)

    def whole(self, rule: Any) -> Any:
        """All that an answer says, whatever fields were asked for."""
        return self.get_serializer_class()(rule).data

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Lock the rule that is to be written, so that nobody changes it between the comparison and the write."""
        found = super().filter_queryset(queryset)
        return found if self.request.method in SAFE_METHODS else found.select_for_update(of=("self",))

    def as_read(self) -> Any:
        """The rule of the address, locked, if it still is what the client has read."""
        rule = self.get_object()
        require_match(self.request, etag_of_content(self.whole(rule)))
        return rule


class DeadlineRules(Rules):
    """How long a party has."""

    serializer_class = DeadlineRuleSerializer

    def get_queryset(self) -> QuerySet[DeadlineRule]:
        """The same for everybody who may read them."""
        return DeadlineRule.objects.select_related(*SCOPE)

    def permit_writing(self) -> None:
        """Let administrators in; the service asks where the rule holds."""
        require(policies.can_keep_rules(self.actor))

    @extend_schema(request=DeadlineBody, responses={201: DeadlineRuleSerializer})
    def create(self, request: MemberRequest) -> Response:
        """Write down a rule; clocks that start from now on go by it."""
        rule = DeadlineRule(**values_of(DeadlineBody, request.data, self.get_serializer_context()))
        return self.created(save_deadline_rule(rule, by=self.actor), "deadline-rule")

    @extend_schema(request=ChangeDeadlineBody, responses=DeadlineRuleSerializer)
    @transaction.atomic
    def partial_update(self, request: MemberRequest, pk: str) -> Response:
        """Change a rule."""
        rule = self.as_read()
        for name, value in values_of(ChangeDeadlineBody, request.data, self.get_serializer_context()).items():
            setattr(rule, name, value)
        return self.answer(save_deadline_rule(rule, by=self.actor))

    @transaction.atomic
    def destroy(self, request: MemberRequest, pk: str) -> Response:
        """Take a rule away; what runs by it runs on."""
        remove_deadline_rule(self.as_read(), by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EscalationRules(Rules):
    """The steps of the ladder."""

    serializer_class = EscalationRuleSerializer

    def get_queryset(self) -> QuerySet[EscalationRule]:
        """The same for everybody who may read them."""
        return EscalationRule.objects.all()

    @extend_schema(request=StepBody, responses={201: EscalationRuleSerializer})
    def create(self, request: MemberRequest) -> Response:
        """Put a step on the ladder; it holds for faults that open from now on."""
        values = values_of(StepBody, request.data, self.get_serializer_context())
        return self.created(add_escalation_step(**values, by=self.actor), "escalation-rule")

    @extend_schema(request=ChangeStepBody, responses=EscalationRuleSerializer)
    @transaction.atomic
    def partial_update(self, request: MemberRequest, pk: str) -> Response:
        """Switch a step, or put another one in its place, which is the answer."""
        rule = self.as_read()
        values = values_of(ChangeStepBody, request.data, self.get_serializer_context())
        if "is_active" in values:
            return self.answer(switch_escalation_step(rule, **values, by=self.actor))
        step = {name: getattr(rule, name) for name in STEP} | values
        return self.answer(change_escalation_step(rule, **step, by=self.actor))

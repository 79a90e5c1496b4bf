"""Webhooks: addresses that are called when something happens, and the log of the calls."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from cases.api.serializers import ActorSerializer
from cases.models import CaseEvent, Delivery, Webhook
from cases.services.change_webhook import change_webhook
from cases.services.create_webhook import create_webhook
from cases.services.redeliver import redeliver
from cases.services.remove_webhook import remove_webhook
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Flag, KeptText, Text


class WebhookBody(StrictBody):
    """Where a webhook leads, and of which kinds of event it hears; of all where none is named."""

    url = Text(max_length=500)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=CaseEvent.Kind.choices), max_length=len(CaseEvent.Kind), required=False
    )


class ChangeWebhookBody(WebhookBody):
    """What of it is to change."""

    url = Text(max_length=500, required=False)
    is_active = Flag(required=False)
    new_secret = Flag(required=False)


class EmptyBody(StrictBody):
    """Nothing is to be said."""


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A webhook, without its secret; `failures` are those in a row."""

    owner = ActorSerializer(source="membership")
    needs_new_secret = serializers.BooleanField()

    class Meta:
        model = Webhook
        fields = [
            "id",
            "url",
            "events",
            "owner",
            "is_active",
            "failures",
            "failing_since",
            "created_at",
            "switched_off_at",
            "needs_new_secret",
        ]


class NewWebhookSerializer(WebhookSerializer):
    """A webhook with its secret, which is told once."""

    secret = serializers.CharField()

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class AttemptSerializer(serializers.Serializer[Any]):
    """One try: the status that was answered, null without an answer; an empty `error` means that it got through."""

    at = KeptText()
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    seconds = serializers.FloatField()


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One event told to one webhook; `due_at` is null for what is not tried any more."""

    delivery = serializers.UUIDField(source="uuid")
    case = serializers.CharField(source="event.case.number")
    seq = serializers.IntegerField(source="event.seq")
    kind = serializers.CharField(source="event.kind")
    state = serializers.CharField()
    due_at = serializers.DateTimeField(source="next_try_at", allow_null=True)
    attempts = AttemptSerializer(many=True)

    class Meta:
        model = Delivery
        fields = ["delivery", "case", "seq", "kind", "state", "created_at", "due_at", "delivered_at", "attempts"]


class Webhooks(ActingView, ReadOnlyModelViewSet[Webhook]):
    """One's own webhooks, latest first; administrators see those of their area."""

    serializer_class = WebhookSerializer
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Webhook]:
        """The one rule of who sees which webhook."""
        return Webhook.objects.visible_to(self.actor).select_related("membership__user", "membership__party")

    @extend_schema(request=WebhookBody, responses={201: NewWebhookSerializer})
    def create(self, request: MemberRequest) -> Response:
        """Make one; this answer alone has the secret."""
        values = values_of(WebhookBody, request.data, self.get_serializer_context())
        webhook = create_webhook(**values, by=self.actor)
        location = reverse("api:webhook", args=[webhook.pk], request=request)
        return Response(self.get_serializer(webhook).data, status.HTTP_201_CREATED, headers={"Location": location})

    @extend_schema(request=ChangeWebhookBody, responses=WebhookSerializer)
    def partial_update(self, request: MemberRequest, pk: int) -> Response:
        """Change it; an answer to `new_secret` has the secret."""
        webhook = self.get_object()
        values = values_of(ChangeWebhookBody, request.data, self.get_serializer_context())
        webhook = change_webhook(webhook, **values, by=self.actor)
        shown = {"secret": webhook.secret} if values.get("new_secret") else {}
        return Response({**self.get_serializer(webhook).data, **shown})

    def destroy(self, request: MemberRequest, pk: int) -> Response:
        """Remove it with its log."""
        remove_webhook(self.get_object(), by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Put the secret into the answer to `create` at the last moment: answers that are kept hold none."""
        if response.status_code == status.HTTP_201_CREATED:
            webhook = self.get_queryset().filter(pk=response.data["id"]).first()
            response.data = {**response.data, "secret": webhook.secret if webhook else None}
        return super().finalize_response(request, response, *args, **kwargs)


class Deliveries(ListModelMixin, ActingView, GenericViewSet[Delivery]):
    """What a webhook was told, or is to be told, latest first."""

    serializer_class = DeliverySerializer
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Delivery]:
        """The log of the webhook of the address."""
        webhook = get_object_or_404(Webhook.objects.visible_to(self.actor), pk=self.kwargs["pk"])
        return webhook.deliveries.select_related("event__case")


class Redeliver(ActingView):
    """POST sends a delivery again; the answer is the delivery, waiting."""

    serializer_class = DeliverySerializer

    @extend_schema(request=EmptyBody, responses=DeliverySerializer)
    def post(self, request: MemberRequest, pk: int, delivery: Any) -> Response:
        """Do it."""
        webhook = get_object_or_404(Webhook.objects.visible_to(self.actor), pk=pk)
        found = get_object_or_404(webhook.deliveries.select_related("webhook"), uuid=delivery)
        values_of(EmptyBody, request.data, self.get_serializer_context())
        return Response(self.get_serializer(redeliver(found, by=self.actor)).data)

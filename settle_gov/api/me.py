"""Who I am here, what I may do, and what waits for me."""

from typing import Any

from django.db.models import Count
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cases.models import Case, Finding, Notification
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.fields import Code
from stakeholders.api.parameters import refuse_strangers
from stakeholders.models import Membership, User
from stakeholders.roles import PERMISSIONS, Permission, Role


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """In which capacity somebody acts: party, role, and where."""

    party = Code()
    party_name = serializers.CharField(source="party.name")

    class Meta:
        model = Membership
        fields = ["id", "party", "party_name", "role", "area", "grid", "since", "until"]


class UserSerializer(serializers.ModelSerializer[User]):
    """Who signs in."""

    class Meta:
        model = User
        fields = ["username", "name"]


class CountsSerializer(serializers.Serializer[Any]):
    """What waits: cases, open findings by kind, notices."""

    open_cases = serializers.IntegerField()
    overdue = serializers.IntegerField()
    findings = serializers.DictField(child=serializers.IntegerField())
    unread_notices = serializers.IntegerField()


class MeSerializer(serializers.Serializer[Any]):
    """Who asks, as what, and what waits for it."""

    user = UserSerializer()
    membership = MembershipSerializer()
    memberships = MembershipSerializer(many=True)
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=[each.value for each in Permission]))
    counts = CountsSerializer()


class Me(ActingView):
    """The user, the acting membership, all memberships, permissions and the counts of the home page."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: MemberRequest) -> Response:
        """Answer for the membership of the token, or the one chosen in the session."""
        refuse_strangers(request, frozenset())
        memberships = Membership.objects.current().filter(user=request.user).select_related("party")
        return Response(
            {
                "user": UserSerializer(request.user).data,
                "membership": MembershipSerializer(self.actor).data,
                "memberships": MembershipSerializer(memberships, many=True).data,
                "permissions": sorted(PERMISSIONS[Role(self.actor.role)]),
                "counts": _counts(self.actor),
            }
        )


def _counts(actor: Membership) -> dict[str, Any]:
    visible = Case.objects.visible_to(actor)
    findings = Finding.objects.visible_to(actor).open().order_by().values_list("kind")
    return {
        "open_cases": visible.open().count(),
        "overdue": visible.overdue(timezone.now()).count(),
        "findings": dict.fromkeys(Finding.Kind.values, 0) | dict(findings.annotate(Count("pk"))),
        "unread_notices": Notification.objects.told_to(actor).unread().count(),
    }

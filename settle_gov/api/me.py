"""Who I am here, what I may do, and what waits for me."""

from typing import Any

from django.db.models import Count
from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from cases.models import Case, Finding, Notification
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.fields import Code
from stakeholders.api.parameters import refuse_strangers
from stakeholders.models import Membership
from stakeholders.roles import PERMISSIONS, Role


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """In which capacity somebody acts: party, role, and where."""

    party = Code()
    party_name = serializers.CharField(source="party.name")

    class Meta:
        model = Membership
        fields = ["id", "party", "party_name", "role", "area", "grid", "since", "until"]


class Me(ActingView):
    """The user, the acting membership, all memberships, permissions and the counts of the home page."""

    def get(self, request: MemberRequest) -> Response:
        """Answer for the membership of the token, or the one chosen in the session."""
        refuse_strangers(request, frozenset())
        memberships = Membership.objects.current().filter(user=request.user).select_related("party")
        return Response(
            {
                "user": {"username": request.user.username, "name": request.user.name},
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

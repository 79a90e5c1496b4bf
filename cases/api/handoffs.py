"""Who hands cases to whom, how many, and how long they had them before."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.http import urlencode
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cases.api.period import PeriodAnswer, PeriodQuery
from cases.days import Days
from cases.handed import Handed
from cases.handoffs import handoffs
from cases.models import Case, Custody
from cases.parties import parties_met_by
from cases.policies import can_see_figures
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import values_of
from stakeholders.api.fields import Codes
from stakeholders.api.parameters import refuse_strangers
from stakeholders.models import Party
from stakeholders.models.party import PartyQuerySet
from stakeholders.policies import require

HOUR = timedelta(hours=1)


class PartyCodes(Codes):
    """Parties that the actor meets."""

    def seen(self) -> PartyQuerySet:
        """Also those that only cases lead to: the answer names them."""
        return parties_met_by(self.context["actor"])


class HandoffQuery(PeriodQuery):
    """In which days, and from or to which parties."""

    from_party = PartyCodes(Party.objects.all(), required=False)
    to_party = PartyCodes(Party.objects.all(), required=False)


class HandoffSerializer(serializers.Serializer[Any]):
    """What one party handed to another: how often, how many cases, and how often by returning it.

    `hours_held` is how long the giver had had them, all together, `hours_between` how long they lay with nobody until
    the other had them, both in natural time.
    """

    from_party = serializers.CharField()
    to_party = serializers.CharField()
    count = serializers.IntegerField()
    returned = serializers.IntegerField()
    cases = serializers.IntegerField()
    hours_held = serializers.FloatField()
    hours_between = serializers.FloatField()
    cases_url = serializers.URLField()


class HandoffsSerializer(PeriodAnswer):
    """The period and the pairs, the most frequent first."""

    results = HandoffSerializer(many=True)


class Handoffs(ActingView):
    """Hand-offs of the cases that the actor sees, party by party."""

    @extend_schema(parameters=[HandoffQuery], responses=HandoffsSerializer)
    def get(self, request: MemberRequest) -> Response:
        """Count what arrived in the period."""
        require(can_see_figures(self.actor))
        refuse_strangers(request, set(HandoffQuery().fields))
        asked = values_of(HandoffQuery, request.query_params.dict(), self.get_serializer_context())
        days: Days = asked["days"]
        handed = handoffs(Case.objects.visible_to(self.actor), days.period)
        for name, field in (("from_party", "giver"), ("to_party", "party")):
            if name in asked:
                handed = handed.filter(**{f"{field}__in": [each.pk for each in asked[name]]})
        pairs = handed.values("giver", "party").annotate(
            count=Count("pk"),
            returned=Count("pk", filter=Q(given_by=Custody.Ending.RETURNED)),
            cases=Count("case", distinct=True),
            held=Sum(F("given_at") - F("given_since")),
            between=Sum(F("since") - F("given_at")),
        )
        rows = list(pairs)
        parties = Party.objects.in_bulk({each[side] for each in rows for side in ("giver", "party")})
        results = [_row(each, Handed(parties[each["giver"]], parties[each["party"]], days), request) for each in rows]
        results.sort(key=lambda row: (-row["count"], row["from_party"], row["to_party"]))
        return Response(HandoffsSerializer({"days": days, "results": results}).data)


def _row(pair: dict[str, Any], handed: Handed, request: MemberRequest) -> dict[str, Any]:
    return {
        "from_party": handed.giver.code,
        "to_party": handed.receiver.code,
        **{name: pair[name] for name in ("count", "returned", "cases")},
        "hours_held": round(pair["held"] / HOUR, 2),
        "hours_between": round(pair["between"] / HOUR, 2),
        "cases_url": f"{reverse('api:cases', request=request)}?{urlencode({'handed': handed.key})}",
    }

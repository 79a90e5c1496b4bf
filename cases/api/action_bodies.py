"""What clients send to act on a case. Names and values end up as the keywords of a service, which knows the rules."""

from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _
from rest_framework import serializers

from cases import more_time
from cases.api.bodies import BUILDINGS, ESTATES, ITEMS
from cases.models import Attachment, Case, CaseRuling, StatutoryRule
from cases.models.case import DESCRIPTION_LIMIT
from cases.models.rule import Unit
from stakeholders.api.bodies import StrictBody
from stakeholders.api.duties import ScopeBody
from stakeholders.api.fields import CodeList, File, Flag, Instant, Number, Reference, Text
from stakeholders.models import Membership, Party

MOST_SUPPORTS = 20
PLACES = ("area", "estate", "building")
LEDGER_ONLY = (*PLACES, "need_class", "need_item", "valid_until")  # what makes no sense for one case
DOCUMENT_NO_LIMIT = CaseRuling._meta.get_field("document_no").max_length


class ReasonBody(StrictBody):
    """Why, or what was done."""

    reason = Text(max_length=DESCRIPTION_LIMIT)


class RemarkBody(StrictBody):
    """Something to say, or not."""

    reason = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)


# Whose it is


class ClaimBody(StrictBody):
    """Why a case is ours."""

    ground = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)
    legal_basis = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)


class DisclaimBody(ClaimBody):
    """Why a case is not ours."""

    ground = Text(max_length=DESCRIPTION_LIMIT)


class ReassignBody(ReasonBody):
    """Who is to have it, and who helps."""

    lead = Reference(Party.objects.all())
    supports = CodeList(Party.objects.all(), most=MOST_SUPPORTS, required=False)


class RuleBody(ScopeBody):
    """Who is to have it, and how wide that holds: `scope` is "case", or a place says where, as in a ruling."""

    valid_from = None  # type: ignore[assignment]  # so a serializer leaves a field out
    lead = Reference(Party.objects.all())
    scope = serializers.ChoiceField(choices=["case"], required=False)
    reason = Text(max_length=DESCRIPTION_LIMIT)
    document_no = Text(max_length=DOCUMENT_NO_LIMIT, required=False, allow_blank=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Either this case alone, or a place from now on."""
        is_for_case = values.pop("scope", None) is not None
        too_much = [name for name in LEDGER_ONLY if is_for_case and values.get(name) is not None]
        if too_much:
            raise serializers.ValidationError(dict.fromkeys(too_much, _("A ruling on this case alone has none.")))
        if not is_for_case and all(values.get(name) is None for name in PLACES):
            raise serializers.ValidationError({"scope": _("Say “case”, or name an area, an estate or a building.")})
        return values


class Colleague(Reference):
    """Somebody who handles cases for the party of the actor, by user name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Membership.objects.all(), "user__username", **kwargs)

    def get_queryset(self) -> Any:
        """The handlers of the party; where one person is so twice, either will do."""
        handlers = Membership.objects.handling_for(self.context["actor"].party_id)
        return Membership.objects.filter(
            pk__in=handlers.order_by().values("user").annotate(first=Min("pk")).values("first")
        )


class InChargeBody(RemarkBody):
    """Who handles it inside the party."""

    person = Colleague()


class LinkBody(RemarkBody):
    """Which case it is a duplicate of."""

    main_case = Reference(Case.objects.all(), "number")


class LocateBody(RemarkBody):
    """Where it is and what it is about."""

    estate = Reference(ESTATES)
    building = Reference(BUILDINGS, required=False, allow_null=True)
    need_item = Reference(ITEMS)


# More time


class SpanBody(ReasonBody):
    """Until when, or for how long."""

    until = Instant(required=False)
    amount = Number(required=False, min_value=1, max_value=more_time.MOST)
    unit = serializers.ChoiceField(choices=Unit.choices, required=False)


class DecideBody(ReasonBody):
    """Whether it is granted, and why so."""

    grant = Flag()


class StartTimerBody(RemarkBody):
    """Which time limit, and from when on."""

    rule = Reference(StatutoryRule.objects.all())
    started_at = Instant(required=False)


class StopTimerBody(ReasonBody):
    """Which time limit, and what was done."""

    rule = Reference(StatutoryRule.objects.all())


class ExtendTimerBody(StopTimerBody):
    """By how much of its own unit."""

    amount = Number(min_value=1, max_value=more_time.MOST)


# After


class RateBody(RemarkBody):
    """The reporter's answers; null is no answer."""

    contacted = Flag(required=False, allow_null=True)
    solved = Flag(required=False, allow_null=True)
    satisfied = Flag(required=False, allow_null=True)


class AttachBody(RemarkBody):
    """A photo or a PDF."""

    file = File(allow_empty_file=True)  # the service says what is wrong with it
    kind = serializers.ChoiceField(choices=Attachment.Kind.choices)

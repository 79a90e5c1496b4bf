"""Drafts as a client sends them, and the cells that they would change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from stakeholders.api.bodies import StrictBody
from stakeholders.api.fields import Instant, Number, Reference, Text
from stakeholders.coverage import Scope
from stakeholders.drafts import draft_of, scope_in
from stakeholders.eligibility import require_eligible
from stakeholders.models import Area, Building, Estate, Mandate, Membership, NeedClass, NeedItem, Party, Ruling
from stakeholders.what_if import Change, Draft, Effect, Standing

MOST_DRAFTS = 500  # records to be added or taken out, all together
LISTS = ("mandates", "rulings", "withdraw")
SCOPE_AND_TIME = ("area", "estate", "building", "need_class", "need_item", "valid_from", "valid_until")
NAMED: dict[str, QuerySet[Any]] = {
    "area": Area.objects.all(),
    "estate": Estate.objects.all(),
    "building": Building.objects.all(),
    "need_class": NeedClass.objects.all(),
    "need_item": NeedItem.objects.all(),
    "party": Party.objects.all(),
    "lead": Party.objects.all(),
}


class Named(Reference):
    """A reference that was looked up together with those of all other drafts; see `WhatIfBody`."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(NAMED[name], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Take what was found."""
        if not isinstance(data, str):
            self.fail("invalid")
        found = self.context["named"][self.field_name].get(data)
        if found is None:
            self.fail("does_not_exist", value=data)
        return found


class DraftBody(StrictBody):
    """What mandates and rulings share. A beginning that is left out is the moment that is looked at."""

    PARTY: str  # the field that says who is to answer

    area = Named("area", required=False, allow_null=True)
    estate = Named("estate", required=False, allow_null=True)
    building = Named("building", required=False, allow_null=True)
    need_class = Named("need_class", required=False, allow_null=True)
    need_item = Named("need_item", required=False, allow_null=True)
    valid_from = Instant(required=False)
    valid_until = Instant(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what the tables refuse; asking them would be a query for each draft and rule."""
        attrs.setdefault("valid_from", self.context["at"])
        try:
            Mandate(**{name: attrs.get(name) for name in SCOPE_AND_TIME}).clean()
            require_eligible(attrs[self.PARTY], by=self.context["actor"], at=attrs["valid_from"], field=self.PARTY)
        except DjangoValidationError as refusal:
            raise serializers.ValidationError(serializers.as_serializer_error(refusal)) from refusal
        return attrs


class DraftMandateBody(DraftBody):
    """A mandate that is thought of; the paper may still be missing."""

    PARTY = "party"

    party = Named("party")
    role = serializers.ChoiceField(choices=Mandate.Role.choices)
    basis = Text(max_length=200, required=False, allow_blank=True)
    evidence = Text(required=False, allow_blank=True)


class DraftRulingBody(DraftBody):
    """A ruling that is thought of; the reason may still be missing."""

    PARTY = "lead"

    lead = Named("lead")
    reason = Text(required=False, allow_blank=True)
    document_no = Text(max_length=80, required=False, allow_blank=True)


class WhatIfBody(StrictBody):
    """Mandates and rulings to be added, mandates to be taken out, and the moment to look at, which is now unless given.

    What all drafts name is read at one stroke for each kind, so that 500 drafts cost as many queries as one.
    """

    default_error_messages = {
        "withdrawn": gettext_lazy("There is no mandate {value} here that still counts."),
    }

    mandates = DraftMandateBody(many=True, required=False)
    rulings = DraftRulingBody(many=True, required=False)
    withdraw = serializers.ListField(child=Number(min_value=1), required=False)
    at = Instant(required=False)

    def to_internal_value(self, data: Any) -> Any:
        """Look up what is named before the drafts are checked one by one."""
        lists = [data.get(name) for name in LISTS] if isinstance(data, Mapping) else []
        drafts = [draft for each in lists if isinstance(each, list) for draft in each]
        if len(drafts) > MOST_DRAFTS:
            words = _("Send at most %(most)d drafts at once.") % {"most": MOST_DRAFTS}
            raise serializers.ValidationError({"": [ErrorDetail(words, code="too_many")]})
        shared = cast(dict[str, Any], self.context)
        shared["named"] = {name: self._named(name, drafts) for name in NAMED}
        shared["at"] = self._moment(data) or timezone.now()
        return super().to_internal_value(data)

    def validate_withdraw(self, numbers: list[int]) -> list[Mandate]:
        """Find the mandates; they must be seen by the actor and not be withdrawn yet."""
        seen = Mandate.objects.visible_to(self.context["actor"]).known_on().in_bulk(numbers)
        for number in numbers:
            if number not in seen:
                self.fail("withdrawn", value=number)
        return list(seen.values())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Say which moment is looked at."""
        return {**attrs, "at": self.context["at"]}

    def _named(self, name: str, drafts: Iterable[Any]) -> dict[str, Any]:
        """What the drafts name in one of their fields, by code, as far as the actor sees it."""
        values = [draft.get(name) for draft in drafts if isinstance(draft, Mapping)]
        codes = {value for value in values if isinstance(value, str) and "\0" not in value}
        known: Any = NAMED[name].all()
        seen = known.visible_to(self.context["actor"]) if hasattr(known, "visible_to") else known
        found: dict[str, Any] = seen.in_bulk(codes, field_name="code") if codes else {}
        return found

    def _moment(self, data: Any) -> datetime | None:
        """The moment to look at, where it makes sense; if not, its field says so."""
        try:
            moment: datetime | None = self.fields["at"].run_validation(data["at"])
        except (KeyError, TypeError, serializers.ValidationError):
            return None
        return moment


def asked_draft(values: Mapping[str, Any]) -> tuple[Draft, list[Scope]]:
    """The draft that a checked body asks for, and where it takes mandates out."""
    mandates = [Mandate(**each) for each in values.get("mandates", ())]
    now = timezone.now()  # so that they go before those that were decided
    rulings = [Ruling(decided_at=now, **each) for each in values.get("rulings", ())]
    withdrawn = values.get("withdraw", ())
    return draft_of(mandates, rulings, withdrawn), [scope_in(mandate) for mandate in withdrawn]


def counts_of(changes: Iterable[Change]) -> dict[Effect, int]:
    """How many cells change in which way; all four ways."""
    counted = Counter(change.effect for change in changes)
    return {effect: counted[effect] for effect in Effect}


def rows_of(changes: Sequence[Change], actor: Membership) -> list[dict[str, Any]]:
    """The changes in the words of the contract; four queries for the codes of all that they name."""
    estates = dict(Estate.objects.visible_to(actor).values_list("pk", "code"))
    buildings = dict(
        Building.objects.filter(estate__in={each.place.estate for each in changes}).values_list("pk", "code")
    )
    items = dict(NeedItem.objects.values_list("pk", "code"))
    standings = [standing for each in changes for standing in (each.before, each.after)]
    parties = dict(
        Party.objects.filter(pk__in={pk for each in standings for pk in each.parties}).values_list("pk", "code")
    )
    return [
        {
            "estate": estates[each.place.estate],
            "building": buildings.get(each.place.building),
            "need_item": items[each.item.need_item],
            "effect": each.effect,
            "before": _standing(each.before, parties),
            "after": _standing(each.after, parties),
        }
        for each in changes
    ]


def _standing(standing: Standing, parties: Mapping[int, str]) -> dict[str, Any]:
    named = sorted(parties[pk] for pk in standing.parties)
    return {"state": standing.state, "parties": named, "ruled": standing.is_ruled}

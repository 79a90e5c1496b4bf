"""What one can ask of the registers: a value that is not known is an error, never ignored."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from stakeholders.models import (
    Area,
    Building,
    Episode,
    Estate,
    Grid,
    Household,
    Mandate,
    NeedClass,
    NeedItem,
    Party,
    Resident,
    Revealing,
    Ruling,
)
from stakeholders.models.episode import EpisodeQuerySet
from stakeholders.models.mandate import LedgerQuerySet, Record

UNKNOWN = _("There is no “%(value)s” here.")
MOST_CODES = 100  # in one parameter
MOST_ID = 2**63 - 1  # that a database has room for


class YesNoFilter(django_filters.TypedChoiceFilter):
    """Takes true or false and nothing else."""

    def __init__(self, **options: Any) -> None:
        choices = [("true", _("yes")), ("false", _("no"))]
        super().__init__(choices=choices, coerce=lambda value: value == "true", empty_value=None, **options)


class AnyOfFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):
    """One of several values, separated by commas."""


class MomentField(forms.CharField):
    """A moment with its offset; without one it would mean something else in another zone."""

    default_error_messages = {
        "moment": _("Give a date and time with its offset, such as 2026-11-20T17:30:00+08:00."),
    }

    def clean(self, value: Any) -> datetime | None:
        """Read ISO 8601."""
        text = super().clean(value)
        if not text:
            return None
        try:
            # A plus sign that was not encoded arrives as a space.
            moment = parse_datetime(text.replace(" ", "+", 1) if "T" in text else text)
            if moment is not None and moment.utcoffset() is not None:
                return moment.astimezone(UTC)  # what has no place in UTC cannot be compared
        except (ValueError, OverflowError):
            pass
        raise ValidationError(self.error_messages["moment"], code="moment")


class MomentFilter(django_filters.Filter):
    """Compares with a moment."""

    field_class = MomentField


class IdFilter(django_filters.Filter):
    """The number of something, which need not be there any more."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=MOST_ID, **options)


class CodesField(forms.CharField):
    """Codes separated by commas, looked up at one stroke."""

    default_error_messages = {
        "invalid_choice": UNKNOWN,
        "too_many": _("Give at most %(limit)d codes."),
    }

    def __init__(self, *, queryset: QuerySet[Any], **options: Any) -> None:
        super().__init__(**options)
        self.queryset = queryset

    def clean(self, value: Any) -> list[Any]:
        """Return what the codes stand for; all must be known."""
        text = super().clean(value)
        codes = set(text.split(",")) if text else set()
        if len(codes) > MOST_CODES or text.count(",") >= MOST_CODES:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"limit": MOST_CODES})
        if not codes:
            return []
        found = self.find(codes)
        if unknown := sorted(codes - {code for code, _each in found}):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": unknown[0]}
            )
        return [each for _code, each in found]

    def find(self, codes: set[str]) -> list[tuple[str, Any]]:
        """All that goes by one of these codes, with the code."""
        return [(each.code, each) for each in self.queryset.filter(code__in=codes)]


class PlacesField(CodesField):
    """Codes of estates and of buildings in them; a code that both have means both."""

    def find(self, codes: set[str]) -> list[tuple[str, Any]]:
        """The estates and the buildings that go by one of these codes."""
        buildings = Building.objects.filter(estate__in=self.queryset, code__in=codes)
        return [*super().find(codes), *((each.code, each) for each in buildings)]


class CodeFilter(django_filters.filters.QuerySetRequestMixin, django_filters.Filter):
    """Rows that refer to one of several objects by code; what the actor cannot see is as unknown as what is not."""

    field_class = CodesField

    def __init__(self, queryset: QuerySet[Any], **options: Any) -> None:
        super().__init__(queryset=queryset, lookup_expr="in", **options)

    def get_queryset(self, request: Any) -> Any:
        """Who asks is known from the request; without one, a program of ours asks."""
        known: Any = super().get_queryset(request)
        return known.visible_to(request.membership) if request and hasattr(known, "visible_to") else known


class PlaceFilter(CodeFilter):
    """Rows at one of several estates, all of their places included, or at one of several buildings."""

    field_class = PlacesField

    def filter(self, rows: QuerySet[Any], places: list[Any]) -> QuerySet[Any]:
        """Look for estates and for buildings."""
        if not places:
            return rows
        estates = [each for each in places if isinstance(each, Estate)]
        buildings = [each for each in places if isinstance(each, Building)]
        return rows.filter(Q(estate__in=estates) | Q(building__in=buildings))


class AreaFilter(django_filters.ModelChoiceFilter):
    """Rows in a division and all that it contains."""

    def __init__(self, **options: Any) -> None:
        asked = {"queryset": Area.objects.all(), "to_field_name": "code", "label": _("area")}
        super().__init__(error_messages={"invalid_choice": UNKNOWN}, **asked, **options)

    def filter(self, rows: QuerySet[Any], area: Area | None) -> QuerySet[Any]:
        """Compare codes as a range, which every engine can do by index."""
        return rows.filter(**{f"{self.field_name}__code__range": area.code_range}) if area else rows


class GridFilter(django_filters.FilterSet):
    area = AreaFilter()

    class Meta:
        model = Grid
        fields: list[str] = []


class EstateFilter(django_filters.FilterSet):
    area = AreaFilter()
    kind = AnyOfFilter(choices=Estate.Kind.choices, label=_("kind"))

    class Meta:
        model = Estate
        fields: list[str] = []


class BuildingFilter(django_filters.FilterSet):
    estate = CodeFilter(Estate.objects.all(), label=_("estate"))

    class Meta:
        model = Building
        fields: list[str] = []


class HouseholdFilter(django_filters.FilterSet):
    estate = CodeFilter(Estate.objects.all(), field_name="building__estate", label=_("estate"))
    building = CodeFilter(Building.objects.all(), label=_("building"))

    class Meta:
        model = Household
        fields: list[str] = []


class ResidentFilter(django_filters.FilterSet):
    """By place only: a program that searches by name could try every one."""

    estate = CodeFilter(Estate.objects.all(), field_name="household__building__estate", label=_("estate"))
    building = CodeFilter(Building.objects.all(), field_name="household__building", label=_("building"))
    household = CodeFilter(Household.objects.all(), label=_("household"))

    class Meta:
        model = Resident
        fields: list[str] = []


class RevealingFilter(django_filters.FilterSet):
    """Who looked, at whom, when; a resident may be removed by now."""

    resident = IdFilter(label=_("resident"))
    user = django_filters.CharFilter(field_name="by__user__username", max_length=150, label=_("user"))
    at__gte = MomentFilter(field_name="at", lookup_expr="gte", label=_("at, not before"))
    at__lt = MomentFilter(field_name="at", lookup_expr="lt", label=_("at, before"))

    class Meta:
        model = Revealing
        fields: list[str] = []


class PartyFilter(django_filters.FilterSet):
    area = AreaFilter()
    kind = AnyOfFilter(choices=Party.Kind.choices, label=_("kind"))

    class Meta:
        model = Party
        fields: list[str] = []


class NeedItemFilter(django_filters.FilterSet):
    need_class = CodeFilter(NeedClass.objects.all(), label=_("need class"))

    class Meta:
        model = NeedItem
        fields: list[str] = []


class RecordFilter(django_filters.FilterSet):
    """Withdrawn records are shown when they are asked for."""

    estate = CodeFilter(Estate.objects.all(), label=_("estate"))
    building = CodeFilter(Building.objects.all(), label=_("building"))
    need_class = CodeFilter(NeedClass.objects.all(), label=_("need class"))
    need_item = CodeFilter(NeedItem.objects.all(), label=_("need item"))
    withdrawn = YesNoFilter(method="with_withdrawn", label=_("withdrawn"))

    def filter_queryset(self, queryset: Any) -> Any:
        """Without a word about it, only what still counts."""
        records = super().filter_queryset(queryset)
        return records if self.form.cleaned_data.get("withdrawn") else records.filter(withdrawn_at__isnull=True)

    def with_withdrawn(self, records: LedgerQuerySet[Record], name: str, wanted: bool) -> LedgerQuerySet[Record]:
        """See `filter_queryset`."""
        return records


class MandateFilter(RecordFilter):
    party = CodeFilter(Party.objects.all(), label=_("party"))
    role = AnyOfFilter(choices=Mandate.Role.choices, label=_("role"))

    class Meta:
        model = Mandate
        fields: list[str] = []


class RulingFilter(RecordFilter):
    lead = CodeFilter(Party.objects.all(), label=_("lead"))

    class Meta:
        model = Ruling
        fields: list[str] = []


class EpisodeFilter(django_filters.FilterSet):
    """What one can ask of episodes. No beginning is earlier than any moment, no end is later than any."""

    state = AnyOfFilter(choices=Episode.State.choices, label=_("state"))
    open = YesNoFilter(method="going_on", label=_("open"))
    place = PlaceFilter(Estate.objects.all(), label=_("place"))
    estate = CodeFilter(Estate.objects.all(), label=_("estate"))
    building = CodeFilter(Building.objects.all(), label=_("building"))
    need_item = CodeFilter(NeedItem.objects.all(), label=_("need item"))
    need_class = CodeFilter(NeedClass.objects.all(), field_name="need_item__need_class", label=_("need class"))
    parties = CodeFilter(Party.objects.all(), method="standing_for_it", label=_("parties"))
    area = AreaFilter(field_name="estate__area")
    until = MomentFilter(label=_("until"))
    from__gte = MomentFilter(field_name="since", lookup_expr="gte", label=_("from, not before"))
    from__lt = MomentFilter(field_name="since", method="earlier", label=_("from, before"))
    from__isnull = YesNoFilter(field_name="since", lookup_expr="isnull", label=_("from before all records"))
    until__gte = MomentFilter(field_name="until", method="not_earlier", label=_("until, not before"))
    until__lt = MomentFilter(field_name="until", lookup_expr="lt", label=_("until, before"))
    until__isnull = YesNoFilter(field_name="until", lookup_expr="isnull", label=_("without an end"))

    class Meta:
        model = Episode
        fields: list[str] = []

    @classmethod
    def get_filters(cls) -> Any:
        """Add the one whose name is a word of Python."""
        return super().get_filters() | {"from": MomentFilter(field_name="since", label=_("from"))}

    def going_on(self, episodes: EpisodeQuerySet, name: str, wanted: bool) -> EpisodeQuerySet:
        """Going on at this moment, or over or yet to come."""
        now = timezone.now()
        return episodes.open_at(now) if wanted else episodes.filter(Q(since__gt=now) | Q(until__lte=now))

    def standing_for_it(self, episodes: EpisodeQuerySet, name: str, parties: list[Party]) -> EpisodeQuerySet:
        """Episodes for which one of several parties stood; each comes once."""
        through = Episode.parties.through._default_manager
        return episodes.filter(pk__in=through.filter(party__in=parties).values("episode")) if parties else episodes

    def earlier(self, episodes: EpisodeQuerySet, name: str, moment: datetime) -> EpisodeQuerySet:
        """Begun before a moment, or before all records."""
        return episodes.filter(Q(since__isnull=True) | Q(since__lt=moment))

    def not_earlier(self, episodes: EpisodeQuerySet, name: str, moment: datetime) -> EpisodeQuerySet:
        """Ending at a moment or later, or never."""
        return episodes.filter(Q(until__isnull=True) | Q(until__gte=moment))

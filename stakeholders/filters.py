"""What one can ask of the registers: a value that is not known is an error, never ignored."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stakeholders.models import Area, Building, Estate, Grid, Mandate, NeedClass, NeedItem, Party, Ruling
from stakeholders.models.mandate import LedgerQuerySet, Record

MOST_CODES = 100  # in one parameter


class YesNoFilter(django_filters.TypedChoiceFilter):
    """Takes true or false and nothing else."""

    def __init__(self, **options: Any) -> None:
        choices = [("true", _("yes")), ("false", _("no"))]
        super().__init__(choices=choices, coerce=lambda value: value == "true", empty_value=None, **options)


class AnyOfFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):
    """One of several values, separated by commas."""


class CodesField(forms.CharField):
    """Codes separated by commas, looked up at one stroke."""

    default_error_messages = {
        "invalid_choice": _("There is no “%(value)s” here."),
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
        found = {each.code: each for each in self.queryset.filter(code__in=codes)}
        if unknown := sorted(codes - set(found)):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": unknown[0]}
            )
        return list(found.values())


class CodeFilter(django_filters.filters.QuerySetRequestMixin, django_filters.Filter):
    """Rows that refer to one of several objects by code; what the actor cannot see is as unknown as what is not."""

    field_class = CodesField

    def __init__(self, queryset: QuerySet[Any], **options: Any) -> None:
        super().__init__(queryset=queryset, lookup_expr="in", **options)

    def get_queryset(self, request: Any) -> Any:
        """Who asks is known from the request; without one, a program of ours asks."""
        known: Any = super().get_queryset(request)
        return known.visible_to(request.membership) if request and hasattr(known, "visible_to") else known


class AreaFilter(django_filters.ModelChoiceFilter):
    """Rows in a division and all that it contains."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Area.objects.all(), to_field_name="code", label=_("area"), **options)

    def filter(self, rows: QuerySet[Any], area: Area | None) -> QuerySet[Any]:
        """Compare codes as a range, which every engine can do by index."""
        return rows.filter(area__code__range=area.code_range) if area else rows


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

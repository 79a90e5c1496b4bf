"""One set of filters for cases, used by the page and the API: a value that is not known is an error, never ignored."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.handed import HandedField
from cases.measured import MeasuredField
from cases.models import Case, Finding
from cases.models.case import CaseQuerySet, is_overdue
from cases.parties import parties_met_by
from cases.workflow import ENDED
from stakeholders.filters import UNKNOWN, AnyOfFilter, CodeFilter, CodesField, MomentFilter, YesNoFilter
from stakeholders.models import Area, Building, Estate, NeedClass, NeedItem, Party
from stakeholders.models.need import Urgency
from stakeholders.search import searchable


class PlaceKeysField(CodesField):
    """Places as they stand in an address: `estate:donghu` is a common area, `building:donghu-1` a building."""

    def find(self, codes: set[str]) -> list[tuple[str, Any]]:
        """The estates and the buildings that go by one of these keys."""
        kinds = {"estate": self.queryset, "building": Building.objects.filter(estate__in=self.queryset)}
        found = []
        for kind, places in kinds.items():
            named = {code.removeprefix(f"{kind}:") for code in codes if code.startswith(f"{kind}:")}
            found += [(f"{kind}:{each.code}", each) for each in places.filter(code__in=named)]
        return found


class PlaceKeysFilter(CodeFilter):
    """Cases at one of several places, each a common area or a building."""

    field_class = PlaceKeysField

    def filter(self, cases: CaseQuerySet, places: list[Any]) -> CaseQuerySet:
        """Look for common areas and for buildings."""
        if not places:
            return cases
        estates = [each for each in places if isinstance(each, Estate)]
        buildings = [each for each in places if isinstance(each, Building)]
        return cases.filter(Q(estate__in=estates, building__isnull=True) | Q(building__in=buildings))


class PartyFilter(CodeFilter):
    """Rows that refer to one of several parties that the actor meets."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Party.objects.all(), **options)

    def get_queryset(self, request: Any) -> Any:
        """Who asks is known from the request; without one, a program of ours asks."""
        return parties_met_by(request.membership) if request else Party.objects.all()


class BehindFilter(django_filters.Filter):
    """The cases behind a number that is shown elsewhere."""

    def filter(self, cases: CaseQuerySet, number: Any) -> CaseQuerySet:
        """Those that are counted, or that it is counted among."""
        return number.among(cases) if number else cases


class MeasuredFilter(BehindFilter):
    """The cases behind a figure."""

    field_class = MeasuredField


class HandedFilter(django_filters.filters.QuerySetRequestMixin, BehindFilter):
    """The cases behind some hand-offs between parties that the actor meets."""

    field_class = HandedField

    def get_queryset(self, request: Any) -> Any:
        """As every filter by party."""
        return parties_met_by(request.membership) if request else Party.objects.all()


class CaseFilter(django_filters.FilterSet):
    """What one can ask of cases."""

    q = django_filters.CharFilter(method="search", max_length=200, label=_("search"))
    stage = AnyOfFilter(choices=Case.Stage.choices, label=_("stage"))
    responsibility = AnyOfFilter(choices=Case.Responsibility.choices, label=_("responsibility"))
    lead = PartyFilter(label=_("lead"))
    lead__isnull = YesNoFilter(field_name="lead", lookup_expr="isnull", label=_("without a lead"))
    estate = CodeFilter(Estate.objects.all(), label=_("estate"))
    estate__isnull = YesNoFilter(field_name="estate", lookup_expr="isnull", label=_("without an estate"))
    building = CodeFilter(Building.objects.all(), label=_("building"))
    place = PlaceKeysFilter(Estate.objects.all(), label=_("place"))
    need_item = CodeFilter(NeedItem.objects.all(), label=_("need item"))
    need_item__isnull = YesNoFilter(field_name="need_item", lookup_expr="isnull", label=_("without a need item"))
    need_class = CodeFilter(NeedClass.objects.all(), field_name="need_item__need_class", label=_("need class"))
    urgency = AnyOfFilter(choices=Urgency.choices, label=_("urgency"))
    channel = AnyOfFilter(choices=Case.Channel.choices, label=_("channel"))
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.all(),
        to_field_name="code",
        method="inside",
        label=_("area"),
        error_messages={"invalid_choice": UNKNOWN},
    )
    open = YesNoFilter(method="still_open", label=_("open"))
    overdue = YesNoFilter(method="past_due", label=_("overdue"))
    finding = AnyOfFilter(choices=Finding.Kind.choices, method="with_finding", label=_("finding"))
    measured = MeasuredFilter(label=_("figure"))
    handed = HandedFilter(label=_("handed on"))
    asked = AnyOfFilter(choices=Case.Asked.choices, label=_("asked for"))
    listed = YesNoFilter(field_name="listed_at", lookup_expr="isnull", exclude=True, label=_("listed for supervision"))
    external_id = django_filters.CharFilter(max_length=64, label=_("number elsewhere"))
    reported_at__gte = MomentFilter(field_name="reported_at", lookup_expr="gte", label=_("reported from"))
    reported_at__lt = MomentFilter(field_name="reported_at", lookup_expr="lt", label=_("reported before"))
    updated_at__gte = MomentFilter(field_name="updated_at", lookup_expr="gte", label=_("changed from"))
    updated_at__lt = MomentFilter(field_name="updated_at", lookup_expr="lt", label=_("changed before"))
    resolve_due_at__gte = MomentFilter(field_name="resolve_due_at", lookup_expr="gte", label=_("due from"))
    resolve_due_at__lt = MomentFilter(field_name="resolve_due_at", lookup_expr="lt", label=_("due before"))
    resolved_at__gte = MomentFilter(field_name="resolved_at", lookup_expr="gte", label=_("resolved from"))
    resolved_at__lt = MomentFilter(field_name="resolved_at", lookup_expr="lt", label=_("resolved before"))

    class Meta:
        model = Case
        fields: list[str] = []

    def search(self, cases: CaseQuerySet, name: str, words: str) -> CaseQuerySet:
        """All words must occur, or the phone of the reporter end so; what is nothing but punctuation occurs nowhere."""
        if not searchable(words):
            return cases.none()
        return cases.meant_by(words, self.request.membership) if self.request else cases.matching(words)

    def inside(self, cases: CaseQuerySet, name: str, area: Area) -> CaseQuerySet:
        """Cases in a division and all that it contains."""
        return cases.filter(area__code__range=area.code_range)

    def still_open(self, cases: CaseQuerySet, name: str, wanted: bool) -> CaseQuerySet:
        """Neither closed nor void, or one of both."""
        return cases.open() if wanted else cases.filter(stage__in=ENDED)

    def past_due(self, cases: CaseQuerySet, name: str, wanted: bool) -> CaseQuerySet:
        """Past the deadline to resolve at this moment, or not."""
        now = timezone.now()
        return cases.overdue(now) if wanted else cases.exclude(is_overdue(now))

    def with_finding(self, cases: CaseQuerySet, name: str, kinds: list[str]) -> CaseQuerySet:
        """Cases with an open fault of one of these kinds."""
        return cases.filter(Exists(Finding.objects.open().filter(case=OuterRef("pk"), kind__in=kinds)))

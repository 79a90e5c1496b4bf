"""What one can ask of findings."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import BulkRow, Case, Finding
from cases.models.finding import FindingQuerySet
from stakeholders.api.acting import MemberRequest
from stakeholders.filters import AnyOfFilter, MomentFilter, YesNoFilter


def _visible_cases(request: MemberRequest) -> QuerySet[Case]:
    return Case.objects.visible_to(request.membership)


class FindingFilter(django_filters.FilterSet):
    """By kind, by case, by age, and whether they still stand."""

    kind = AnyOfFilter(choices=Finding.Kind.choices, label=_("kind"))
    open = YesNoFilter(method="standing", label=_("open"))
    case = django_filters.ModelChoiceFilter(queryset=_visible_cases, to_field_name="number", label=_("case"))
    opened_at__gte = MomentFilter(field_name="opened_at", lookup_expr="gte", label=_("found from"))
    opened_at__lt = MomentFilter(field_name="opened_at", lookup_expr="lt", label=_("found before"))

    class Meta:
        model = Finding
        fields: list[str] = []

    def standing(self, findings: FindingQuerySet, name: str, wanted: bool) -> FindingQuerySet:
        """Still open, or cleared."""
        return findings.filter(cleared_at__isnull=wanted)


class BulkRowFilter(django_filters.FilterSet):
    """By what became of them."""

    state = AnyOfFilter(choices=BulkRow.State.choices, label=_("state"))

    class Meta:
        model = BulkRow
        fields: list[str] = []

"""The list of cases: all that a member may see, filtered, newest first."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.filters import CaseFilter
from cases.forms.choose import ChooseForm
from cases.models import Case
from cases.policies import can_log
from cases.views.asked import Chip, chips_of, errors_of
from cases.views.keyset import page_after
from cases.views.rows import rows
from cases.watch import Watch
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50
OF_THE_PAGE = {"after", "count", "choose"}  # parameters that are no filters


@dataclass(frozen=True)
class View:
    """A question that many ask: what it is called, and the one filter that asks it."""

    label: Promise
    name: str = ""
    value: str = ""

    @property
    def query(self) -> str:
        """The filter as it stands in an address."""
        return f"{self.name}={self.value}" if self.name else ""


VIEWS = [
    View(gettext_lazy("All")),
    View(gettext_lazy("Open"), "open", "true"),
    View(gettext_lazy("Overdue"), "overdue", "true"),
    View(gettext_lazy("Nobody answers"), "responsibility", "vacuum"),
    View(gettext_lazy("Several answer"), "responsibility", "multi_head"),
    View(gettext_lazy("Disputed"), "responsibility", "disputed"),
    View(gettext_lazy("To be located"), "responsibility", "unlocated"),
    View(gettext_lazy("On hold"), "stage", "on_hold"),
    View(gettext_lazy("To be checked"), "stage", "resolved"),
    View(gettext_lazy("Closed"), "stage", "closed"),
]


@require_safe
@member_required
def list_cases(request: MemberRequest) -> HttpResponse:
    """Show one page of the cases that pass the filters; a filter that makes no sense is named and shows none."""
    visible = Case.objects.visible_to(request.membership)
    filters = CaseFilter(request.GET, queryset=visible.for_list(), request=request)
    errors = errors_of(request.GET, filters, {*filters.filters, *OF_THE_PAGE})
    context: dict[str, Any] = {
        "views": VIEWS,
        "words": request.GET.get("q", ""),
        "errors": errors,
        "can_log": can_log(request.membership),
    }
    if errors:
        return render(request, "cases/list.html", context, status=422)
    cases, next_key = page_after(filters.qs, request.GET.get("after", ""), PAGE_SIZE)
    chips = chips_of(filters, lambda name: _address(request.GET, **{name: "", "after": ""}))
    context |= {
        "rows": rows(cases, Watch.at_this_moment()),
        "first": _address(request.GET, after="") if "after" in request.GET else "",
        "next": _address(request.GET, after=next_key) if next_key else "",
        "chips": chips,
        "view": _view(request.GET, chips),
        "total": filters.qs.count() if "count" in request.GET else None,
        "is_none_at_all": not cases and not visible.exists(),
        "form": ChooseForm(request.GET.dict(), by=request.membership) if "choose" in request.GET else None,
    }
    return render(request, "cases/list.html", context)


def _address(asked: QueryDict, **changes: str) -> str:
    """The address of the list with some parameters changed; an empty one is left out."""
    parameters = {name: str(value) for name, value in (asked.dict() | changes).items() if value}
    return f"{reverse('cases:list')}?{urlencode(parameters)}" if parameters else reverse("cases:list")


def _view(asked: QueryDict, chips: list[Chip]) -> View | None:
    """The view that this is, if it is one of them and no more."""
    filtered = "&".join(f"{chip.name}={asked[chip.name]}" for chip in chips)
    return next((view for view in VIEWS if view.query == filtered), None)

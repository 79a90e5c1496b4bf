"""On which cases a step fired in the last month, or would have fired: two lists with one look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.dry_run import Firing, Step, dry_run, last_month
from cases.models import Case, Escalation, EscalationRule, Finding
from cases.policies import can_see_rules
from cases.views.keyset import key, read_key
from settle_gov.web.rules.forms import StepForm
from settle_gov.web.rules.words import step_words
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50
SHOWN_OF_A_CASE = ("lead", "estate", "building")


@dataclass(frozen=True)
class Row:
    """A case, and when a step fired on it."""

    at: datetime
    case: Case


@require_safe
@member_required
def fired(request: MemberRequest, pk: int) -> HttpResponse:
    """List where a step has fired in the last month, newest first."""
    by = request.membership
    require(can_see_rules(by))
    rule = get_object_or_404(EscalationRule, pk=pk)
    since, until = last_month(timezone.now())
    visible = Case.objects.visible_to(by)
    found = Escalation.objects.filter(rule=rule, fired_at__gte=since, fired_at__lt=until, case__in=visible)
    after = request.GET.get("after", "")
    behind = found
    if after:
        moment, last = read_key(after)
        behind = found.filter(Q(fired_at__lt=moment) | Q(id__lt=last), fired_at__lte=moment)
    shown = behind.select_related(*(f"case__{name}" for name in SHOWN_OF_A_CASE)).order_by("-fired_at", "-id")
    page = [each for each in shown[: PAGE_SIZE + 1] if each.fired_at is not None]
    rows = [Row(each.fired_at, each.case) for each in page[:PAGE_SIZE] if each.fired_at is not None]
    following = key(rows[-1].at, page[PAGE_SIZE - 1].pk) if len(page) > PAGE_SIZE else ""
    title = _("Where %(step)s fired") % {"step": rule}
    context = {"title": title, "total": found.count(), "anchor": str(rule), "is_dry": False}
    return _page(request, context, Step.of(rule), rows, following)


@require_safe
@member_required
def would_fire(request: MemberRequest) -> HttpResponse:
    """List where a step, saved or not, would have fired in the last month, newest first."""
    by = request.membership
    require(can_see_rules(by))
    form = StepForm(request.GET)
    if not form.is_valid():
        return render(request, "rules/fired.html", {"title": _("Dry run"), "form": form}, status=422)
    step = form.step()
    since, until = last_month(timezone.now())
    after = request.GET.get("after", "")
    outcome = dry_run(
        [step],
        since=since,
        until=until,
        among=Case.objects.visible_to(by),
        before=Firing(*read_key(after)) if after else None,
        newest=PAGE_SIZE + 1,
    )[step]
    rows = rows_of(outcome.newest[:PAGE_SIZE])
    following = key(*outcome.newest[PAGE_SIZE - 1]) if len(outcome.newest) > PAGE_SIZE else ""
    context = {"title": _("Where this step would have fired"), "total": outcome.firings, "is_dry": True}
    return _page(request, context, step, rows, following)


def rows_of(firings: Sequence[Firing]) -> list[Row]:
    """The cases of a dry run, in one query."""
    cases = Case.objects.select_related(*SHOWN_OF_A_CASE).in_bulk([each.case for each in firings])
    return [Row(each.at, cases[each.case]) for each in firings]


def _page(
    request: MemberRequest, context: dict[str, Any], step: Step, rows: Iterable[Row], following: str
) -> HttpResponse:
    asked = request.GET.copy()
    asked.pop("after", None)
    further = asked.copy()
    further["after"] = following
    context |= {
        "trigger": Finding.Kind(step.trigger),
        "words": step_words(step),
        "rows": rows,
        "since": last_month(timezone.now())[0],
        "first": f"{request.path}?{asked.urlencode()}" if "after" in request.GET else "",
        "next": f"{request.path}?{further.urlencode()}" if following else "",
    }
    return render(request, "rules/fired.html", context)

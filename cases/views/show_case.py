"""The page of one case: where it stands, who has it, why each date, what happened."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case, CaseEvent, Custody
from cases.policies import can_reveal
from cases.timeline import Entry, Names, story
from cases.views import clocks
from cases.views.beside import Beside
from cases.views.deeds import allowed
from cases.views.fetch import get_case
from cases.views.findings import shown_findings
from cases.views.holding import holding
from cases.views.stances import said_by_all, summary
from cases.views.strip import strip
from cases.watch import Watch
from stakeholders.policies import can_see_duties
from stakeholders.views.member import MemberRequest, member_required

Kind = CaseEvent.Kind

PART = (Custody.Role.SUPPORT, Custody.Role.SUPERVISE)  # who has a part in a case without having it


@require_safe
@member_required
def show_case(request: MemberRequest, number: str) -> HttpResponse:
    """Show a case, and only what this membership may do with it now."""
    case = get_case(request.membership, number)
    watch = Watch.at_this_moment()
    events = list(case.events.select_related("by__user", "by__party").order_by("seq"))
    names = Names.in_events(events)
    entries = story(events, watch.calendar, names)
    kinds = {Kind(event.kind) for event in events}
    beside = Beside.of(case, kinds)
    custodies = list(case.custodies.select_related("party"))
    held = holding(case, custodies, watch, None if case.is_open else case.closed_at or events[-1].at)
    said = said_by_all(case, beside.stances, custodies)
    context = {
        "case": case,
        "due": watch.read(case),
        "holding": held,
        "strip": strip(case, held.stretches, watch),
        "others": _others(case, custodies),
        "said": said,
        "said_summary": summary(said),
        "findings": shown_findings(case, names.parties),
        "days": _days(entries),
        "today": timezone.localdate(watch.now),
        "deeds": allowed(request.membership, case),
        "can_reveal": can_reveal(request.membership, case),
        "sees_duties": can_see_duties(request.membership),
        "beside": beside,
        "rating": next((each for each in beside.ratings if each.cycle == case.cycle), None),
    }
    return render(request, "cases/detail.html", context | _clocks(case, entries, kinds, beside, watch))


def _clocks(
    case: Case, entries: Sequence[Entry], kinds: set[CaseEvent.Kind], beside: Beside, watch: Watch
) -> dict[str, Any]:
    return {
        "clocks": clocks.deadlines(case, watch),
        "dispute": clocks.dispute(case, entries, watch),
        "hold": clocks.hold(case, beside.requests),
        "asked": clocks.asked(case, entries),
        "timers": clocks.timers(case, watch) if Kind.TIMER_STARTED in kinds else [],
    }


def _others(case: Case, custodies: Sequence[Custody]) -> list[Custody]:
    """Who supports and supervises now, or did when the case ended."""
    others = [custody for custody in custodies if custody.role in PART]
    return [custody for custody in others if custody.until is None or not case.is_open]


def _days(entries: Sequence[Entry]) -> list[tuple[date, list[Entry]]]:
    """The story by day, the newest first."""
    by_day = groupby(entries, key=lambda entry: timezone.localdate(entry.event.at))
    return [(day, list(told)) for day, told in by_day]

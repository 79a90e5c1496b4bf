"""The page of one case: where it stands, who has it, why each date, what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cases.arithmetic import Sum, arithmetic
from cases.models import Case, Custody, DeadlineRule, Finding
from cases.policies import can_reveal
from cases.timeline import Entry, story
from cases.views.deeds import allowed
from cases.views.fetch import get_case
from cases.views.holding import holding
from cases.views.strip import strip
from cases.watch import Reading, Watch
from cases.wording import moment_words
from stakeholders.models import Party
from stakeholders.policies import can_see_duties
from stakeholders.views.member import MemberRequest, member_required

Clock = DeadlineRule.Clock


@dataclass(frozen=True)
class ShownClock:
    """One deadline with how it stands and how it was reckoned."""

    label: str
    reading: Reading
    sum: Sum | None
    is_open: bool  # whether the arithmetic is unfolded


@dataclass(frozen=True)
class ShownFinding:
    """A fault with its evidence in words."""

    finding: Finding
    evidence: str


@require_safe
@member_required
def show_case(request: MemberRequest, number: str) -> HttpResponse:
    """Show a case, and only what this membership may do with it now."""
    case = get_case(request.membership, number)
    watch = Watch.at_this_moment()
    events = list(case.events.select_related("by__user", "by__party").order_by("seq"))
    custodies = list(case.custodies.select_related("party"))
    held = holding(case, custodies, watch, None if case.is_open else case.closed_at or events[-1].at)
    context = {
        "case": case,
        "due": watch.read(case),
        "holding": held,
        "strip": strip(case, held.stretches, watch),
        "others": _others(case, custodies),
        "clocks": _clocks(case, watch),
        "findings": _findings(case),
        "days": _days(story(events, watch.calendar)),
        "today": timezone.localdate(watch.now),
        "deeds": allowed(request.membership, case),
        "can_reveal": can_reveal(request.membership, case),
        "sees_duties": can_see_duties(request.membership),
    }
    return render(request, "cases/detail.html", context)


def _others(case: Case, custodies: Sequence[Custody]) -> list[Custody]:
    """Who supports and supervises now, or did when the case ended."""
    others = [custody for custody in custodies if custody.role != Custody.Role.LEAD]
    return [custody for custody in others if custody.until is None or not case.is_open]


def _clocks(case: Case, watch: Watch) -> list[ShownClock]:
    """The deadline to resolve first and, while it runs, with its arithmetic open; then the others."""
    shown = []
    for clock in (Clock.RESOLVE, Clock.CONTACT, Clock.SIGN):
        if (reading := watch.read(case, clock)) is not None:
            is_open = clock == Clock.RESOLVE and case.is_open
            shown.append(ShownClock(str(clock.label), reading, arithmetic(case, clock), is_open))
    return shown


def _findings(case: Case) -> list[ShownFinding]:
    """Open faults first, then the newest; two queries."""
    findings = sorted(case.findings.all(), key=lambda each: (each.cleared_at is not None, -each.pk))
    codes = {code for each in findings for code in _codes(each)}
    names = {party.code: str(party) for party in Party.objects.filter(code__in=codes)} if codes else {}
    return [ShownFinding(each, _evidence(each, names)) for each in findings]


def _evidence(finding: Finding, names: dict[str, str]) -> str:
    if finding.kind == Finding.Kind.OVERDUE:
        return _("since %(moment)s") % {"moment": moment_words(finding.since)}
    if finding.kind == Finding.Kind.UNLOCATED:
        return _("place or matter is not known yet")
    parties = pgettext("between names", ", ").join(names.get(code, code) for code in _codes(finding))
    if "returned_by" in finding.evidence:
        return _("%(party)s returned it") % {"party": parties}
    return parties or _("the duty list names nobody")


def _codes(finding: Finding) -> list[str]:
    """The codes of the parties in the evidence."""
    evidence = finding.evidence
    return [evidence["returned_by"]] if "returned_by" in evidence else list(evidence.get("parties", ()))


def _days(entries: Sequence[Entry]) -> list[tuple[date, list[Entry]]]:
    """The story by day, the newest first."""
    by_day = groupby(entries, key=lambda entry: timezone.localdate(entry.event.at))
    return [(day, list(told)) for day, told in by_day]

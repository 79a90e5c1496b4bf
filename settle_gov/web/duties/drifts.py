"""Where the stored gaps differ from the ledger: both told side by side, to be mended by order of a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from settle_gov.web.duties.marks import Mark
from settle_gov.web.duties.words import sentence
from stakeholders.models import Drift, Party
from stakeholders.policies import can_keep_duties, can_see_duties, require
from stakeholders.services.mend_drift import mend_drift
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50


@dataclass(frozen=True)
class Told:
    """One stretch as it is stored, or as the ledger has it."""

    mark: Mark
    sentence: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class Row:
    """One cell with what only one side has."""

    drift: Drift
    stored: list[Told]
    reckoned: list[Told]


@require_safe
@member_required
def drifts(request: MemberRequest) -> HttpResponse:
    """Show the cells that differ, found last first."""
    require(can_see_duties(request.membership))
    found = Drift.objects.open().visible_to(request.membership)
    after = request.GET.get("after", "")
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise BadRequest(_("This is no page of the list."))
    page = found.filter(pk__lt=int(after)) if after else found
    each = list(page.select_related("estate__area", "building", "need_item")[: PAGE_SIZE + 1])
    more = len(each) > PAGE_SIZE
    context = {
        "rows": _rows(each[:PAGE_SIZE]),
        "count": found.count(),
        "can_mend": can_keep_duties(request.membership),
        "first": request.path if after else "",
        "next": f"{request.path}?after={each[PAGE_SIZE - 1].pk}" if more else "",
    }
    return render(request, "duties/drifts.html", context)


@require_POST
@member_required
def mend(request: MemberRequest) -> HttpResponse:
    """Reckon all cells that differ from the ledger anew."""
    count = mend_drift(by=request.membership)
    words = ngettext(
        "%(count)d cell was reckoned anew from the ledger.",
        "%(count)d cells were reckoned anew from the ledger.",
        count,
    )
    messages.success(request, words % {"count": count})
    return redirect(reverse("duties:drifts"))


def _rows(found: Sequence[Drift]) -> list[Row]:
    """The names of all parties are read at one stroke."""
    told = [each for drift in found for each in (*drift.stored, *drift.reckoned)]
    names = Party.objects.in_bulk({code for each in told for code in each["parties"]}, field_name="code")
    return [Row(drift, _told(drift.stored, names), _told(drift.reckoned, names)) for drift in found]


def _told(stretches: Iterable[dict[str, Any]], names: dict[str, Party]) -> list[Told]:
    return [
        Told(
            mark := Mark(each["state"]),
            sentence(mark, [str(names.get(code, code)) for code in each["parties"]]),
            _day(each["from"]),
            _day(each["until"], last=True),
        )
        for each in stretches
    ]


def _day(text: str | None, *, last: bool = False) -> date | None:
    """The day of a moment; an end at midnight belongs to the day before."""
    moment = parse_datetime(text) if text else None
    return timezone.localdate(moment - timedelta(microseconds=1) if last else moment) if moment else None

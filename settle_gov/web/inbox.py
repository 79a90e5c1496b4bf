"""The coordinator's inbox: what is to be decided, and what is to be watched."""

import re
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.policies import can_decide
from cases.signs import sign_of
from cases.views.keyset import EPOCH, MICROSECOND
from settle_gov.web import waiting
from settle_gov.web.context import capped
from settle_gov.web.matters import matters
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50
KEY = re.compile(rf"({'|'.join(waiting.KINDS)})\.(-?\d{{1,17}})\.(\d{{1,18}})", re.ASCII)

ASKED = gettext_lazy("Asked for")


@dataclass(frozen=True)
class Tab:
    """One kind of what waits, and how much of it."""

    kind: str
    count: int

    @property
    def word(self) -> str | Promise:
        """What it is called."""
        return ASKED if self.kind == waiting.ASKED else sign_of(self.kind).word

    @property
    def text(self) -> str:
        """How much of it, in few signs."""
        return capped(self.count, waiting.CAP)


@require_safe
@member_required
def inbox(request: MemberRequest) -> HttpResponse:
    """All that is to be decided, or one kind of what waits."""
    require(can_decide(request.membership))
    kind = request.GET.get("kind", "")
    if kind and kind not in waiting.KINDS:
        raise Http404
    counts = waiting.count_by_kind(request.membership)
    kinds = (kind,) if kind else waiting.TO_DECIDE
    after = request.GET.get("after", "")
    piles = tuple(each for each in kinds if counts[each])
    rows = waiting.oldest_first(request.membership, piles, _row_of(after) if after else None, PAGE_SIZE + 1)
    to_decide = sum(counts[each] for each in waiting.TO_DECIDE)
    context = {
        "tabs": [Tab(each, counts[each]) for each in waiting.KINDS],
        "kind": kind,
        "to_decide": to_decide,
        "to_decide_text": capped(to_decide, waiting.CAP),
        "overdue": counts[waiting.OVERDUE],
        "overdue_text": capped(counts[waiting.OVERDUE], waiting.CAP),
        "matters": matters(rows[:PAGE_SIZE]),
        "first": _address(kind) if after else "",
        "next": _address(kind, _key_of(rows[PAGE_SIZE - 1])) if len(rows) > PAGE_SIZE else "",
    }
    return render(request, "inbox.html", context)


def _address(kind: str, after: str = "") -> str:
    asked = {name: value for name, value in (("kind", kind), ("after", after)) if value}
    return f"{reverse('inbox')}?{urlencode(asked)}" if asked else reverse("inbox")


def _key_of(row: waiting.Row) -> str:
    """The place of a row in the order, as it stands in an address."""
    return f"{row.kind}.{(row.since - EPOCH) // MICROSECOND}.{row.case}"


def _row_of(key: str) -> waiting.Row:
    match = KEY.fullmatch(key)
    if match is None:
        raise BadRequest(_("This is no page of the list."))
    try:
        return waiting.Row(match[1], EPOCH + int(match[2]) * MICROSECOND, int(match[3]))
    except OverflowError as error:
        raise BadRequest(_("This is no page of the list.")) from error

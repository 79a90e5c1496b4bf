"""The coordinator's inbox: what is to be decided, and what is overdue."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from cases.models import Case, Finding
from cases.policies import can_decide
from cases.views.keyset import EPOCH, MICROSECOND
from cases.wording import span_words
from settle_gov.web import waiting
from settle_gov.web.context import capped
from stakeholders.models import Party
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required

PAGE_SIZE = 50
KEY = re.compile(rf"({'|'.join(waiting.KINDS)})\.(-?\d{{1,17}})\.(\d{{1,18}})", re.ASCII)
Kind = Finding.Kind

RULED_ON = (Kind.VACUUM, Kind.MULTI_HEAD, Kind.BACKSTOP)

WORDS: dict[str, str | Promise] = {
    Kind.VACUUM: gettext_lazy("Vacuum"),
    Kind.MULTI_HEAD: gettext_lazy("Multi-head"),
    Kind.BACKSTOP: gettext_lazy("Backstop"),
    waiting.UNLOCATED: gettext_lazy("To be located"),
    Kind.OVERDUE: gettext_lazy("Overdue"),
}


@dataclass(frozen=True)
class Tab:
    """One kind of what waits, and how much of it."""

    kind: str
    word: str | Promise
    count: int

    @property
    def text(self) -> str:
        """How much of it, in few signs."""
        return capped(self.count, waiting.CAP)


@dataclass(frozen=True)
class Matter:
    """One row: a case, why it waits, and since when."""

    kind: str
    case: Case
    since: datetime
    evidence: dict[str, object]
    names: dict[str, Party] = field(repr=False)

    @property
    def age(self) -> str:
        """How long it has been waiting, in words."""
        return span_words(timezone.now() - self.since)

    @property
    def cause(self) -> str:
        """Why it waits, in a sentence."""
        return _CAUSES[self.kind](self)

    @property
    def ruling_url(self) -> str:
        """Where it can be settled who answers for such a matter; empty where a ruling would not help."""
        case = self.case
        if self.kind not in RULED_ON or case.estate is None or case.need_item is None:
            return ""
        cell = reverse("duties:cell", args=[case.estate.code, case.need_item.code])
        return f"{cell}?{urlencode({'building': case.building.code if case.building else ''})}#rule"

    @property
    def parties(self) -> list[str]:
        """The names of the parties that claim it, or that stand behind."""
        codes = self.evidence.get("parties")
        return [self.name(str(code)) for code in codes] if isinstance(codes, list) else []

    def name(self, code: str) -> str:
        """The name of a party; a code that is gone still tells something."""
        return str(self.names.get(code, code))


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
        "tabs": [Tab(each, WORDS[each], counts[each]) for each in waiting.KINDS],
        "kind": kind,
        "to_decide": to_decide,
        "to_decide_text": capped(to_decide, waiting.CAP),
        "overdue": counts[waiting.OVERDUE],
        "overdue_text": capped(counts[waiting.OVERDUE], waiting.CAP),
        "matters": _matters(rows[:PAGE_SIZE]),
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


def _matters(rows: Sequence[waiting.Row]) -> list[Matter]:
    """Read what the rows show: cases, evidence and the names in it, in three queries."""
    cases = Case.objects.for_list().in_bulk([row.case for row in rows])
    findings = Finding.objects.open().filter(case__in=cases).values_list("kind", "case_id", "evidence")
    evidence = {(kind, case): each for kind, case, each in findings}
    names = Party.objects.in_bulk(_codes(evidence.values()), field_name="code")
    return [Matter(kind, cases[case], since, evidence.get((kind, case), {}), names) for kind, since, case in rows]


def _codes(evidence: Iterable[dict[str, object]]) -> set[str]:
    codes: set[str] = set()
    for each in evidence:
        parties = each.get("parties")
        codes |= set(parties) if isinstance(parties, list) else set()
        codes |= {str(each["returned_by"])} if "returned_by" in each else set()
    return codes


def _listed(names: Sequence[str]) -> str:
    return _(", ").join(names)


def _vacuum(matter: Matter) -> str:
    if returned_by := matter.evidence.get("returned_by"):
        return _("%(party)s returned it; nobody has it now") % {"party": matter.name(str(returned_by))}
    return _("Nobody answers for this here")


def _multi_head(matter: Matter) -> str:
    count = len(matter.parties)
    words = ngettext("%(count)d party leads: %(parties)s", "%(count)d parties lead: %(parties)s", count)
    return words % {"count": count, "parties": _listed(matter.parties)}


def _backstop(matter: Matter) -> str:
    return _("Nobody leads; %(parties)s stands behind") % {"parties": _listed(matter.parties)}


def _unlocated(_matter: Matter) -> str:
    return _("Place or item is not known yet")


def _overdue(matter: Matter) -> str:
    if matter.case.lead:
        return _("Past the deadline, in the hands of %(party)s") % {"party": matter.case.lead}
    return _("Past the deadline, in nobody's hands")


_CAUSES: dict[str, Callable[[Matter], str]] = {
    Kind.VACUUM: _vacuum,
    Kind.MULTI_HEAD: _multi_head,
    Kind.BACKSTOP: _backstop,
    waiting.UNLOCATED: _unlocated,
    Kind.OVERDUE: _overdue,
}

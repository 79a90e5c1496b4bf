"""The rows of the inbox: a case, why it waits, since when, and where it is decided."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from cases.arithmetic import amount_words
from cases.models import Case, Dispute, Finding, TimeRequest
from cases.policies import is_possible
from cases.signs import LISTED
from cases.wording import moment_words, span_words
from cases.workflow import Action
from cases.worktime import Unit
from settle_gov.web import waiting
from stakeholders.models import Party

Kind = Finding.Kind

RULED_ON = (*waiting.OPEN_QUESTIONS, waiting.PING_PONG)
NAMED = ("parties", "disclaimed_by")  # where the evidence names several parties


@dataclass(frozen=True)
class Matter:
    """One row; `names` are the parties in the evidence by code, dispute and request are there for their kinds."""

    kind: str
    case: Case
    since: datetime
    evidence: Mapping[str, object]
    names: Mapping[str, Party] = field(repr=False)
    dispute: Dispute | None = None
    request: TimeRequest | None = None

    @property
    def sign(self) -> str:
        """By which mark it is shown."""
        return self.request.kind if self.request else self.kind

    @property
    def age(self) -> str:
        """How long it has been waiting, in words."""
        return span_words(timezone.now() - self.since)

    @property
    def cause(self) -> str:
        """Why it waits, in a sentence."""
        return _CAUSES[self.kind](self)

    @property
    def decide_url(self) -> str:
        """Where this one case is decided; empty where there is nothing to decide."""
        return reverse("cases:act", args=[self.case.number, self._action]) if self._action else ""

    @property
    def decide_label(self) -> str | Promise:
        """What the button to it says."""
        return LABELS[self._action] if self._action else ""

    @property
    def ruling_url(self) -> str:
        """Where it can be settled who answers for all such matters; empty where a ruling would not help."""
        case = self.case
        if self.kind not in RULED_ON or case.estate is None or case.need_item is None:
            return ""
        cell = reverse("duties:cell", args=[case.estate.code, case.need_item.code])
        return f"{cell}?{urlencode({'building': case.building.code if case.building else ''})}#rule"

    @property
    def _action(self) -> Action | None:
        if self.request:
            return Action.DECIDE_HOLD if self.request.kind == Case.Asked.HOLD else Action.DECIDE_EXTENSION
        if self.kind == waiting.UNLOCATED:
            return Action.LOCATE
        return Action.RULE if self.kind in RULED_ON and is_possible(self.case, Action.RULE) else None

    def listed(self, key: str) -> str:
        """The names of the parties that the evidence has under a key."""
        codes = self.evidence.get(key)
        names = [self.name(str(code)) for code in codes] if isinstance(codes, list) else []
        return pgettext("between names", ", ").join(names)

    def name(self, code: str) -> str:
        """The name of a party; a code that is gone still tells something."""
        return str(self.names.get(code, code))


LABELS: dict[Action, Promise] = {
    Action.RULE: gettext_lazy("Rule on the case"),
    Action.LOCATE: gettext_lazy("Say where and what"),
    Action.DECIDE_EXTENSION: gettext_lazy("Decide"),
    Action.DECIDE_HOLD: gettext_lazy("Decide"),
}


def matters(rows: Sequence[waiting.Row]) -> list[Matter]:
    """Read what the rows show: cases, evidence and the names in it, disputes and requests where there are any.

    A query each.
    """
    cases = Case.objects.for_list().in_bulk([row.case for row in rows])
    findings = Finding.objects.open().filter(case__in=cases).values_list("kind", "case_id", "evidence")
    evidence = {(kind, case): each for kind, case, each in findings}
    names = Party.objects.in_bulk({code for each in evidence.values() for code in _codes(each)}, field_name="code")
    disputes = _disputes([row.case for row in rows if row.kind == Kind.DISPUTED])
    requests = _requests([row.case for row in rows if row.kind == waiting.ASKED])
    return [
        Matter(
            kind,
            cases[case],
            since,
            evidence.get((kind, case), {}),
            names,
            disputes.get(case) if kind == Kind.DISPUTED else None,
            requests.get(case) if kind == waiting.ASKED else None,
        )
        for kind, since, case in rows
    ]


def _disputes(cases: Sequence[int]) -> dict[int, Dispute]:
    found = Dispute.objects.open().filter(case__in=cases).select_related("level") if cases else ()
    return {each.case_id: each for each in found}


def _requests(cases: Sequence[int]) -> dict[int, TimeRequest]:
    found = TimeRequest.objects.pending().filter(case__in=cases).select_related("asked_by__party") if cases else ()
    return {each.case_id: each for each in found}


def _codes(evidence: Mapping[str, object]) -> set[str]:
    codes = {str(evidence["returned_by"])} if "returned_by" in evidence else set()
    for key in NAMED:
        parties = evidence.get(key)
        codes |= set(parties) if isinstance(parties, list) else set()
    return codes


def _vacuum(matter: Matter) -> str:
    if returned_by := matter.evidence.get("returned_by"):
        return _("%(party)s returned it; nobody has it now") % {"party": matter.name(str(returned_by))}
    if "disclaimed_by" in matter.evidence:
        return _("All who were asked say that it is not theirs: %(parties)s") % {
            "parties": matter.listed("disclaimed_by")
        }
    return _("Nobody answers for this here")


def _multi_head(matter: Matter) -> str:
    named = matter.evidence.get("parties")
    count, parties = len(named) if isinstance(named, list) else 0, matter.listed("parties")
    if matter.evidence.get("claimed"):
        return _("Each says that it is theirs: %(parties)s") % {"parties": parties}
    words = ngettext("%(count)d party leads: %(parties)s", "%(count)d parties lead: %(parties)s", count)
    return words % {"count": count, "parties": parties}


def _backstop(matter: Matter) -> str:
    return _("Nobody leads; %(parties)s stands behind") % {"parties": matter.listed("parties")}


def _disputed(matter: Matter) -> str:
    dispute, parties = matter.dispute, matter.listed("parties")
    if dispute is None or dispute.level is None or dispute.level_due_at is None:
        return _("%(parties)s dispute it, and there is no level above") % {"parties": parties}
    return _("%(parties)s dispute it; %(level)s has to settle it by %(due)s") % {
        "parties": parties,
        "level": dispute.level,
        "due": moment_words(dispute.level_due_at),
    }


def _ping_pong(matter: Matter) -> str:
    counts = {"returns": matter.case.returns, "handoffs": matter.case.handoffs}
    if matter.case.lead is None:
        return _("Returned %(returns)d×, handed on %(handoffs)d×; nobody has it now") % counts
    return _("Returned %(returns)d×, handed on %(handoffs)d×; %(party)s has it now") % {
        **counts,
        "party": matter.case.lead,
    }


def _asked(matter: Matter) -> str:
    request = matter.request
    if request is None:  # decided a moment ago
        return _("It is decided by now")
    said = {"party": request.asked_by.party, "reason": request.reason}
    if request.amount is not None:
        amount = amount_words(request.amount, Unit(request.unit))
        return _("%(party)s asks for %(amount)s more: %(reason)s") % {**said, "amount": amount}
    until = moment_words(request.until) if request.until else ""
    if request.kind == Case.Asked.HOLD:
        return _("%(party)s asks to put it on hold until %(until)s: %(reason)s") % {**said, "until": until}
    return _("%(party)s asks to move the deadline to %(until)s: %(reason)s") % {**said, "until": until}


def _unlocated(_matter: Matter) -> str:
    return _("Place or item is not known yet")


def _overdue(matter: Matter) -> str:
    if matter.case.lead:
        return _("Past the deadline, in the hands of %(party)s") % {"party": matter.case.lead}
    return _("Past the deadline, in nobody's hands")


def _statutory(matter: Matter) -> str:
    if matter.case.lead:
        return _("A time limit set by law has passed, in the hands of %(party)s") % {"party": matter.case.lead}
    return _("A time limit set by law has passed, in nobody's hands")


def _listed(matter: Matter) -> str:
    if matter.case.lead:
        return _("Listed for supervision, in the hands of %(party)s") % {"party": matter.case.lead}
    return _("Listed for supervision, in nobody's hands")


_CAUSES: dict[str, Callable[[Matter], str]] = {
    Kind.VACUUM: _vacuum,
    Kind.MULTI_HEAD: _multi_head,
    Kind.BACKSTOP: _backstop,
    Kind.DISPUTED: _disputed,
    Kind.PING_PONG: _ping_pong,
    waiting.ASKED: _asked,
    waiting.UNLOCATED: _unlocated,
    waiting.OVERDUE: _overdue,
    Kind.STATUTORY: _statutory,
    LISTED: _listed,
}

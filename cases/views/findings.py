"""What is or was wrong with a case, with the evidence in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.faults import UNOWNED
from cases.models import Case, Finding
from cases.wording import moment_words

Kind = Finding.Kind

# What the duty list has to do with
OF_THE_LEDGER = frozenset({*UNOWNED, Kind.DISPUTED}) - {Kind.UNLOCATED}


@dataclass(frozen=True)
class ShownFinding:
    """A fault with its evidence in words, and whether the duty list says more of it."""

    finding: Finding
    evidence: str
    is_of_the_ledger: bool


def shown_findings(case: Case, names: Mapping[str, str]) -> list[ShownFinding]:
    """Open faults first, then the newest; one query. `names` are those of the parties, by code."""
    findings = sorted(case.findings.all(), key=lambda each: (each.cleared_at is not None, -each.pk))
    return [
        ShownFinding(
            each, evidence_words(Kind(each.kind), each, names), each.cleared_at is None and each.kind in OF_THE_LEDGER
        )
        for each in findings
    ]


def evidence_words(kind: Finding.Kind, finding: Finding, names: Mapping[str, str]) -> str:
    """What shows that it is wrong, in few words."""
    return _WORDS[kind](finding, names)


Words = Callable[[Finding, Mapping[str, str]], str]


def _since(finding: Finding, names: Mapping[str, str]) -> str:
    moment = moment_words(finding.since)
    if "party" in finding.evidence:
        return _("%(party)s, since %(moment)s") % {"party": _name(finding, "party", names), "moment": moment}
    return _("since %(moment)s") % {"moment": moment}


def _vacuum(finding: Finding, names: Mapping[str, str]) -> str:
    if "returned_by" in finding.evidence:
        return _("%(party)s returned it") % {"party": _name(finding, "returned_by", names)}
    if "disclaimed_by" in finding.evidence:
        return _("all who were asked say that it is not theirs: %(parties)s") % {
            "parties": _names(finding, "disclaimed_by", names)
        }
    return _("the duty list names nobody")


def _multi_head(finding: Finding, names: Mapping[str, str]) -> str:
    parties = {"parties": _names(finding, "parties", names)}
    if finding.evidence.get("claimed"):
        return _("each says that it is theirs: %(parties)s") % parties
    return _("the duty list names %(parties)s") % parties


def _backstop(finding: Finding, names: Mapping[str, str]) -> str:
    return _("nobody leads, behind stands: %(parties)s") % {"parties": _names(finding, "parties", names)}


def _disputed(finding: Finding, names: Mapping[str, str]) -> str:
    return _("between %(parties)s, since %(moment)s") % {
        "parties": _names(finding, "parties", names),
        "moment": moment_words(finding.since),
    }


def _ping_pong(finding: Finding, names: Mapping[str, str]) -> str:
    return _("returned %(returns)s×, handed on %(handoffs)s×") % {
        "returns": finding.evidence.get("returns", 0),
        "handoffs": finding.evidence.get("handoffs", 0),
    }


def _unlocated(finding: Finding, names: Mapping[str, str]) -> str:
    return _("place or matter is not known yet")


def _name(finding: Finding, key: str, names: Mapping[str, str]) -> str:
    code = finding.evidence[key]
    return names.get(code, code)


def _names(finding: Finding, key: str, names: Mapping[str, str]) -> str:
    return pgettext("between names", ", ").join(names.get(code, code) for code in finding.evidence.get(key, ()))


_WORDS: dict[Finding.Kind, Words] = {
    Kind.OVERDUE: _since,
    Kind.VACUUM: _vacuum,
    Kind.MULTI_HEAD: _multi_head,
    Kind.BACKSTOP: _backstop,
    Kind.UNLOCATED: _unlocated,
    Kind.DISPUTED: _disputed,
    Kind.PING_PONG: _ping_pong,
    Kind.UNSIGNED: _since,
    Kind.UNCONTACTED: _since,
    Kind.DUE_SOON: _since,
    Kind.STALLED: _since,
    Kind.UNATTENDED: _since,
    Kind.STATUTORY: _since,
}

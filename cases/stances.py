"""What parties say about whose a case is, and what that comes to: the one place that writes stances."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.db.models import Q, Value
from django.db.models.functions import Greatest

from cases import findings, routing
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Custody, Finding, Stance
from cases.models.stance import StanceQuerySet
from cases.rulebook import Rulebook
from stakeholders.models import Membership, Party

Named = TypeVar("Named", bound=Hashable)
Says = Stance.Says
Responsibility = Case.Responsibility


def take(case: Case, says: Stance.Says, *, by: Membership, ground: str, legal_basis: str, at: datetime) -> None:
    """Write down what the party of `by` says; what it said before ends."""
    _end(Stance.objects.filter(case=case, party=by.party), at)
    Stance.objects.create(case=case, party=by.party, says=says, ground=ground, legal_basis=legal_basis, by=by, since=at)


def end(cases: Sequence[Case], *, at: datetime) -> None:
    """Nobody's word counts any more: a new round begins, or it was about another place."""
    _end(Stance.objects.filter(case__in=cases), at)


def end_outvoted(cases: Sequence[Case], *, at: datetime) -> None:
    """It is settled who has these cases: “ours” of anybody else counts no more, and does not come back by itself."""
    leads = {case.pk: case.lead_id for case in cases}  # as they are by now: what they are to be is saved later
    claims = Stance.objects.standing().filter(case__in=leads, says=Says.OURS).values_list("pk", "case", "party")
    if outvoted := [pk for pk, case, party in claims if party != leads[case]]:
        _end(Stance.objects.filter(pk__in=outvoted), at)


def _end(chosen: StanceQuerySet, at: datetime) -> None:
    chosen.standing().update(until=Greatest("since", Value(at)))


class Verdict(StrEnum):
    """What parties come to together, by what each of them says."""

    UNHEARD = "unheard"  # somebody who was asked has yet to answer
    HELD = "held"  # whoever has it goes on, and nobody else wants it
    SEVERAL = "several"
    AGREED = "agreed"  # one says “ours”, and all others leave it to that one
    NOBODY = "nobody"


def judge(
    said: Mapping[Named, str], *, asked: Iterable[Named], holder: Named | None, is_disputed: bool
) -> tuple[Verdict, list[Named]]:
    """Say what it comes to, and who says “ours”. Pure; parties are whatever can be compared.

    Whoever has a case says “ours” by going on with it, but in a dispute: there the first receiver has it meanwhile,
    whatever it says. Who was asked and is silent keeps the question open, unless two say “ours”.
    """
    claiming = [party for party, says in said.items() if says == Says.OURS]
    if holder is not None and holder not in said and not is_disputed:
        claiming.insert(0, holder)
    if len(claiming) > 1:
        return Verdict.SEVERAL, claiming
    if claiming == [holder] and not is_disputed:
        return Verdict.HELD, claiming
    if any(party not in said for party in asked):
        return Verdict.UNHEARD, claiming
    return (Verdict.AGREED if claiming else Verdict.NOBODY), claiming


def hear(case: Case, *, at: datetime) -> tuple[Verdict, list[Party]]:
    """Judge what is said about a case by now; a party that is closed down has no say and is not waited for."""
    going_on = Q(party__closed_at__isnull=True) | Q(party__closed_at__gt=at)
    said = {each.party: each.says for each in case.stances.standing().filter(going_on).select_related("party")}
    candidates = case.custodies.filter(going_on, role=Custody.Role.CANDIDATE, until__isnull=True)
    return judge(
        said,
        asked=[each.party for each in candidates.select_related("party")],
        # Who stands behind has it only until somebody says that it is theirs.
        holder=case.lead if case.responsibility != Responsibility.BACKSTOP else None,
        is_disputed=case.responsibility == Responsibility.DISPUTED,
    )


def weigh(case: Case, rules: Rulebook, *, at: datetime) -> list[Line]:
    """Act on what all parties say by now, and return the lines; the caller saves `routing.FIELDS`.

    Where one says “ours” and nobody else does, and nobody is still to be heard, they agree: it gets the case, as the
    law would have it before anybody decides (信访工作条例 §24). Two who say “ours” are multi-head, also where one of
    them has the case, which then goes on with it; where all say “not ours” nobody has it.
    """
    verdict, claiming = hear(case, at=at)
    match verdict:
        case Verdict.SEVERAL:
            return found_several(case, claiming, rules, at=at)
        case Verdict.AGREED:
            return agree(case, claiming[0], rules, at=at)
        case Verdict.NOBODY:
            return _found_nobody(case, rules, at=at)
        case Verdict.HELD:
            case.responsibility = Responsibility.HELD
    return []


def agree(case: Case, party: Party, rules: Rulebook, *, at: datetime) -> list[Line]:
    """Give a case to the one party that says it is theirs; the caller saves `routing.FIELDS`."""
    previous = case.lead
    case.responsibility = Responsibility.HELD
    if party != previous:
        routing.assign(case, party, rules, at=at)
    details = {"lead": party.code, "previous": previous.code if previous and previous != party else None}
    return [Line(CaseEvent.Kind.AGREED, at, details=details)]


def found_several(case: Case, claiming: Sequence[Party], rules: Rulebook, *, at: datetime) -> list[Line]:
    """Say of a case that several parties say it is theirs; the caller saves `routing.FIELDS`."""
    if case.responsibility == Responsibility.DISPUTED:  # the dispute says so already, and louder
        return []
    case.responsibility = Responsibility.MULTI_HEAD
    evidence = {"parties": [party.code for party in claiming], "claimed": True}
    return _found(case, Fault(case, Finding.Kind.MULTI_HEAD, at, evidence), rules, at)


def _found_nobody(case: Case, rules: Rulebook, *, at: datetime) -> list[Line]:
    """All say “not ours”. Whoever has the case goes on with it; a dispute says so already, and is not over by that."""
    if case.lead is not None or case.responsibility not in (Responsibility.HELD, Responsibility.MULTI_HEAD):
        return []
    case.responsibility = Responsibility.VACUUM
    said = case.stances.standing().select_related("party")
    return _found(
        case, Fault(case, Finding.Kind.VACUUM, at, {"disclaimed_by": [each.party.code for each in said]}), rules, at
    )


def _found(case: Case, fault: Fault, rules: Rulebook, at: datetime) -> list[Line]:
    """Open the fault; one of its kind between the same parties stands as it was, between others since it began."""
    standing = case.findings.open().filter(kind=fault.kind).first()
    if standing is not None and standing.evidence == fault.evidence:
        return []
    if standing is None:
        return findings.open_all([fault], rules, at=at)
    cleared = findings.close_all([standing], at=at)[case.pk]
    return [*cleared, *findings.open_all([replace(fault, since=standing.since)], rules, at=at)]

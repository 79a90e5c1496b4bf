"""Who gets a case: what the ledger says about its place and item decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cases import custody, findings
from cases.findings import Fault
from cases.history import Line
from cases.models import Case, CaseEvent, Custody, Finding
from cases.rulebook import Rulebook
from stakeholders.coverage import Answer, State
from stakeholders.ledger import ledger_at
from stakeholders.models import Party

FIELDS = (
    "responsibility",
    "lead",
    "in_charge",
    "ruled_at",
    "stage",
    "handoffs",
    "signed_at",
    "sign_due_at",
    "deadlines",
    "due_is_provisional",
)


@dataclass(frozen=True)
class Route:
    """What the ledger's answer means for one case: who gets it, who supports, and what is wrong."""

    case: Case
    holder: Party | None = None
    supports: Sequence[Party] = ()
    candidates: Sequence[Party] = ()  # several who lead: each is asked whether the case is theirs
    fault: Fault | None = None
    basis: Mapping[str, Any] = field(default_factory=dict)  # the ruling and the mandates that decide
    previous: Party | None = None  # who had it, and has it no longer

    def lines(self, at: datetime) -> list[Line]:
        """What goes into the history; the last line says from whom the case was taken."""
        lines = [self.fault.line(at)] if self.fault else []
        if self.holder:
            lines.append(Line(CaseEvent.Kind.ASSIGNED, at, details={"lead": self.holder.code, **self.basis}))
        if self.previous:
            lines[-1] = replace(lines[-1], details={**lines[-1].details, "previous": self.previous.code})
        return lines


def route(case: Case, rules: Rulebook, *, at: datetime) -> list[Line]:
    """Ask the ledger and act on its answer; the caller saves `FIELDS` and records the lines.

    clear: the lead gets the case, supporting parties are named. backstop: the party behind gets it meanwhile, and a
    finding says so. multi-head and vacuum: nobody gets it; a finding waits for the coordinator, and of several parties
    each is asked whether it is theirs. Where place or item is not known yet the ledger cannot be asked: a finding says
    that the case waits to be located.
    """
    [found] = _ask([case], at)
    return _follow(found, rules, at)


def route_again(case: Case, rules: Rulebook, *, at: datetime) -> list[Line]:
    """Ask anew about a case that waits, or that a backstop has meanwhile, and act on the answer as it is now.

    Who has it and is to have it, or stands behind it beside others, keeps it; who has it and does not answer for it
    any more is released. Where the fault is the same and only the parties are others, it stands since it began.
    """
    [found] = _ask([case], at)
    if found.fault and (before := case.findings.open().filter(kind=found.fault.kind).first()):
        found = replace(found, fault=replace(found.fault, since=before.since))
    lines = findings.clear(case, findings.UNOWNED, at=at)
    custody.dismiss_candidates([case], at=at, but_for=found.candidates)
    if case.lead is not None and (found.holder == case.lead or _is_behind(case.lead, found)):
        custody.support(case, found.supports, at=at)
        found = replace(found, holder=None)
    elif case.lead is not None:
        found = replace(found, previous=case.lead)
        if found.holder is None:
            custody.release(case, at=at, ending=Custody.Ending.DUTY_ENDED)
            case.stage, case.signed_at = Case.Stage.OPENED, None
    return lines + _follow(found, rules, at)


def outdated(cases: Sequence[Case], *, at: datetime) -> list[int]:
    """The ids of those that the ledger answers otherwise by now than was found, or for others, in four queries."""
    noted = Finding.objects.open().filter(case__in=cases, kind__in=findings.UNOWNED)
    known = {each.case_id: _gist(each) for each in noted}
    return [each.case.pk for each in _ask(cases, at) if known.get(each.case.pk) != (each.fault and _gist(each.fault))]


class NewRoutes:
    """The same for many cases that are not in the database yet, in a handful of statements.

    Set their fields first, insert them with the lines, then save the rest: so no row is written twice.
    """

    def __init__(self, cases: Sequence[Case], rules: Rulebook, *, at: datetime) -> None:
        self._rules, self._at = rules, at
        self._routes = _ask(cases, at)
        self._custodies = []
        for found in self._routes:
            self._custodies += [custody.new_candidate(found.case, party, at=at) for party in found.candidates]
            if found.holder:
                self._custodies.append(custody.first(found.case, found.holder, rules, at=at))
                self._custodies += [custody.new_support(found.case, party, at=at) for party in found.supports]
                found.case.stage = Case.Stage.DISPATCHED

    @property
    def lines(self) -> dict[str, list[Line]]:
        """What goes into the history of each case, by its number."""
        return {found.case.number: found.lines(self._at) for found in self._routes}

    def save(self) -> None:
        """Insert custodies and findings; the cases are there by now."""
        Custody.objects.bulk_create(self._custodies)
        findings.open_all([found.fault for found in self._routes if found.fault], self._rules, at=self._at)


def assign(case: Case, party: Party, rules: Rulebook, *, at: datetime) -> None:
    """Give the case to a party and move it to where it waits to be signed for; the caller saves `FIELDS`."""
    custody.hand_to(case, party, rules, at=at)
    case.stage = Case.Stage.DISPATCHED


def _follow(found: Route, rules: Rulebook, at: datetime) -> list[Line]:
    if found.fault:
        findings.open_all([found.fault], rules, at=at)
    if found.candidates:
        custody.ask(custody.new_candidate(found.case, party, at=at) for party in found.candidates)
    if found.holder:
        assign(found.case, found.holder, rules, at=at)
        custody.support(found.case, found.supports, at=at)
    return found.lines(at)


def _ask(cases: Sequence[Case], at: datetime) -> list[Route]:
    """Ask the ledger about cases, in three queries for any number, and note on each how it stands."""
    asked, routes = [], []
    for case in cases:
        if case.estate is not None and case.need_item is not None:
            asked.append((case, case.estate, case.need_item))
        else:
            case.responsibility = Case.Responsibility.UNLOCATED
            routes.append(Route(case, fault=Fault(case, Finding.Kind.UNLOCATED, at)))
    if not asked:
        return routes
    ledger = ledger_at(at, estates=list({estate.pk: estate for _case, estate, _item in asked}.values()))
    answers = [(case, ledger.answer(estate, case.building_id, item)) for case, estate, item in asked]
    named = {pk for _case, answer in answers for pk in (*answer.leads, *answer.supports, *answer.backstops)}
    parties = Party.objects.in_bulk(named)
    return routes + [_route(case, answer, parties, at) for case, answer in answers]


def _route(case: Case, answer: Answer, parties: Mapping[int, Party], at: datetime) -> Route:
    fault = None
    if answer.state is State.CLEAR:
        case.responsibility = Case.Responsibility.HELD
    else:
        case.responsibility = Case.Responsibility(answer.state.value)
        fault = Fault(case, Finding.Kind(answer.state.value), at, _evidence(answer, parties))
    holder = _holder(answer, parties)
    supports = [parties[each] for each in answer.supports if parties[each] != holder]  # nobody helps oneself
    basis = {"ruling": answer.ruling, "mandates": list(answer.mandates)}
    candidates = [parties[each] for each in answer.leads] if len(answer.leads) > 1 else []
    return Route(case, holder, supports, candidates, fault, basis)


def _is_behind(party: Party, found: Route) -> bool:
    """Say whether a party is one of those that stand behind where nobody leads."""
    fault = found.fault
    return fault is not None and fault.kind == Finding.Kind.BACKSTOP and party.code in fault.evidence["parties"]


def _gist(noted: Fault | Finding) -> tuple[str, frozenset[str]]:
    """What is wrong, and between whom."""
    return noted.kind, frozenset(noted.evidence.get("parties", ()))


def _holder(answer: Answer, parties: Mapping[int, Party]) -> Party | None:
    """The party that gets the case: the one lead, or the one that stands behind where nobody leads."""
    candidates = answer.leads or answer.backstops
    return parties[candidates[0]] if len(candidates) == 1 else None


def _evidence(answer: Answer, parties: Mapping[int, Party]) -> dict[str, list[str] | list[int]]:
    return {
        "parties": [parties[each].code for each in answer.leads or answer.backstops],
        "mandates": list(answer.mandates),
    }

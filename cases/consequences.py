"""What a ruling would change if it were given now: cells, gaps, cases and who no longer leads. Nothing is saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from cases.models import Case
from stakeholders.coverage import Answer, Decision, State
from stakeholders.ledger import Ledger, ledger_at, period_of, scope_of
from stakeholders.models import Area, Building, Estate, Membership, NeedClass, NeedItem, Party
from stakeholders.reach import reach_of
from stakeholders.segments import DatedDecision
from stakeholders.what_if import Change, Draft, Effect, changes_of

DRAFT = 1 << 62  # the id of a ruling that is only thought of: of two alike the later one decides
LED = frozenset({State.CLEAR, State.MULTI_HEAD})  # where the parties of a cell are those that lead


@dataclass(frozen=True)
class Consequences:
    """What would be otherwise; cases and parties are only those that the actor sees."""

    changes: Sequence[Change]
    moving: Sequence[Case]  # they wait, and would go to the lead at once
    staying: Sequence[Case]  # another party holds them, and goes on with them
    no_longer_lead: Sequence[Party]  # somewhere in the scope

    @property
    def closed(self) -> int:
        """How many gaps would be closed."""
        return sum(change.effect is Effect.CLOSED for change in self.changes)


def consequences_of(  # noqa: PLR0913 -- each is a field of the record
    lead: Party,
    *,
    by: Membership,
    area: Area | None = None,
    estate: Estate | None = None,
    building: Building | None = None,
    need_class: NeedClass | None = None,
    need_item: NeedItem | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    at: datetime | None = None,
) -> Consequences:
    """Say what `settle_scope` with the same arguments would change, as far as the actor sees it.

    Cells are compared when the ruling begins, or now if it has begun. Cases move only if it holds now.
    """
    at = at or timezone.now()
    valid_from = valid_from or at
    scope = scope_of(
        area.code if area else None,
        *(each.pk if each else None for each in (estate, building, need_class, need_item)),
    )
    draft = Decision(DRAFT, lead.pk, scope, at), period_of(valid_from, valid_until, lead.closed_at)
    changes = changes_of(Draft(decisions=[draft]), at=max(at, valid_from), among=Estate.objects.visible_to(by))
    moving, staying = _cases(lead, draft, by, at)
    return Consequences(changes, moving, staying, _no_longer_lead(changes, lead, by))


def decided_by(ruling: int, cases: Iterable[Case], ledger: Ledger) -> list[tuple[Case, Answer]]:
    """The cases about which a ruling decides, with the ledger's answer: not those where a narrower one goes before.

    Cases of one cell are asked for once.
    """
    answers: dict[tuple[int, int | None, int], Answer] = {}
    decided = []
    for case in cases:
        if case.estate is None or case.need_item is None:
            continue
        cell = case.estate.pk, case.building_id, case.need_item.pk
        if cell not in answers:
            answers[cell] = ledger.answer(case.estate, case.building_id, case.need_item)
        if answers[cell].ruling == ruling:
            decided.append((case, answers[cell]))
    return decided


def _cases(lead: Party, draft: DatedDecision, by: Membership, at: datetime) -> tuple[list[Case], list[Case]]:
    decision, (since, until) = draft
    moving: list[Case] = []
    staying: list[Case] = []
    if since > at or (until is not None and until <= at):
        return moving, staying
    for reach in reach_of([decision.scope], Estate.objects.visible_to(by)):
        known = ledger_at(at, estates=reach.estates)
        ledger = replace(known, decisions=[*known.decisions, decision])
        cases = Case.objects.visible_to(by).within(reach).for_list().defer("description", "search_text")
        waiting = decided_by(decision.id, cases.to_be_ruled().exclude(lead=lead), ledger)
        held = decided_by(decision.id, cases.open().filter(lead__isnull=False).exclude(lead=lead), ledger)
        moved = {case.pk for case, _answer in waiting}
        moving += [case for case, _answer in waiting]
        staying += [case for case, _answer in held if case.pk not in moved]
    return moving, staying


def _no_longer_lead(changes: Iterable[Change], lead: Party, by: Membership) -> list[Party]:
    led = {party for change in changes if change.before.state in LED for party in change.before.parties}
    return list(Party.objects.visible_to(by).filter(pk__in=led - {lead.pk}))

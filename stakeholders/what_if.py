"""What would change: the ledger as it is against the ledger with drafts in it. Nothing is saved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stakeholders.coverage import Scope, State
from stakeholders.episodes import chunks
from stakeholders.layout import Item, Place
from stakeholders.ledger import Records, layout_of, records_of
from stakeholders.models.estate import EstateQuerySet
from stakeholders.reach import Reach, reach_of
from stakeholders.segments import STATES, DatedClaim, DatedDecision, History, history

GAPS = frozenset({State.VACUUM, State.MULTI_HEAD, State.BACKSTOP})


class Effect(StrEnum):
    """What a change does to a cell."""

    CLOSED = "closed"  # a gap is no more
    OPENED = "opened"  # one party answered, and does not any more
    ALTERED = "altered"  # a gap becomes another, or other parties stand for it
    MOVED = "moved"  # one party answers instead of another, or a ruling instead of a mandate


@dataclass(frozen=True)
class Draft:
    """Records that are only thought of, and the ids of those that are to be thought away."""

    claims: Sequence[DatedClaim] = ()
    decisions: Sequence[DatedDecision] = ()
    without: frozenset[int] = frozenset()  # mandates
    without_rulings: frozenset[int] = frozenset()

    @property
    def scopes(self) -> list[Scope]:
        """Where the drafts to be added hold."""
        return [claim.scope for claim, _period in self.claims] + [each.scope for each, _period in self.decisions]


@dataclass(frozen=True)
class Standing:
    """How a cell stands at an instant, and for whom: the leads, or the backstops where nobody leads."""

    state: State
    parties: tuple[int, ...]
    is_ruled: bool

    @property
    def is_gap(self) -> bool:
        """Not exactly one party leads."""
        return self.state in GAPS


@dataclass(frozen=True)
class Change:
    """One cell that would stand otherwise; a place with `building` 0 is the common area."""

    place: Place
    item: Item
    before: Standing
    after: Standing

    @property
    def effect(self) -> Effect:
        """What the change does to the cell."""
        if self.before.is_gap:
            return Effect.ALTERED if self.after.is_gap else Effect.CLOSED
        return Effect.OPENED if self.after.is_gap else Effect.MOVED


def changes_of(
    draft: Draft, *, at: datetime, also: Iterable[Scope] = (), among: EstateQuerySet | None = None
) -> list[Change]:
    """The cells that would stand otherwise at an instant, by place and item.

    `also` holds the scopes of what the draft takes out; `among` limits the estates that are looked at.
    """
    found = [
        change
        for reach in chunks([_joined(reach_of([*draft.scopes, *also], among))])
        for change in _changes(_before_and_after(reach, draft), at)
    ]
    return sorted(found, key=lambda change: (change.place, change.item))


def _joined(reaches: Sequence[Reach]) -> Reach:
    """All the estates against all the items: a few cells too many cost less than many questions."""
    items = {item.pk: item for reach in reaches for item in reach.items}
    return Reach([estate for reach in reaches for estate in reach.estates], list(items.values()))


def _before_and_after(reach: Reach, draft: Draft) -> tuple[History, History]:
    layout = layout_of(reach.estates, reach.items)
    known = records_of(reach.estates)
    after = with_draft(known, draft)
    return history(layout, *known), history(layout, *after)


def with_draft(known: Records, draft: Draft) -> Records:
    """The records as they would be: the drafts added, what they take out left out."""
    claims = [dated for dated in known.claims if dated[0].id not in draft.without]
    decisions = [dated for dated in known.decisions if dated[0].id not in draft.without_rulings]
    return Records([*claims, *draft.claims], [*decisions, *draft.decisions])


def _changes(histories: tuple[History, History], at: datetime) -> Iterator[Change]:
    standings = zip(*(_standings(each, at) for each in histories), strict=True)
    for number, (before, after) in enumerate(standings):
        if before != after:
            yield Change(*histories[0].layout.cell(number), before, after)


def _standings(told: History, at: datetime) -> Iterator[Standing]:
    """How each cell stands, in the order of the layout."""
    segments = told.at(at)
    columns = zip(segments.state.tolist(), told.parties(segments), segments.is_ruled.tolist(), strict=True)
    return (Standing(STATES[state], parties, is_ruled) for state, parties, is_ruled in columns)

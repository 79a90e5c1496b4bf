"""Who answers for a cell: mandates and rulings in, one answer out. Pure: no database, no clock.

A cell is a place and a need item; a place is a building or the common area of an estate. The rules:

1. Of the rulings that cover the cell the most specific one decides: building before estate before the longer area
   code; then item before class before everything; then the latest decision. Its party leads and the cell is clear.
2. Otherwise the parties with a lead mandate lead, but for those that disclaim at least as specifically as they claim.
3. One lead is clear, several are multi-head; none is a backstop where a party stands behind, else a vacuum.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Duty(StrEnum):
    """The role a mandate gives a party."""

    LEAD = "lead"
    SUPPORT = "support"
    SUPERVISE = "supervise"
    BACKSTOP = "backstop"
    DISCLAIM = "disclaim"


class State(StrEnum):
    """How a cell stands, from worst to best."""

    VACUUM = "vacuum"
    MULTI_HEAD = "multi_head"
    BACKSTOP = "backstop"
    CLEAR = "clear"


SEVERITY = tuple(State)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and for what a record holds; one of the places is set, at most one of class and item."""

    area: str | None = None  # the significant digits only
    estate: int | None = None
    building: int | None = None
    need_class: int | None = None
    need_item: int | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """How specific: the place first (a building is narrowest), then the item; larger is narrower."""
        place = 101 if self.building else 100 if self.estate else len(self.area or "")
        return place, 2 if self.need_item else 1 if self.need_class else 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A place and an item. `building` is None for the common area, which sees no mandate of a building."""

    area: str  # the 12 digits of the community
    estate: int
    building: int | None
    need_class: int
    need_item: int

    def is_in(self, scope: Scope) -> bool:
        """Say whether a record with this scope concerns the cell."""
        if scope.need_item is not None and scope.need_item != self.need_item:
            return False
        if scope.need_class is not None and scope.need_class != self.need_class:
            return False
        if scope.building is not None:
            return scope.building == self.building
        if scope.estate is not None:
            return scope.estate == self.estate
        return scope.area is not None and self.area.startswith(scope.area)


@dataclass(frozen=True, slots=True)
class Claim:
    """A mandate in force: a party has a role in a scope."""

    id: int
    party: int
    duty: Duty
    scope: Scope


@dataclass(frozen=True, slots=True)
class Decision:
    """A ruling in force: a party leads in a scope."""

    id: int
    lead: int
    scope: Scope
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a cell. Parties are sorted; `mandates` are the claims and disclaimers that were weighed."""

    state: State
    leads: tuple[int, ...]
    supports: tuple[int, ...] = ()
    supervisors: tuple[int, ...] = ()
    backstops: tuple[int, ...] = ()
    ruling: int | None = None
    mandates: tuple[int, ...] = ()


def answer_for(cell: Cell, claims: Iterable[Claim], decisions: Iterable[Decision] = ()) -> Answer:
    """Say who answers for `cell`, given the claims and decisions in force at one instant."""
    weighed = [claim for claim in claims if cell.is_in(claim.scope)]
    parties = {duty: tuple(sorted({claim.party for claim in weighed if claim.duty is duty})) for duty in Duty}
    rulings = [decision for decision in decisions if cell.is_in(decision.scope)]
    ruling = max(rulings, key=lambda each: (each.scope.rank, each.decided_at, each.id), default=None)
    leads = (ruling.lead,) if ruling else _leads(weighed)
    return Answer(
        state=_state(leads, parties[Duty.BACKSTOP]),
        leads=leads,
        supports=parties[Duty.SUPPORT],
        supervisors=parties[Duty.SUPERVISE],
        backstops=parties[Duty.BACKSTOP],
        ruling=ruling.id if ruling else None,
        mandates=tuple(sorted(claim.id for claim in weighed)),
    )


def _leads(weighed: Sequence[Claim]) -> tuple[int, ...]:
    claimed, disclaimed = _narrowest(weighed, Duty.LEAD), _narrowest(weighed, Duty.DISCLAIM)
    return tuple(
        sorted(party for party, rank in claimed.items() if party not in disclaimed or disclaimed[party] < rank)
    )


def _narrowest(weighed: Sequence[Claim], duty: Duty) -> dict[int, tuple[int, int]]:
    """The most specific rank at which each party has `duty`."""
    ranks: dict[int, tuple[int, int]] = {}
    for claim in weighed:
        if claim.duty is duty:
            ranks[claim.party] = max(ranks.get(claim.party, (0, 0)), claim.scope.rank)
    return ranks


def _state(leads: tuple[int, ...], backstops: tuple[int, ...]) -> State:
    if leads:
        return State.CLEAR if len(leads) == 1 else State.MULTI_HEAD
    return State.BACKSTOP if backstops else State.VACUUM


def worst(states: Counter[State]) -> State:
    """The state that a group of cells is shown as."""
    return next(state for state in SEVERITY if states[state])

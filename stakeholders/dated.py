"""Claims and decisions with their times, found by place: to be asked for many cells, each at its own instant."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Generic, TypeVar

from stakeholders.coverage import Answer, Cell, Claim, Decision, Scope, answer_for
from stakeholders.ledger import Records
from stakeholders.models.area import AREA_LEVELS
from stakeholders.segments import Period

Record = TypeVar("Record", Claim, Decision)
Spot = tuple[str | None, int | None, int | None]  # the place of a scope: area, estate or building


class DatedLedger:
    """All that is known, to be asked for any cell at any instant."""

    def __init__(self, records: Records) -> None:
        self._claims, self._decisions = _ByPlace(records.claims), _ByPlace(records.decisions)

    def answer(self, cell: Cell, at: datetime) -> Answer:
        """Who answers for a cell at an instant."""
        return answer_for(cell, self._claims.near(cell, at), self._decisions.near(cell, at))


def holds(period: Period, at: datetime) -> bool:
    """Say whether an instant lies in a period."""
    return period.since <= at and (period.until is None or at < period.until)


class _ByPlace(Generic[Record]):
    def __init__(self, records: Iterable[tuple[Record, Period]]) -> None:
        self._known: dict[Spot, list[tuple[Record, Period]]] = defaultdict(list)
        for record, period in records:
            self._known[_spot(record.scope)].append((record, period))

    def near(self, cell: Cell, at: datetime) -> list[Record]:
        """The records in force whose place contains the cell; some of them may be about other items."""
        spots: list[Spot] = [(cell.area[:level], None, None) for level in (0, *AREA_LEVELS)]
        spots += [(None, cell.estate, None), (None, None, cell.building)]
        return [record for spot in spots for record, period in self._known.get(spot, ()) if holds(period, at)]


def _spot(scope: Scope) -> Spot:
    return scope.area, scope.estate, scope.building

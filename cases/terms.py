"""What a deadline follows from, and how it is written on a case. Pure.

Extensions and pauses are facts like the start: they are kept, and the end is reckoned from all of them anew whenever
one is added or the calendar is corrected.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.worktime import Unit


@dataclass(frozen=True)
class Extension:
    """More time, granted at a moment: an amount counted on from the deadline reached so far, or a new end."""

    at: datetime
    amount: int | None = None
    unit: Unit | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if (self.amount is None) is not (self.unit is None) or (self.amount is None) is (self.until is None):
            raise ValueError("An extension has either an amount with its unit or a new end.")
        _require_positive(self.amount)


@dataclass(frozen=True)
class Pause:
    """A time that does not count; without `until` it still runs."""

    since: datetime
    until: datetime | None = None


Change = Extension | Pause


@dataclass(frozen=True)
class Term:
    """All that a deadline follows from, beside the calendar; changes are ordered by time, pauses do not overlap."""

    start: datetime
    amount: int
    unit: Unit
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        _require_positive(self.amount)


def facts_of(term: Term) -> dict[str, Any]:
    """The facts of a term as JSON; `term_of` reads them back."""
    return {
        "start": term.start.isoformat(),
        "amount": term.amount,
        "unit": term.unit,
        "changes": [_change_as_json(change) for change in term.changes],
    }


def term_of(written: Mapping[str, Any]) -> Term:
    """The term written on a case. What was written before terms could change has its start in the arithmetic alone."""
    start = written["start"] if "start" in written else written["steps"][0]["at"]
    changes = tuple(_change_from_json(change) for change in written.get("changes", ()))
    return Term(datetime.fromisoformat(start), written["amount"], Unit(written["unit"]), changes)


def _change_as_json(change: Change) -> dict[str, Any]:
    if isinstance(change, Pause):
        until = change.until and change.until.isoformat()
        return {"kind": "pause", "since": change.since.isoformat(), "until": until}
    granted = {"kind": "extension", "at": change.at.isoformat()}
    if change.until is not None:
        return granted | {"until": change.until.isoformat()}
    return granted | {"amount": change.amount, "unit": change.unit}


def _change_from_json(change: Mapping[str, Any]) -> Change:
    until = change.get("until") and datetime.fromisoformat(change["until"])
    if change["kind"] == "pause":
        return Pause(datetime.fromisoformat(change["since"]), until)
    unit = change.get("unit") and Unit(change["unit"])
    return Extension(datetime.fromisoformat(change["at"]), change.get("amount"), unit, until)


def _require_positive(amount: int | None) -> None:
    if amount is not None and amount < 1:
        raise ValueError("A period must be positive.")

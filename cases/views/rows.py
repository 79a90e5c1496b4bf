"""Cases as lines of work: how much time is left, and what may be done at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import Case
from cases.views.deeds import Deed, allowed
from cases.watch import Reading, Watch
from cases.workflow import Action
from stakeholders.models import Membership

# What is worth a button in a list; the rest is inside the case
IN_LISTS = (Action.ACCEPT, Action.RESOLVE, Action.CLOSE, Action.REWORK, Action.RETURN)


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    case: Case
    due: Reading | None
    deeds: list[Deed]


def rows(cases: Iterable[Case], watch: Watch) -> list[Row]:
    """Lines to read."""
    return [Row(case, watch.read(case), []) for case in cases]


def work(cases: Iterable[Case], watch: Watch, *, by: Membership) -> list[Row]:
    """Lines to work through, with the buttons that are allowed now."""
    return [
        Row(case, watch.read(case), [deed for deed in allowed(by, case) if deed.action in IN_LISTS][:2])
        for case in cases
    ]

"""Cases as lines of work: how much time is left, and what may be done at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import Case, Finding
from cases.signs import LISTED
from cases.views.deed import Deed
from cases.views.deeds import allowed
from cases.watch import Reading, Watch
from cases.workflow import Action
from stakeholders.models import Membership

# What is worth a button in a list; the rest is inside the case
IN_LISTS = (
    Action.ACCEPT,
    Action.CLAIM,
    Action.RESUME,
    Action.RESOLVE,
    Action.VERIFY,
    Action.CLOSE,
    Action.REWORK,
    Action.RETURN,
    Action.DISCLAIM,
)


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    case: Case
    due: Reading | None
    states: list[str]  # what stands in its way, by its sign
    deeds: list[Deed]


def rows(cases: Iterable[Case], watch: Watch) -> list[Row]:
    """Lines to read."""
    return [Row(case, watch.read(case), _states(case, watch), []) for case in cases]


def work(cases: Iterable[Case], watch: Watch, *, by: Membership) -> list[Row]:
    """Lines to work through, with the buttons that are allowed now."""
    return [
        Row(
            case,
            watch.read(case),
            _states(case, watch),
            [deed for deed in allowed(by, case) if deed.action in IN_LISTS][:2],
        )
        for case in cases
    ]


def _states(case: Case, watch: Watch) -> list[str]:
    """What the case itself says of it beside its deadline, the gravest first; its responsibility is its mark."""
    is_unsigned = case.stage == Case.Stage.DISPATCHED and case.sign_due_at is not None and case.sign_due_at < watch.now
    states = {
        LISTED: case.listed_at is not None and case.is_open,
        Finding.Kind.STATUTORY: case.timer_due_at is not None and case.timer_due_at < watch.now,
        Finding.Kind.UNSIGNED: is_unsigned,
        case.asked: bool(case.asked),
    }
    return [state for state, stands in states.items() if stands]

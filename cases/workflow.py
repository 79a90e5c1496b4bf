"""The life of a case as one table: which action is possible in which stage, and where it leads. Pure."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"
    OPENED = "opened"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    RESOLVED = "resolved"
    CLOSED = "closed"
    ON_HOLD = "on_hold"
    VOID = "void"


class Action(StrEnum):
    """What a person may do with a case."""

    LOCATE = "locate"
    ACCEPT = "accept"
    CONTACT = "contact"
    RETURN = "return"
    REASSIGN = "reassign"
    RESOLVE = "resolve"
    REWORK = "rework"
    CLOSE = "close"
    VOID = "void"
    COMMENT = "comment"


UNSOLVED = frozenset({Stage.REPORTED, Stage.OPENED, Stage.DISPATCHED, Stage.HANDLING})
ENDED = frozenset({Stage.CLOSED, Stage.VOID})
OPEN = frozenset(Stage) - ENDED

SAME = None  # the stage stays as it is

TRANSITIONS: dict[tuple[Stage, Action], Stage | None] = {
    (Stage.OPENED, Action.LOCATE): SAME,
    (Stage.OPENED, Action.REASSIGN): Stage.DISPATCHED,
    (Stage.DISPATCHED, Action.REASSIGN): Stage.DISPATCHED,
    (Stage.HANDLING, Action.REASSIGN): Stage.DISPATCHED,
    (Stage.DISPATCHED, Action.ACCEPT): Stage.HANDLING,
    (Stage.DISPATCHED, Action.RETURN): Stage.OPENED,
    (Stage.HANDLING, Action.RETURN): Stage.OPENED,
    (Stage.HANDLING, Action.CONTACT): SAME,
    (Stage.HANDLING, Action.RESOLVE): Stage.RESOLVED,
    (Stage.RESOLVED, Action.REWORK): Stage.HANDLING,
    (Stage.RESOLVED, Action.CLOSE): Stage.CLOSED,
    **{(stage, Action.VOID): Stage.VOID for stage in UNSOLVED},
    **{(stage, Action.COMMENT): SAME for stage in OPEN},
}


def allows(stage: Stage, action: Action) -> bool:
    """Say whether the stage allows the action, whoever acts."""
    return (stage, action) in TRANSITIONS


def stage_after(stage: Stage, action: Action) -> Stage:
    """Return the stage an action leads to; raises KeyError where the stage does not allow it."""
    return TRANSITIONS[stage, action] or stage

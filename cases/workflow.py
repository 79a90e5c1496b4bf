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
    """What a person may do with a case, likeliest first."""

    LOCATE = "locate"
    ACCEPT = "accept"
    CLAIM = "claim"
    RESUME = "resume"
    RESOLVE = "resolve"
    DECIDE_EXTENSION = "decide_extension"
    DECIDE_HOLD = "decide_hold"
    VERIFY = "verify"
    CLOSE = "close"
    REWORK = "rework"
    RULE = "rule"
    REASSIGN = "reassign"
    RETURN = "return"
    DISCLAIM = "disclaim"
    CONTACT = "contact"
    RATE = "rate"
    REOPEN = "reopen"
    PUT_IN_CHARGE = "put_in_charge"
    EXTEND = "extend"
    HOLD = "hold"
    COMMENT = "comment"
    ATTACH = "attach"
    CORRECT = "correct"
    START_TIMER = "start_timer"
    EXTEND_TIMER = "extend_timer"
    STOP_TIMER = "stop_timer"
    LINK_DUPLICATE = "link_duplicate"
    VOID = "void"


UNSOLVED = frozenset({Stage.REPORTED, Stage.OPENED, Stage.DISPATCHED, Stage.HANDLING})
ENDED = frozenset({Stage.CLOSED, Stage.VOID})
OPEN = frozenset(Stage) - ENDED
WITH_LEAD = frozenset({Stage.DISPATCHED, Stage.HANDLING})

SAME = None  # the stage stays as it is, or the service finds out where the case goes

_TIMERS = (Action.START_TIMER, Action.EXTEND_TIMER, Action.STOP_TIMER)
_ANY_TIME = (Action.COMMENT, Action.ATTACH, Action.CORRECT, *_TIMERS)
_PUT_ASIDE = (Action.VOID, Action.LINK_DUPLICATE)

TRANSITIONS: dict[tuple[Stage, Action], Stage | None] = {
    # Before anybody has it
    **{(stage, Action.LOCATE): SAME for stage in (Stage.OPENED, Stage.DISPATCHED, Stage.HANDLING)},
    # Who answers for it
    **{(stage, Action.CLAIM): SAME for stage in (Stage.OPENED, Stage.DISPATCHED, Stage.HANDLING)},
    **{(stage, Action.DISCLAIM): SAME for stage in (Stage.OPENED, Stage.DISPATCHED, Stage.HANDLING)},
    **{(stage, Action.REASSIGN): Stage.DISPATCHED for stage in (Stage.OPENED, Stage.DISPATCHED, Stage.HANDLING)},
    **{(stage, Action.RULE): SAME for stage in (Stage.OPENED, Stage.DISPATCHED, Stage.HANDLING)},
    **{(stage, Action.RETURN): Stage.OPENED for stage in WITH_LEAD},
    # The work
    (Stage.DISPATCHED, Action.ACCEPT): Stage.HANDLING,
    **{(stage, Action.PUT_IN_CHARGE): SAME for stage in (Stage.DISPATCHED, Stage.HANDLING, Stage.ON_HOLD)},
    (Stage.HANDLING, Action.CONTACT): SAME,
    (Stage.HANDLING, Action.RESOLVE): Stage.RESOLVED,
    (Stage.ON_HOLD, Action.CONTACT): SAME,
    # More time
    (Stage.HANDLING, Action.EXTEND): SAME,
    (Stage.HANDLING, Action.DECIDE_EXTENSION): SAME,
    (Stage.HANDLING, Action.HOLD): Stage.ON_HOLD,
    (Stage.HANDLING, Action.DECIDE_HOLD): Stage.ON_HOLD,
    (Stage.ON_HOLD, Action.RESUME): Stage.HANDLING,
    # The check, and after
    (Stage.RESOLVED, Action.VERIFY): SAME,
    (Stage.RESOLVED, Action.REWORK): Stage.HANDLING,
    (Stage.RESOLVED, Action.CLOSE): Stage.CLOSED,
    (Stage.CLOSED, Action.RATE): SAME,
    (Stage.CLOSED, Action.REOPEN): Stage.OPENED,
    (Stage.VOID, Action.REOPEN): Stage.OPENED,
    # At any time
    **{(stage, action): Stage.VOID for stage in UNSOLVED | {Stage.ON_HOLD} for action in _PUT_ASIDE},
    **{(stage, action): SAME for stage in OPEN for action in _ANY_TIME},
}


def allows(stage: Stage, action: Action) -> bool:
    """Say whether the stage allows the action, whoever acts."""
    return (stage, action) in TRANSITIONS


def stage_after(stage: Stage, action: Action) -> Stage:
    """Return the stage an action leads to; raises KeyError where the stage does not allow it."""
    return TRANSITIONS[stage, action] or stage

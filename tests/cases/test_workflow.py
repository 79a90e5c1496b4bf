"""The table of stages and actions, whole."""

from itertools import product

import pytest

from cases.workflow import ENDED, OPEN, TRANSITIONS, UNSOLVED, Action, Stage, allows, stage_after

POSSIBLE = {
    Stage.REPORTED: {"void", "comment"},
    Stage.OPENED: {"locate", "reassign", "void", "comment"},
    Stage.DISPATCHED: {"accept", "return", "reassign", "void", "comment"},
    Stage.HANDLING: {"contact", "return", "reassign", "resolve", "void", "comment"},
    Stage.RESOLVED: {"rework", "close", "comment"},
    Stage.ON_HOLD: {"comment"},
    Stage.CLOSED: set(),
    Stage.VOID: set(),
}


@pytest.mark.parametrize(("stage", "action"), list(product(Stage, Action)))
def test_stage_allows_exactly_its_actions(stage: Stage, action: Action) -> None:
    assert allows(stage, action) == (action in POSSIBLE[stage])


def test_stage_after_follows_the_table() -> None:
    assert stage_after(Stage.DISPATCHED, Action.ACCEPT) is Stage.HANDLING
    assert stage_after(Stage.HANDLING, Action.COMMENT) is Stage.HANDLING
    with pytest.raises(KeyError):
        stage_after(Stage.CLOSED, Action.COMMENT)


def test_nothing_leaves_an_ended_case() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] in ENDED]
    assert UNSOLVED < OPEN
    assert set(Stage) == OPEN | ENDED

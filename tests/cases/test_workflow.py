"""The table of stages and actions, whole."""

from itertools import product

import pytest

from cases.workflow import ENDED, OPEN, TRANSITIONS, UNSOLVED, Action, Stage, allows, stage_after

ANY_TIME = {"comment", "attach", "correct", "start_timer", "extend_timer", "stop_timer"}
PUT_ASIDE = {"void", "link_duplicate"}
WHOSE = {"locate", "claim", "disclaim", "reassign", "rule"}

POSSIBLE = {
    Stage.REPORTED: ANY_TIME | PUT_ASIDE,
    Stage.OPENED: ANY_TIME | PUT_ASIDE | WHOSE,
    Stage.DISPATCHED: ANY_TIME | PUT_ASIDE | WHOSE | {"accept", "return", "put_in_charge"},
    Stage.HANDLING: ANY_TIME
    | PUT_ASIDE
    | WHOSE
    | {"return", "put_in_charge", "contact", "resolve", "extend", "decide_extension", "hold", "decide_hold"},
    Stage.RESOLVED: ANY_TIME | {"verify", "rework", "close"},
    Stage.ON_HOLD: ANY_TIME | PUT_ASIDE | {"resume", "contact", "put_in_charge"},
    Stage.CLOSED: {"rate", "reopen"},
    Stage.VOID: {"reopen"},
}
LEADS_TO = {
    "accept": Stage.HANDLING,
    "reassign": Stage.DISPATCHED,
    "return": Stage.OPENED,
    "resolve": Stage.RESOLVED,
    "hold": Stage.ON_HOLD,
    "decide_hold": Stage.ON_HOLD,
    "resume": Stage.HANDLING,
    "rework": Stage.HANDLING,
    "close": Stage.CLOSED,
    "reopen": Stage.OPENED,
    "void": Stage.VOID,
    "link_duplicate": Stage.VOID,
}


@pytest.mark.parametrize(("stage", "action"), list(product(Stage, Action)))
def test_stage_allows_exactly_its_actions(stage: Stage, action: Action) -> None:
    assert allows(stage, action) == (action in POSSIBLE[stage])


@pytest.mark.parametrize(("stage", "action"), sorted(TRANSITIONS))
def test_action_leads_to_one_stage_wherever_it_is_possible(stage: Stage, action: Action) -> None:
    assert stage_after(stage, action) is LEADS_TO.get(action, stage)


def test_every_action_is_possible_somewhere() -> None:
    assert {action for _stage, action in TRANSITIONS} == set(Action)


def test_stage_after_refuses_what_the_table_does_not_name() -> None:
    with pytest.raises(KeyError):
        stage_after(Stage.CLOSED, Action.COMMENT)


def test_only_a_new_round_leaves_what_has_ended() -> None:
    assert {after for (stage, _), after in TRANSITIONS.items() if stage in ENDED} - {None} == {Stage.OPENED}
    assert UNSOLVED < OPEN
    assert set(Stage) == OPEN | ENDED

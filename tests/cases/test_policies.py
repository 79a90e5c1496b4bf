"""Who may do what with a case: every role, related and not, times every action, and what must be true beside."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from cases import policies, workflow
from cases.models import Case
from cases.workflow import Action, Stage
from stakeholders.models import Membership
from stakeholders.roles import Role

HOLDER, OTHER = 1, 2
NOW = datetime(2026, 11, 16, tzinfo=UTC)
ANYBODY = {"comment", "attach"}
TIMERS = {"start_timer", "extend_timer", "stop_timer"}
ASSIGN = {
    *("locate", "reassign", "rule", "decide_extension", "decide_hold", "reopen", "link_duplicate", "void"),
    *("hold", "resume", "correct"),  # what others have to ask for
} | TIMERS
HANDLE = {"accept", "contact", "return", "resolve", "put_in_charge", "extend", "hold", "resume"}
STANCES = {"claim", "disclaim"}
CHECK = {"verify", "rework", "close"}

MAY: dict[tuple[Role, int, bool], set[str]] = {
    (Role.GRID_WORKER, OTHER, False): CHECK | {"rate"},
    (Role.GRID_WORKER, HOLDER, False): set(),
    (Role.HANDLER, OTHER, False): STANCES,
    (Role.HANDLER, HOLDER, False): HANDLE,
    (Role.HANDLER, HOLDER, True): HANDLE | STANCES,  # in a dispute whoever has it says so, too
    (Role.COORDINATOR, OTHER, False): ASSIGN | CHECK | {"rate"},
    (Role.COORDINATOR, HOLDER, False): ASSIGN,
    (Role.API_CLIENT, OTHER, False): {"rate"},
}


def case(**given: Any) -> Case:
    return Case(**{"lead_id": HOLDER, "responsibility": "held", "stage": "handling"} | given)


def may(role: Role, party: int, *, is_disputed: bool) -> set[str]:
    """What is expected; where a dispute makes no difference, the line without one counts."""
    plain = MAY.get((role, party, False), set())
    return ANYBODY | MAY.get((role, party, is_disputed), plain)


@pytest.mark.parametrize("is_disputed", [False, True])
@pytest.mark.parametrize(("role", "party", "action"), list(product(Role, (HOLDER, OTHER), Action)))
def test_role_may_do_exactly_this(role: Role, party: int, action: Action, is_disputed: bool) -> None:
    by, disputed = Membership(role=role, party_id=party), case(responsibility="disputed" if is_disputed else "held")

    assert policies.may(by, disputed, action) == (action in may(role, party, is_disputed=is_disputed))


def test_every_action_has_its_rule() -> None:
    assert set(policies.NEEDS) == set(Action)
    assert set(policies.CONDITIONS) <= set(Action)
    assert {*policies.STANCES, *policies.CHECKS, *policies.ALSO_DECIDERS} <= set(Action)


@pytest.mark.parametrize(
    ("role", "expected"), [(Role.GRID_WORKER, True), (Role.API_CLIENT, True), (Role.AUDITOR, False)]
)
@pytest.mark.parametrize("party", [HOLDER, OTHER])
def test_who_logged_a_case_may_correct_it(role: Role, expected: bool, party: int) -> None:
    by = Membership(pk=7, role=role, party_id=party)

    assert policies.may(by, case(logged_by_id=7), Action.CORRECT) is expected
    assert not policies.may(by, case(logged_by_id=8), Action.CORRECT)


CONDITIONS: list[tuple[dict[str, Any], set[str]]] = [
    # What is so of a case, and what that makes impossible wherever the stage would allow it
    ({}, {"decide_extension", "decide_hold", *TIMERS} - {"start_timer"}),
    ({"asked": "extension"}, {"extend", "hold", "decide_hold", "stop_timer", "extend_timer"}),
    ({"asked": "hold"}, {"extend", "hold", "decide_extension", "stop_timer", "extend_timer"}),
    ({"responsibility": "disputed"}, {"return", "decide_extension", "decide_hold", "stop_timer", "extend_timer"}),
    ({"ruled_at": NOW}, {"return", *STANCES, "decide_extension", "decide_hold", "stop_timer", "extend_timer"}),
    ({"timer_due_at": NOW}, {"decide_extension", "decide_hold"}),
    ({"verified_at": NOW}, {"verify", "decide_extension", "decide_hold", "stop_timer", "extend_timer"}),
    ({"rated_at": NOW}, {"rate", "decide_extension", "decide_hold", "stop_timer", "extend_timer"}),
]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize(("so", "impossible"), CONDITIONS)
def test_case_allows_what_its_stage_allows_but_for_what_must_be_true_beside(
    stage: Stage, so: dict[str, Any], impossible: set[str]
) -> None:
    standing = case(stage=stage, **so)

    possible = {action for action in Action if policies.is_possible(standing, action)}

    assert possible == {action for action in Action if workflow.allows(stage, action)} - impossible


@pytest.mark.parametrize(("role", "party"), list(product(Role, (HOLDER, OTHER))))
def test_reporter_is_for_those_who_contact_assign_or_check(role: Role, party: int) -> None:
    by = Membership(role=role, party_id=party)

    expected = may(role, party, is_disputed=False) & {"contact", "reassign", "close"}

    assert policies.can_reveal(by, case()) == bool(expected)


def test_allowed_actions_fit_stage_and_role_likeliest_first() -> None:
    handler = Membership(role=Role.HANDLER, party_id=HOLDER)

    assert policies.allowed_actions(handler, case(stage="dispatched")) == [
        *("accept", "return", "put_in_charge", "comment", "attach")
    ]
    assert policies.allowed_actions(handler, case(stage="resolved")) == ["comment", "attach"]
    assert policies.allowed_actions(handler, case(stage="closed")) == []


@pytest.mark.parametrize(("responsibility", "position"), [("unlocated", 0), ("held", -1)])
def test_a_case_is_located_first_while_nobody_knows_its_place_and_last_after(
    responsibility: str, position: int
) -> None:
    coordinator = Membership(role=Role.COORDINATOR, party_id=OTHER)

    allowed = policies.allowed_actions(coordinator, case(stage="opened", responsibility=responsibility))

    assert allowed[position] == "locate"

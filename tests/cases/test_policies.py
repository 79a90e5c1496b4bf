"""Who may do what with a case: every role, related and not, times every action."""

from itertools import product

import pytest

from cases import policies
from cases.models import Case
from cases.workflow import Action
from stakeholders.models import Membership
from stakeholders.roles import Role

HOLDER, OTHER = 1, 2
ASSIGN = {"locate", "reassign", "void"}
HANDLE = {"accept", "contact", "return", "resolve"}
VERIFY = {"rework", "close"}

MAY = {
    (Role.GRID_WORKER, OTHER): VERIFY,
    (Role.GRID_WORKER, HOLDER): set(),
    (Role.HANDLER, OTHER): set(),
    (Role.HANDLER, HOLDER): HANDLE,
    (Role.COORDINATOR, OTHER): ASSIGN | VERIFY,
    (Role.COORDINATOR, HOLDER): ASSIGN,
    **{
        (role, party): set()
        for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.API_CLIENT)
        for party in (OTHER, HOLDER)
    },
}


@pytest.mark.parametrize(("role", "party", "action"), list(product(Role, (HOLDER, OTHER), Action)))
def test_role_may_do_exactly_this(role: Role, party: int, action: Action) -> None:
    by, case = Membership(role=role, party_id=party), Case(lead_id=HOLDER)

    assert policies.may(by, case, action) == (action in MAY[role, party] or action == Action.COMMENT)


@pytest.mark.parametrize(("role", "party"), list(product(Role, (HOLDER, OTHER))))
def test_reporter_is_for_those_who_contact_assign_or_check(role: Role, party: int) -> None:
    by, case = Membership(role=role, party_id=party), Case(lead_id=HOLDER)

    assert policies.can_reveal(by, case) == bool(MAY[role, party])


def test_allowed_actions_fit_both_stage_and_role() -> None:
    handler = Membership(role=Role.HANDLER, party_id=HOLDER)

    assert policies.allowed_actions(handler, Case(lead_id=HOLDER, stage="dispatched")) == [
        "accept",
        "return",
        "comment",
    ]
    assert policies.allowed_actions(handler, Case(lead_id=HOLDER, stage="resolved")) == ["comment"]
    assert policies.allowed_actions(handler, Case(lead_id=HOLDER, stage="closed")) == []

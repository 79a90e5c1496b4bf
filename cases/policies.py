"""Who may do what with a case: pure predicates over (membership, case), used by services, pages and API."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from cases import workflow
from cases.models import Case
from cases.workflow import Action, Stage
from stakeholders.models import Building, Estate, Membership
from stakeholders.roles import Permission, Role

NEEDS: dict[Action, Permission | None] = {
    Action.LOCATE: Permission.ASSIGN_CASE,
    Action.REASSIGN: Permission.ASSIGN_CASE,
    Action.VOID: Permission.ASSIGN_CASE,
    Action.ACCEPT: Permission.HANDLE_CASE,
    Action.CONTACT: Permission.HANDLE_CASE,
    Action.RETURN: Permission.HANDLE_CASE,
    Action.RESOLVE: Permission.HANDLE_CASE,
    Action.REWORK: Permission.VERIFY_CASE,
    Action.CLOSE: Permission.VERIFY_CASE,
    Action.COMMENT: None,
}


class NotNowError(ValidationError):
    """The stage of the case does not allow the action, whoever asks; `allowed` is what it does allow the actor."""

    def __init__(self, case: Case, allowed: list[Action]) -> None:
        super().__init__(
            _("A case that is “%(stage)s” does not allow this."),
            code="stage",
            params={"stage": case.get_stage_display()},
        )
        self.allowed = allowed


def may(by: Membership, case: Case, action: Action) -> bool:
    """Say whether this membership may ever do this with a case it can see.

    Handling is for the party that leads; verifying and closing for anybody but that party.
    """
    needed = NEEDS[action]
    if needed is None:
        return True
    if not by.allows(needed):
        return False
    if needed is Permission.HANDLE_CASE:
        return case.lead_id == by.party_id
    return needed is not Permission.VERIFY_CASE or case.lead_id != by.party_id


def permit(by: Membership, case: Case, action: Action) -> None:
    """Raise PermissionDenied or NotNowError unless the action is possible for this membership in this stage.

    Asks one thing more than `may`, which is asked for every row of a list and so costs no query: nobody verifies the
    work of a party that the same person acts for in another capacity.
    """
    if not may(by, case, action) or (NEEDS[action] is Permission.VERIFY_CASE and _is_of_the_lead(by, case)):
        raise PermissionDenied
    if not workflow.allows(Stage(case.stage), action):
        raise NotNowError(case, allowed_actions(by, case))


def allowed_actions(by: Membership, case: Case) -> list[Action]:
    """What this membership may do now with a case it can see, likeliest first.

    That is the order of `Action`, but that a case whose place is known needs to be located least.
    """
    allowed = [action for action in Action if workflow.allows(Stage(case.stage), action) and may(by, case, action)]
    is_located = case.responsibility != Case.Responsibility.UNLOCATED
    return sorted(allowed, key=lambda action: is_located and action is Action.LOCATE)


def can_reveal(by: Membership, case: Case) -> bool:
    """May look up who reported the case: whoever has to contact, assign or check it, in any stage."""
    return any(may(by, case, action) for action in (Action.CONTACT, Action.REASSIGN, Action.CLOSE))


def _is_of_the_lead(by: Membership, case: Case) -> bool:
    return Membership.objects.current().filter(user=by.user_id, party=case.lead_id).exists()


def can_log(by: Membership) -> bool:
    """May log cases."""
    return by.allows(Permission.LOG_CASE)


def can_log_at(by: Membership, place: Estate | Building) -> bool:
    """May log a case here: a grid worker in the own grid, others in their area."""
    if by.role == Role.GRID_WORKER:
        return place.grid_id == by.grid_id
    estate = place.estate if isinstance(place, Building) else place
    return by.area.contains(estate.area_id)


def can_decide(by: Membership) -> bool:
    """May assign cases, and so has the inbox of what waits for a decision."""
    return by.allows(Permission.ASSIGN_CASE)


def can_handle(by: Membership) -> bool:
    """May handle cases, and so has a desk."""
    return by.allows(Permission.HANDLE_CASE)

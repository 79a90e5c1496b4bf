"""Who may do what with a case: pure predicates over (membership, case), used by services, pages and API."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import workflow
from cases.models import Case, DeadlineRule, Webhook
from cases.workflow import Action, Stage
from stakeholders.models import Building, Estate, Membership
from stakeholders.policies import is_of_the_whole_installation, require
from stakeholders.roles import Permission, Role

NEEDS: dict[Action, Permission | None] = {
    Action.LOCATE: Permission.ASSIGN_CASE,
    Action.REASSIGN: Permission.ASSIGN_CASE,
    Action.RULE: Permission.ASSIGN_CASE,
    Action.DECIDE_EXTENSION: Permission.ASSIGN_CASE,
    Action.DECIDE_HOLD: Permission.ASSIGN_CASE,
    Action.REOPEN: Permission.ASSIGN_CASE,
    Action.VOID: Permission.ASSIGN_CASE,
    Action.START_TIMER: Permission.ASSIGN_CASE,
    Action.EXTEND_TIMER: Permission.ASSIGN_CASE,
    Action.STOP_TIMER: Permission.ASSIGN_CASE,
    Action.ACCEPT: Permission.HANDLE_CASE,
    Action.CONTACT: Permission.HANDLE_CASE,
    Action.RETURN: Permission.HANDLE_CASE,
    Action.RESOLVE: Permission.HANDLE_CASE,
    Action.PUT_IN_CHARGE: Permission.HANDLE_CASE,
    Action.EXTEND: Permission.HANDLE_CASE,
    Action.CLAIM: Permission.HANDLE_CASE,
    Action.DISCLAIM: Permission.HANDLE_CASE,
    Action.HOLD: Permission.HANDLE_CASE,
    Action.RESUME: Permission.HANDLE_CASE,
    Action.VERIFY: Permission.VERIFY_CASE,
    Action.REWORK: Permission.VERIFY_CASE,
    Action.CLOSE: Permission.VERIFY_CASE,
    Action.RATE: Permission.LOG_CASE,
    Action.CORRECT: Permission.LOG_CASE,
    Action.LINK_DUPLICATE: Permission.LOG_CASE,
    Action.COMMENT: None,
    Action.ATTACH: None,
}
# Also for those who assign: they decide at once what others have to ask for, and put right what others have written
ALSO_DECIDERS = frozenset({Action.HOLD, Action.RESUME, Action.CORRECT, Action.LINK_DUPLICATE})
# Only for who logged the case. Not for its lead: how urgent it is says how much time that party has, and joined to
# another it would be off the party's desk.
OF_THE_LOGGER = frozenset({Action.CORRECT, Action.LINK_DUPLICATE})
# For every party that sees the case, not only for the one that leads
STANCES = frozenset({Action.CLAIM, Action.DISCLAIM})
# Never for the party whose work it is about
CHECKS = frozenset({Action.VERIFY, Action.REWORK, Action.CLOSE, Action.RATE})

FOR_ALL = gettext_lazy(
    "This holds for the whole installation: only administrators whose area contains all of it may change it."
)

# What must be true of the case beside its stage
CONDITIONS: dict[Action, Callable[[Case], bool]] = {
    # While parties dispute, work goes on with whoever has it (Jinan's rule on division of duties, §4); once it is
    # ruled whose a case is, parties have no say any more.
    Action.CLAIM: lambda case: case.ruled_at is None,
    Action.DISCLAIM: lambda case: case.ruled_at is None,
    Action.RETURN: lambda case: case.responsibility != Case.Responsibility.DISPUTED and case.ruled_at is None,
    Action.EXTEND: lambda case: not case.asked,
    Action.HOLD: lambda case: not case.asked,
    Action.DECIDE_EXTENSION: lambda case: case.asked == "extension",
    Action.DECIDE_HOLD: lambda case: case.asked == "hold",
    Action.VERIFY: lambda case: case.verified_at is None,
    Action.RATE: lambda case: case.rated_at is None,
    Action.STOP_TIMER: lambda case: case.has_timer,
    Action.EXTEND_TIMER: lambda case: case.has_timer,
}


class NotNowError(ValidationError):
    """The case as it stands does not allow the action, whoever asks; `allowed` is what it does allow the actor."""

    def __init__(self, case: Case, allowed: list[Action]) -> None:
        super().__init__(
            _("A case that is “%(stage)s” does not allow this."),
            code="stage",
            params={"stage": case.get_stage_display()},
        )
        self.allowed = allowed


def may(by: Membership, case: Case, action: Action) -> bool:
    """Say whether this membership may ever do this with a case it can see.

    Handling is for the party that leads; verifying and closing for anybody but that party. Whether a matter is theirs
    any party may say that sees the case; the one that has it says “not ours” by returning it. What was
    written down wrongly is put right by who wrote it.
    """
    needed = NEEDS[action]
    if needed is None or (action in ALSO_DECIDERS and by.allows(Permission.ASSIGN_CASE)):
        return True
    if not by.allows(needed):
        return False
    if action in OF_THE_LOGGER:
        return case.logged_by_id is not None and case.logged_by_id == by.pk
    leads = case.lead_id == by.party_id
    if action in STANCES:
        return not leads or case.responsibility == Case.Responsibility.DISPUTED
    if needed is Permission.HANDLE_CASE:
        return leads
    return action not in CHECKS or not leads


def is_possible(case: Case, action: Action) -> bool:
    """Say whether the case as it stands allows the action, whoever acts."""
    condition = CONDITIONS.get(action)
    return workflow.allows(Stage(case.stage), action) and (condition is None or condition(case))


def permit(by: Membership, case: Case, action: Action) -> None:
    """Raise PermissionDenied or NotNowError unless the action is possible for this membership now.

    Asks one thing more than `may`, which is asked for every row of a list and so costs no query: nobody verifies the
    work of a party that the same person acts for in another capacity.
    """
    if not may(by, case, action) or (action in CHECKS and _is_of_the_lead(by, case)):
        raise PermissionDenied
    if not is_possible(case, action):
        raise NotNowError(case, allowed_actions(by, case))


def allowed_actions(by: Membership, case: Case) -> list[Action]:
    """What this membership may do now with a case it can see, likeliest first.

    That is the order of `Action`, but that a case whose place is known needs to be located least.
    """
    allowed = [action for action in Action if is_possible(case, action) and may(by, case, action)]
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


def can_see_figures(by: Membership) -> bool:
    """May read figures: whoever sees a whole area."""
    return by.allows(Permission.SEE_AREA)


def can_see_rules(by: Membership) -> bool:
    """May read the rules and what they have done: whoever sees an area, for that is what is counted."""
    return by.allows(Permission.SEE_AREA)


def can_keep_rules(by: Membership) -> bool:
    """May keep deadline rules somewhere."""
    return by.allows(Permission.ADMINISTER)


def can_keep_for_all(by: Membership) -> bool:
    """May change what holds for the whole installation: the ladder, levels of disputes, limits, the calendar."""
    return can_keep_rules(by) and is_of_the_whole_installation(by)


def can_keep_rule(by: Membership, rule: DeadlineRule) -> bool:
    """May keep this deadline rule: one with a place is for those whose area contains it, any other for all."""
    if rule.area_code is None:
        return can_keep_for_all(by)
    return can_keep_rules(by) and by.area.contains(rule.area_code)


def permit_for_all(by: Membership) -> None:
    """Raise PermissionDenied, and tell administrators why, unless the membership may change what holds for all."""
    require(can_keep_rules(by))
    if not can_keep_for_all(by):
        raise PermissionDenied(FOR_ALL)


def permit_rule(by: Membership, rule: DeadlineRule) -> None:
    """Raise PermissionDenied, and tell administrators why, unless the membership may keep this deadline rule."""
    if rule.area_code is None:
        permit_for_all(by)
        return
    require(can_keep_rules(by))
    if not can_keep_rule(by, rule):
        message = _("A rule for %(place)s is kept by administrators whose area contains it; yours does not.")
        raise PermissionDenied(message % {"place": rule.estate or rule.area})


def can_import(by: Membership) -> bool:
    """May import a ledger: it writes closed cases, and who held them in the past."""
    return by.allows(Permission.ADMINISTER)


def can_keep_webhooks(by: Membership) -> bool:
    """May have this system call an address: whoever follows a whole area."""
    return by.allows(Permission.KEEP_WEBHOOKS)


def can_change_webhook(by: Membership, webhook: Webhook) -> bool:
    """May say where a webhook leads and what it hears: only who hears by it."""
    return can_keep_webhooks(by) and webhook.membership_id == by.pk


def can_stop_webhook(by: Membership, webhook: Webhook) -> bool:
    """May switch a webhook off or remove it: who has it, and whoever keeps the system."""
    return can_change_webhook(by, webhook) or by.allows(Permission.ADMINISTER)


def can_watch_jobs(by: Membership) -> bool:
    """May see whether the periodic jobs run: who keeps the system, and who would wait for what they do not do."""
    return by.allows(Permission.ADMINISTER) or by.allows(Permission.ASSIGN_CASE)

"""Who may do what with places, parties and duties: pure predicates, asked by services and by pages."""

from django.core.exceptions import PermissionDenied

from stakeholders.models import Estate, Membership, Party
from stakeholders.models.area import ancestry
from stakeholders.registers import Row, area_code_of
from stakeholders.roles import Permission


def require(allowed: bool) -> None:
    """Raise PermissionDenied, which is 403 everywhere, unless `allowed`."""
    if not allowed:
        raise PermissionDenied


def is_of_the_whole_installation(by: Membership) -> bool:
    """Say whether the area contains every estate there is: what holds for all of them then holds for nobody else."""
    return not Estate.objects.outside(by.area).exists()


def can_see_duties(by: Membership) -> bool:
    """May read the responsibility ledger and its matrix."""
    return by.allows(Permission.SEE_DUTIES)


def can_keep_duties(by: Membership) -> bool:
    """May record and withdraw mandates and rule on scopes."""
    return by.allows(Permission.KEEP_DUTIES)


def can_keep_duties_at(by: Membership, area_code: str) -> bool:
    """May do so for a place in the area with this code: coordinators decide about what lies in their own area."""
    return can_keep_duties(by) and by.area.contains(area_code)


def can_name_party(by: Membership, party: Party) -> bool:
    """May name a party in a record or a case: the rule of `Party.objects.visible_to`, without a query."""
    return by.area.contains(party.area_id) or party.area_id in ancestry(by.area_id)


def can_see_residents(by: Membership) -> bool:
    """May read who lives where, masked: those who write down reports, and those who keep the registers."""
    return by.allows(Permission.LOG_CASE) or by.allows(Permission.ADMINISTER)


def can_reveal_residents(by: Membership) -> bool:
    """May look up a name and a number: people who go and see whether a matter is settled; never a program."""
    return by.allows(Permission.VERIFY_CASE)


def can_find_residents(by: Membership) -> bool:
    """May find a resident by the full name or the end of the phone number, which tells that it is theirs.

    For who may look both up anyway, and who keeps the registers; never for a program, which could try every name.
    """
    return can_reveal_residents(by) or by.allows(Permission.ADMINISTER)


def can_see_revealings(by: Membership) -> bool:
    """May read who looked residents up: those who answer for the registers."""
    return by.allows(Permission.ADMINISTER)


def can_keep_registers(by: Membership) -> bool:
    """May add and change places, people, parties or needs somewhere."""
    return by.allows(Permission.ADMINISTER)


def can_keep_row(by: Membership, row: Row) -> bool:
    """May add or change this row: what lies in the own area.

    What others share is for nobody alone: divisions above and their parties, and needs unless the own area is all there
    is in use.
    """
    if not can_keep_registers(by):
        return False
    code = area_code_of(row)
    return is_of_the_whole_installation(by) if code is None else by.area.contains(code)

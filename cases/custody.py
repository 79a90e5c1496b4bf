"""Handing cases on: the one place that writes custody and `Case.lead`."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from cases.clocks import start_sign_clock
from cases.models import Case, Custody
from stakeholders.models import Membership, Party


def locked(case: Case, *, by: Membership) -> Case:
    """Read the case again and keep others from changing it until the transaction ends.

    Raises PermissionDenied when the membership cannot see the case (any more).
    """
    try:
        return Case.objects.visible_to(by).for_detail().select_for_update(of=("self",)).get(pk=case.pk)
    except Case.DoesNotExist as missing:
        raise PermissionDenied from missing


def hand_to(case: Case, party: Party, *, at: datetime, ending: Custody.Ending = Custody.Ending.REASSIGNED) -> None:
    """Give the lead of a case to a party and start its time to sign for it; the caller saves the case."""
    if release(case, at=at, ending=ending):
        case.handoffs += 1
    case.custodies.create(party=party, role=Custody.Role.LEAD, since=at)
    case.lead, case.signed_at = party, None
    start_sign_clock(case, at=at)


def release(case: Case, *, at: datetime, ending: Custody.Ending) -> bool:
    """Take the lead away; say whether there was one. The caller saves the case."""
    case.lead, case.sign_due_at = None, None
    held = case.custodies.filter(role=Custody.Role.LEAD, until__isnull=True)
    return held.update(until=at, ending=ending) > 0


def end(case: Case, *, at: datetime, ending: Custody.Ending) -> None:
    """End every custody of a case that has ended; who led last stays written on it."""
    case.custodies.filter(until__isnull=True).update(until=at, ending=ending)


def supervise(case: Case, party: Party, *, at: datetime) -> None:
    """Let a supervising party see and follow a case; doing so twice changes nothing."""
    case.custodies.get_or_create(
        party=party, role=Custody.Role.SUPERVISE, until__isnull=True, defaults={"since": at}
    )

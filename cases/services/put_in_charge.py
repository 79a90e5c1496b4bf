"""Put a person of the party that has a case in charge of it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.workflow import Action
from stakeholders.models import Membership
from stakeholders.roles import Permission


@transaction.atomic
def put_in_charge(
    case: Case, *, person: Membership, by: Membership, reason: str = "", at: datetime | None = None
) -> Case:
    """Name who handles a case inside its party (经办人).

    Raises ValidationError for somebody of another party, who does not handle cases, or who has left.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.PUT_IN_CHARGE)
    is_current = Membership.objects.current(at).filter(pk=person.pk).exists()
    if person.party_id != case.lead_id or not is_current or not person.allows(Permission.HANDLE_CASE):
        raise ValidationError({"person": _("Only a handler of the party that has the case can be in charge.")})
    if person.pk == case.in_charge_id:
        raise ValidationError({"person": ValidationError(_("This person is in charge already."), code="unchanged")})
    details = {
        "person": person.user.name,
        "previous_person": case.in_charge.user.name if case.in_charge else None,
    } | ({"reason": reason} if reason else {})
    case.in_charge = person
    bookkeeping.enter(case, Line(CaseEvent.Kind.PUT_IN_CHARGE, at, by, details), at=at, changed=("in_charge",))
    return case

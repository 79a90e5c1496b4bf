"""Add a row to a register: a place, a household, a resident, a party or a need."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stakeholders import policies, register_log
from stakeholders.models import Area, Building, Estate, Membership, NeedItem
from stakeholders.policies import require
from stakeholders.registers import Row
from stakeholders.services.refresh_episodes import refresh_after_commit

Entered = TypeVar("Entered", bound=Row)
WITH_CELLS = (Estate, Building, NeedItem)


@transaction.atomic
def enter_in_register(row: Entered, *, by: Membership) -> Entered:
    """Save a new row and note who added it; the cells of a new place or item are reckoned once that is committed.

    Raises ValidationError for what makes no row, such as a code that is taken; PermissionDenied for who does not keep
    this register, or not there.
    """
    require(policies.can_keep_registers(by))
    if isinstance(row, Area) and not by.area.contains(row.code):
        raise ValidationError({"code": ValidationError(_("This code lies outside your area."), code="outside")})
    row.full_clean()
    require(policies.can_keep_row(by, row))
    row.save(force_insert=True)
    register_log.note_added(row, by=by)
    if isinstance(row, WITH_CELLS):
        refresh_after_commit([])  # a new row says itself that it is not reckoned yet
    return row

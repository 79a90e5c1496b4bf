"""Change a row of a register."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stakeholders import policies, register_log
from stakeholders.models import Membership, Party
from stakeholders.policies import require
from stakeholders.registers import LASTING, Row
from stakeholders.services.close_party import close_party

Changed = TypeVar("Changed", bound=Row)


@transaction.atomic
def change_in_register(row: Changed, *, values: Mapping[str, Any], by: Membership) -> Changed:
    """Set these fields of a row, and note who changed which; where nothing changes nothing is noted.

    A party that is closed down by it loses its duties. Raises ValidationError for a lasting field and for what makes no
    row; PermissionDenied for who does not keep this register, or not where the row lies, or not where it would lie.
    """
    require(policies.can_keep_registers(by))
    if lasting := [name for name in values if name in LASTING[type(row)]]:
        reason = _("This is given once, when it is added.")
        raise ValidationError({name: ValidationError(reason, code="lasting") for name in lasting})
    found: Changed = cast(Any, type(row))._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    require(policies.can_keep_row(by, found))
    changed = _set(found, values)
    if not changed:
        return found
    found.full_clean()
    require(policies.can_keep_row(by, found))
    found.save(update_fields=changed)
    if isinstance(found, Party) and "closed_at" in changed:
        close_party(found, closed_at=found.closed_at)
    register_log.note_changed(found, changed, by=by)
    return found


def _set(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set these fields and return the names of those that are another now."""
    fields = [row._meta.get_field(name) for name in values]
    before = [field.value_from_object(row) for field in fields]
    for name, value in values.items():
        setattr(row, name, value)
    return [field.name for field, was in zip(fields, before, strict=True) if field.value_from_object(row) != was]

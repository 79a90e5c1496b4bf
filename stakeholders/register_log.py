"""Who added or changed what in a register: the log that Django's admin keeps, so that both ways are seen in one."""

import json
from collections.abc import Sequence

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import override

from stakeholders.models import Membership
from stakeholders.registers import Row


def note_added(row: Row, *, by: Membership) -> None:
    """Write down that somebody added a row."""
    _note(row, ADDITION, {"added": {}}, by)


def note_changed(row: Row, fields: Sequence[str], *, by: Membership) -> None:
    """Write down which fields of a row somebody changed: by their English labels, which the admin translates."""
    with override(None):
        labels = [capfirst(str(row._meta.get_field(name).verbose_name)) for name in fields]  # type: ignore[union-attr]
    _note(row, CHANGE, {"changed": {"fields": labels}}, by)


def _note(row: Row, flag: int, done: dict[str, object], by: Membership) -> None:
    LogEntry.objects.create(
        user=by.user,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row)[:200],
        action_flag=flag,
        change_message=json.dumps([done]),
    )

"""Have a ledger imported that was checked."""

from datetime import datetime
from functools import partial

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import policies
from cases.models import CaseImport
from stakeholders.models import Membership
from stakeholders.policies import require


@transaction.atomic
def start_import(kept: CaseImport, *, by: Membership, at: datetime | None = None) -> CaseImport:
    """Let a worker import it once this is committed.

    Raises PermissionDenied for who may not import or has not sent it, ValidationError with the code `state` for one
    that is not checked yet, that was refused, or that was started before.
    """
    require(policies.can_import(by) and kept.by_id == by.pk)
    checked = CaseImport.objects.filter(pk=kept.pk, state=CaseImport.State.CHECKED)
    if not checked.update(state=CaseImport.State.IMPORTING, started_at=at or timezone.now(), done=0):
        kept.refresh_from_db(fields=["state"])
        raise ValidationError(
            _("An import that is “%(state)s” cannot be started."),
            code="state",
            params={"state": kept.get_state_display()},
        )
    transaction.on_commit(partial(current_app.send_task, "cases.work_off_import", [kept.pk]), robust=True)
    kept.refresh_from_db()
    return kept

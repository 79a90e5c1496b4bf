"""Take many cases at once from a client; they are done in the background."""

from collections.abc import Mapping, Sequence
from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import policies
from cases.models import BulkJob, BulkRow
from stakeholders.models import Membership
from stakeholders.policies import require

MOST_ROWS = 5_000
AT_ONCE = 500


@transaction.atomic
def start_bulk_job(
    kind: BulkJob.Kind, rows: Sequence[Mapping[str, Any]], *, by: Membership, reason: str = ""
) -> BulkJob:
    """Keep the rows as they are, and have a worker do them one by one once this is committed.

    What a row gets wrong is told with the row later, in the language of now. `reason` stands for all rows that give
    none, where reasons are wanted. Raises PermissionDenied for a role that may never do this, ValidationError for
    no rows or more than 5,000. A message that the broker loses does no harm: `work_off_bulk_jobs` finds the job.
    """
    require(policies.can_log(by) if kind == BulkJob.Kind.CREATE else policies.can_decide(by))
    if not 1 <= len(rows) <= MOST_ROWS:
        raise ValidationError({"rows": _("Give 1 to %(most)d rows.") % {"most": MOST_ROWS}})
    if reason and kind == BulkJob.Kind.CREATE:
        raise ValidationError({"reason": _("To log a case takes no reason.")})
    job = BulkJob.objects.create(kind=kind, reason=reason, language=get_language(), total=len(rows), by=by)
    BulkRow.objects.bulk_create(
        (BulkRow(job=job, index=index, body=row) for index, row in enumerate(rows)), batch_size=AT_ONCE
    )

    def send() -> None:
        current_app.send_task("cases.work_off_bulk_job", [job.pk])

    transaction.on_commit(send, robust=True)
    return job

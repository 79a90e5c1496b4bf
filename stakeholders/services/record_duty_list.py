"""Record a duty list that was looked at: its good rows become mandates, and the file stays as evidence."""

from datetime import datetime
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders import policies
from stakeholders.duty_list.read import Progress
from stakeholders.duty_list.report import DutyListReport
from stakeholders.models import DutyList, Membership
from stakeholders.policies import require
from stakeholders.services.import_duties import import_duties


@transaction.atomic
def record_duty_list(
    duty_list: DutyList,
    *,
    by: Membership,
    outcome: str = "",
    at: datetime | None = None,
    progress: Progress | None = None,
) -> DutyListReport:
    """Record what the kept file says, once, for the member who sent it.

    With the `outcome` of a dry run nothing is written unless it still comes to that. Raises ValidationError where the
    list is recorded already or would come to something else, PermissionDenied for who did not send it.
    """
    require(policies.can_keep_duties(by) and duty_list.uploaded_by_id == by.pk)
    duty_list = DutyList.objects.select_for_update(of=("self",)).get(pk=duty_list.pk)
    if duty_list.recorded_at is not None:
        raise ValidationError(_("This list is recorded already; nothing was recorded twice."), code="recorded")
    at = at or timezone.now()
    content = BytesIO(duty_list.content)
    report = import_duties(content, name=duty_list.name, by=by, at=at, outcome=outcome, progress=progress)
    duty_list.recorded_at = at
    duty_list.added, duty_list.known, duty_list.refused = len(report.good), report.known, len(report.refusals)
    duty_list.save(update_fields=["recorded_at", "added", "known", "refused"])
    return report

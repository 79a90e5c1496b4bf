"""Take over a duty list: every good row that the ledger does not know yet becomes a mandate."""

from datetime import datetime
from os import SEEK_END
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stakeholders import policies
from stakeholders.duty_list.limits import check_size
from stakeholders.duty_list.read import Progress, read_duties
from stakeholders.duty_list.report import DutyListReport
from stakeholders.models import Area, Mandate, Membership
from stakeholders.models.area import ancestry
from stakeholders.policies import require
from stakeholders.services.refresh_episodes import refresh_after_commit

BATCH = 5_000  # rows a statement


def import_duties(  # noqa: PLR0913 -- each is a choice of its own
    file: BinaryIO,
    *,
    name: str,
    by: Membership,
    dry_run: bool = False,
    at: datetime | None = None,
    outcome: str = "",
    progress: Progress | None = None,
) -> DutyListReport:
    """Record the good rows of a file in one transaction, all or nothing; a dry run tells the same and writes nothing.

    With the `outcome` of a dry run nothing is written unless it still comes to that. `progress` hears of rows done
    and rows in all. Raises ValidationError for a file that cannot be read and for an outcome that has changed,
    PermissionDenied for who may not keep the ledger.
    """
    require(policies.can_keep_duties(by))
    check_size(file.seek(0, SEEK_END))
    at = at or timezone.now()
    if dry_run:
        return read_duties(file, name=name, by=by, at=at, progress=progress)
    with transaction.atomic():
        _wait_for_others(by)
        report = read_duties(file, name=name, by=by, at=at, progress=progress)
        if outcome and outcome != report.outcome:
            raise ValidationError(
                _("The ledger has changed since: the list would come to something else now. Nothing was recorded."),
                code="changed",
            )
        refresh_after_commit(Mandate.objects.bulk_create(report.good.values(), batch_size=BATCH))
    return report


def _wait_for_others(by: Membership) -> None:
    """Let imports of the same places follow each other, so that what one records the next one knows.

    Who keeps some of the same places has the same widest division above. Areas are locked nowhere else.
    """
    above = Area.objects.filter(pk__in=ancestry(by.area_id)).order_by("pk")
    above.select_for_update(no_key=True).first()

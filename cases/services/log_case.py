"""Log a case: report it, open it, ask the ledger who leads, start its clocks."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from cases import policies
from cases.attaching import Upload, photos_of, written
from cases.models import Case
from cases.opening import open_case
from stakeholders.models import Building, Estate, Membership
from stakeholders.policies import require


def log_case(
    *,
    estate: Estate,
    by: Membership,
    building: Building | None = None,
    photos: Sequence[Upload] = (),
    **report: Any,
) -> Case:
    """Make a case out of a report, route it and return it; `report` is what `open_case` takes. A photo that cannot be
    kept makes no case.

    Raises ValidationError by field name for input that makes no sense, PermissionDenied where the actor may not log.
    """
    require(policies.can_log(by) and policies.can_log_at(by, building or estate))
    attachments = photos_of(photos)
    with written(attachments), transaction.atomic():
        return open_case(estate=estate, building=building, by=by, attachments=attachments, **report)

"""Go on with imports that nobody is at: their worker died, or never heard of them."""

import logging
from datetime import datetime

from django.utils import timezone

from cases.models import CaseImport
from cases.services.work_off_import import work_off_import

logger = logging.getLogger(__name__)


def work_off_imports(*, at: datetime | None = None) -> int:
    """Check or import each, oldest first; return how many rows were dealt with.

    Whatever one fails of is logged, and does not hold up the others; it is tried again later, and refused in the end.
    """
    at = at or timezone.now()
    dealt_with = 0
    for import_id in list(CaseImport.objects.unclaimed(at).order_by("id").values_list("pk", flat=True)):
        try:
            dealt_with += work_off_import(import_id, at=at)
        except Exception:  # a ledger may fail in any way
            logger.exception("Import %s could not be gone on with", import_id)
    return dealt_with

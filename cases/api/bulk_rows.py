"""How one row of a bulk job is done: checked like the body of a request, and by the same service."""

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _
from rest_framework import exceptions

from cases.api.action_bodies import ReassignBody
from cases.api.bodies import LogCaseBody
from cases.models import BulkJob, BulkRow, Case
from cases.policies import NotNowError
from cases.services.log_case import log_case
from cases.services.reassign_case import reassign_case
from cases.services.work_off_bulk_job import RowRefusedError
from stakeholders.api.bodies import values_of
from stakeholders.api.fields import Reference
from stakeholders.api.refusals import details_of, flattened
from stakeholders.models import Membership

logger = logging.getLogger(__name__)


class ReassignRow(ReassignBody):
    """Which case, who is to have it, and who helps."""

    number = Reference(Case.objects.all(), "number")


def do_row(row: BulkRow, by: Membership) -> Case:
    """Do a row, or raise RowRefusedError with what the same request by itself would have been told.

    A fault of ours is logged and refuses the row, so that one row cannot hold up the rest; a database that is gone or
    busy is no answer about the row, and is raised.
    """
    try:
        return _twice(DEEDS[BulkJob.Kind(row.job.kind)], row, by)
    except exceptions.ValidationError as refusal:
        raise RowRefusedError(list(flattened(refusal.detail))) from refusal
    except NotNowError as refusal:
        raise _refused("stage", " ".join(refusal.messages)) from refusal
    except ValidationError as refusal:
        raise RowRefusedError(list(flattened(details_of(refusal)))) from refusal
    except PermissionDenied as refusal:
        raise _refused("permission_denied", _("You may see this, but not do this.")) from refusal
    except OperationalError:
        raise
    except Exception as fault:
        logger.exception("Row %s of bulk job %s failed", row.index, row.job_id)
        raise _refused("error", _("A fault on our side; nothing was saved.")) from fault


def _twice(do: Callable[[BulkRow, Membership], Case], row: BulkRow, by: Membership) -> Case:
    """Somebody else may write the same just now: at the second look it is there, and is told by its name."""
    try:
        with transaction.atomic():
            return do(row, by)
    except IntegrityError:
        return do(row, by)


def _refused(code: str, reason: str) -> RowRefusedError:
    return RowRefusedError([{"name": "", "code": code, "reason": reason}])


def _create(row: BulkRow, by: Membership) -> Case:
    """Log a case; what gives no moment was reported when it was sent, not when its turn came."""
    values = values_of(LogCaseBody, row.body, {"actor": by})
    return log_case(**{"reported_at": row.job.created_at} | values, by=by)


def _reassign(row: BulkRow, by: Membership) -> Case:
    """Hand a case on, for the reason of the row or of all."""
    common = {"reason": row.job.reason} if row.job.reason else {}
    values = values_of(ReassignRow, common | row.body, {"actor": by})
    return reassign_case(values.pop("number"), **values, by=by)


DEEDS = {BulkJob.Kind.CREATE: _create, BulkJob.Kind.REASSIGN: _reassign}

"""Attach a photo or a document to a case."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies
from cases.attaching import attachment_of, line_of, written
from cases.models import Attachment, Case
from cases.workflow import Action
from stakeholders.models import Membership


def attach_file(
    case: Case,
    *,
    file: "UploadedFile[Any]",
    kind: str,
    by: Membership,
    reason: str = "",
    at: datetime | None = None,
) -> Case:
    """Keep a file beside a case; `kind` says whether it shows before, after, or is a document.

    Its content decides what it is; a photo is kept without the place where it was taken. The file is written before
    the transaction begins and removed where that fails. Raises ValidationError by field.
    """
    at = at or timezone.now()
    policies.permit(by, case, Action.ATTACH)
    attachment = attachment_of(file, kind)
    attachment.by, attachment.at = by, at
    with written([attachment]):
        return _enter(case, attachment, reason=reason, by=by, at=at)


@transaction.atomic
def _enter(case: Case, attachment: Attachment, *, reason: str, by: Membership, at: datetime) -> Case:
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.ATTACH)
    if case.attachments.filter(sha256=attachment.sha256).exists():
        raise ValidationError({"file": _("This file is attached already.")})
    attachment.case = case
    attachment.save()
    bookkeeping.enter(case, line_of(attachment, reason), at=at)
    return case

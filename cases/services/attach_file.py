"""Attach a photo or a document to a case."""

from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, policies
from cases.files import MAX_BYTES, CheckedFile, check
from cases.history import Line
from cases.models import Attachment, Case, CaseEvent
from cases.workflow import Action
from stakeholders.models import Membership

NAME_LIMIT = 120


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
    checked = check(file.read(MAX_BYTES + 1))
    if kind not in Attachment.Kind.values:
        raise ValidationError({"kind": _("Say what the file shows.")})
    stored = Attachment(
        kind=kind,
        name=PurePath(file.name or "").name[-NAME_LIMIT:] or f"{kind}.{checked.ending}",
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        by=by,
        at=at,
    )
    stored.file.save(f"{uuid4().hex}.{checked.ending}", ContentFile(checked.content), save=False)
    try:
        return _enter(case, stored, checked, reason=reason, by=by, at=at)
    except BaseException:
        stored.file.delete(save=False)
        raise


@transaction.atomic
def _enter(case: Case, stored: Attachment, checked: CheckedFile, *, reason: str, by: Membership, at: datetime) -> Case:
    case = custody.locked(case, by=by)
    policies.permit(by, case, Action.ATTACH)
    if case.attachments.filter(sha256=checked.sha256).exists():
        raise ValidationError({"file": _("This file is attached already.")})
    stored.case = case
    stored.save()
    # Not what the file is called, which may name somebody: what is in the history could never be removed again.
    details: dict[str, Any] = {"attachment": stored.pk, "kind": stored.kind}
    details |= {"reason": reason} if reason else {}
    bookkeeping.enter(case, Line(CaseEvent.Kind.ATTACHED, at, by, details), at=at)
    return case

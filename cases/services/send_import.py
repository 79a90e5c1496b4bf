"""Take a ledger of cases from a client; it is checked in the background, and imported when the client says so."""

import hashlib
from datetime import datetime
from functools import partial

from celery import current_app
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import policies
from cases.importing.mappings import mappings
from cases.importing.span import Span
from cases.models import CaseImport
from spreadsheets.file_names import kept_name
from stakeholders.models import Area, Membership
from stakeholders.policies import require

LARGEST = 20 * 1024 * 1024  # bytes
NAME_LIMIT = CaseImport._meta.get_field("name").max_length or 0


@transaction.atomic
def send_import(
    file: "File[bytes]",
    *,
    by: Membership,
    mapping: str = "",
    area: Area | None = None,
    due: str = "",
    at: datetime | None = None,
) -> CaseImport:
    """Keep the file, and have a worker check it once this is committed; nothing is imported yet.

    `area`, else the area of whoever sends it, is where rows without a known estate belong, and what no row may name
    an estate beyond. What is wrong is told in the language of now. Raises PermissionDenied for who may not import,
    ValidationError for a file that is empty or too large, and for a mapping, area or span that is none.
    """
    require(policies.can_import(by))
    area = area or by.area
    _check(file, mapping, area, due, by)
    content = file.read()
    kept = CaseImport.objects.create(
        name=kept_name(str(file.name), NAME_LIMIT),
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        mapping=mapping,
        area=area,
        due=str(Span.parse(due)) if due else "",
        language=get_language(),
        by=by,
        created_at=at or timezone.now(),
    )
    transaction.on_commit(partial(current_app.send_task, "cases.work_off_import", [kept.pk]), robust=True)
    return kept


def _check(file: "File[bytes]", mapping: str, area: Area, due: str, by: Membership) -> None:
    if not file.size:
        raise ValidationError({"file": ValidationError(_("The file is empty."), code="empty")})
    if file.size > LARGEST:
        raise ValidationError({"file": ValidationError(_("The file is larger than 20 MB."), code="too_large")})
    if mapping and mapping not in mappings():
        message = _("There is no mapping “%(name)s”; there are: %(known)s.")
        params = {"name": mapping, "known": ", ".join(mappings())}
        raise ValidationError({"mapping": ValidationError(message, code="mapping", params=params)})
    if not by.area.contains(area.pk):
        raise ValidationError({"area": ValidationError(_("This is outside your area."), code="outside")})
    if due:
        try:
            Span.parse(due)
        except ValidationError as error:
            raise ValidationError({"due": error}) from error

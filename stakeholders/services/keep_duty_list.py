"""Keep a duty list that somebody sends, so that what is looked at is what is recorded."""

import hashlib
from datetime import datetime
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils import timezone

from spreadsheets.file_names import kept_name
from spreadsheets.open_table import open_table
from stakeholders import policies
from stakeholders.duty_list.columns import find_header
from stakeholders.duty_list.limits import LIMITS, check_size
from stakeholders.models import DutyList, Membership
from stakeholders.policies import require

NAME_LIMIT = DutyList._meta.get_field("name").max_length or 0


def keep_duty_list(file: "File[bytes]", *, by: Membership, at: datetime | None = None) -> DutyList:
    """Store a file that can be read as a duty list; nothing is recorded in the ledger yet.

    Raises ValidationError for what is too large or no duty list, PermissionDenied for who may not keep the ledger.
    """
    require(policies.can_keep_duties(by))
    name = kept_name(str(file.name), NAME_LIMIT)
    try:
        check_size(file.size)
        content = file.read()
        find_header(open_table(BytesIO(content), name, limits=LIMITS))
    except ValidationError as refusal:
        raise ValidationError({"file": refusal}) from refusal
    return DutyList.objects.create(
        name=name,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=at or timezone.now(),
    )

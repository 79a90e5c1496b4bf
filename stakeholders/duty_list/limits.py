"""How large a duty list may be."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from spreadsheets.limits import Limits

LIST_ROWS = 20_000
LIMITS = Limits(unpacked=1 << 26, rows=LIST_ROWS)


def check_size(size: int) -> None:
    """Raise ValidationError for a file of too many bytes."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if size > limit:
        raise ValidationError(
            _("The file has %(size)s; at most %(limit)s are taken. Split the list."),
            code="too_large",
            params={"size": filesizeformat(size), "limit": filesizeformat(limit)},
        )

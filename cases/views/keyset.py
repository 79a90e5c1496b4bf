"""Pages by key: each begins behind the last row of the one before, so that the thousandth costs what the first does."""

import re
from datetime import UTC, datetime, timedelta

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.utils.translation import gettext as _

from cases.models import Case
from cases.models.case import CaseQuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
KEY = re.compile(r"(-?\d{1,17})\.(\d{1,18})", re.ASCII)


def key(moment: datetime, pk: int) -> str:
    """A place in an order by a moment and then a number, as it stands in an address."""
    return f"{(moment - EPOCH) // MICROSECOND}.{pk}"


def key_of(case: Case) -> str:
    """The place of a case in the order of lists."""
    return key(case.reported_at, case.pk)


def page_after(cases: CaseQuerySet, key: str, size: int) -> tuple[list[Case], str]:
    """The next cases behind `key` ("" for the first), newest first, and the key of the page after them, if any.

    Raises BadRequest for what is no key.
    """
    if key:
        reported_at, pk = read_key(key)
        # Written so that one index over both columns serves it from its first column on.
        cases = cases.filter(Q(reported_at__lt=reported_at) | Q(id__lt=pk), reported_at__lte=reported_at)
    page = list(cases[: size + 1])
    return page[:size], key_of(page[size - 1]) if len(page) > size else ""


def read_key(key: str) -> tuple[datetime, int]:
    """The moment and the number that a key stands for. Raises BadRequest for what is no key."""
    match = KEY.fullmatch(key)
    if match is None:
        raise BadRequest(_("This is no page of the list."))
    try:
        return EPOCH + int(match[1]) * MICROSECOND, int(match[2])
    except OverflowError as error:
        raise BadRequest(_("This is no page of the list.")) from error

"""Writes that hold only for the version of a case that a client has read: `ETag` and `If-Match`."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.request import Request

from cases import custody
from cases.models import Case
from stakeholders.api.versions import PreconditionFailed


def etag_of(case: Case) -> str:
    """The name of what is known of a case at its version."""
    return f'"{case.version}"'


@contextmanager
def matching(request: Request, case: Case) -> Iterator[None]:
    """Have the service inside raise PreconditionFailed unless `If-Match` names the version, or is not there."""
    names = parse_etags(request.headers.get("If-Match", "*"))
    if "*" in names:
        yield
        return
    refusal = PreconditionFailed(_("The case has changed since you read it. Read it again."))
    with custody.seen(case, lambda found: etag_of(found) in names, refusal):
        yield

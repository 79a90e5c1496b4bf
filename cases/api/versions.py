"""Writes that hold only for the version a client has read: `ETag` and `If-Match`."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from cases import custody
from cases.models import Case


class PreconditionFailed(APIException):
    """It is not any more what the client has read."""

    status_code = 412
    default_code = "changed"


def etag_of(case: Case) -> str:
    """The name of what is known of a case at its version."""
    return f'"{case.version}"'


def etag_of_content(answer: Mapping[str, Any]) -> str:
    """The name of an answer about something that counts no versions: the digest of what it says."""
    return f'"{hashlib.sha256(json.dumps(answer, sort_keys=True, default=str).encode()).hexdigest()[:32]}"'


def require_match(request: Request, etag: str) -> None:
    """Raise PreconditionFailed unless `If-Match` names this, or is not there; lock what it is about before."""
    names = parse_etags(request.headers.get("If-Match", "*"))
    if "*" not in names and etag not in names:
        raise PreconditionFailed(_("It has changed since you read it. Read it again."))


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

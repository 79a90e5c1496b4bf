"""Writes that hold only for what a client has read: `ETag` and `If-Match`."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request


class PreconditionFailed(APIException):
    """It is not any more what the client has read."""

    status_code = 412
    default_code = "changed"


def etag_of_content(answer: Mapping[str, Any]) -> str:
    """The name of an answer about something that counts no versions: the digest of what it says."""
    return f'"{hashlib.sha256(json.dumps(answer, sort_keys=True, default=str).encode()).hexdigest()[:32]}"'


def require_match(request: Request, etag: str) -> None:
    """Raise PreconditionFailed unless `If-Match` names this, or is not there; lock what it is about before."""
    names = parse_etags(request.headers.get("If-Match", "*"))
    if "*" not in names and etag not in names:
        raise PreconditionFailed(_("It has changed since you read it. Read it again."))

"""Doing once what a client may ask for twice: the `Idempotency-Key` header."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from stakeholders.models import KeptAnswer, Membership

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("ETag", "Location")
KEY = re.compile(r"^[!-~]{1,255}$")


class KeyConflict(APIException):
    """The key was used for something else, or its first request still runs."""

    status_code = 409
    default_code = "key"


def once(do: Callable[..., Response], request: Request, *args: Any, by: Membership, **kwargs: Any) -> Response:
    """Answer as the first request with this key was answered, or do it and keep the answer.

    Both in one transaction: either it was done and its answer is kept, or neither. What was refused is not kept, for
    nothing was done; the same key may come again with what is mended. Raises ValidationError where the key is none,
    KeyConflict where it came with something else, or where the first request with it still runs.
    """
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        reason = _("Give 1 to 255 printable ASCII characters without spaces.")
        raise ValidationError({HEADER: [ErrorDetail(reason, code="invalid")]})
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        _be_alone_with(key, by)
        kept = KeptAnswer.objects.filter(membership=by, key=key).first()
        if kept is not None:
            if kept.fingerprint != fingerprint:
                raise KeyConflict(_("This key was used for another request."), code="key_used")
            return Response(kept.body, kept.status, headers={**kept.headers, REPLAYED: "true"})
        response = do(request, *args, **kwargs)
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        body = json.loads(json.dumps(response.data, cls=DjangoJSONEncoder))
        KeptAnswer.objects.create(
            membership=by, key=key, fingerprint=fingerprint, status=response.status_code, headers=headers, body=body
        )
    return response


def _be_alone_with(key: str, by: Membership) -> None:
    """Let nobody else go on with this key until the transaction ends; on SQLite whoever writes is alone anyway."""
    if connection.vendor != "postgresql":
        return
    lock = int.from_bytes(hashlib.sha256(f"{by.pk} {key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        (is_alone,) = cursor.fetchone()
    if not is_alone:
        raise KeyConflict(_("The first request with this key still runs. Try again in a moment."), code="key_in_use")


def _fingerprint(request: Request) -> str:
    """What tells this request from others: the address and all that the body says, but not how it is written."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request.data):
        digest.update(part)
    return digest.hexdigest()


def _parts(body: Any) -> Iterator[bytes]:
    """The body in pieces, each of which says where it ends: two fields never read like one."""
    if not hasattr(body, "lists"):
        yield json.dumps(body, sort_keys=True).encode()
        return
    for name, values in sorted(body.lists()):
        for value in values:
            told = _digest_of(value) if isinstance(value, UploadedFile) else str(value)
            yield json.dumps([name, getattr(value, "name", None), told]).encode()


def _digest_of(file: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()

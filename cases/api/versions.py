"""Writes that hold only for the version a client has read: `ETag` and `If-Match`."""

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from cases.models import Case


class PreconditionFailed(APIException):
    """The case is not any more what the client has read."""

    status_code = 412
    default_code = "changed"


def etag_of(case: Case) -> str:
    """The name of what is known of a case at its version."""
    return f'"{case.version}"'


def require_match(request: Request, case: Case) -> None:
    """Raise PreconditionFailed unless `If-Match` names the version of the case, or is not there.

    Call it inside the transaction of the write: the case stays locked until that ends.
    """
    names = parse_etags(request.headers.get("If-Match", "*"))
    if "*" not in names and etag_of(Case.objects.select_for_update(of=("self",)).get(pk=case.pk)) not in names:
        raise PreconditionFailed(_("The case has changed since you read it. Read it again."))

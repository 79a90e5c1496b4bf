"""Sign for several cases at once, as a party does in the morning."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied

from cases.models import Case
from cases.policies import NotNowError
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Membership


def sign_for_cases(
    cases: Iterable[Case], *, by: Membership, at: datetime | None = None
) -> tuple[list[Case], list[Case]]:
    """Sign for each by itself; return those that are signed for, and those that were not to be signed for any more.

    One that somebody else has taken or signed for meanwhile holds up none of the others.
    """
    signed, passed = [], []
    for case in cases:
        try:
            signed.append(sign_for_case(case, by=by, at=at))
        except (NotNowError, PermissionDenied):
            passed.append(case)
    return signed, passed

"""Writes from pages that hold only for what the person has seen.

The counterpart of `If-Match` in the API, which is stricter: there any change of what is shown counts, for machines ask
again at no cost. A person who has typed a reason is only stopped by what could have made the decision another one.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from cases import custody
from cases.models import Case, CaseEvent, EscalationRule
from stakeholders.models import Membership

Kind = CaseEvent.Kind

# What is said about a case, or found by the clock, moves nothing: only a step of the ladder that hands over does.
_REMARKS = Q(kind__in=[Kind.COMMENTED, Kind.ATTACHED, Kind.REVEALED, Kind.DUPLICATE, Kind.FOUND, Kind.CLEARED])
_WRITTEN_DOWN = Q(kind=Kind.ESCALATED) & ~Q(details__action=EscalationRule.Action.HAND_OVER)


def as_seen(service: Callable[..., Case], seen: str) -> Callable[..., Case]:
    """The service, refusing with ValidationError where the case is not any more what the person has seen."""

    def serve(case: Case, *, by: Membership, **given: Any) -> Case:
        refusal = ValidationError(_("The case has changed since you opened this page."), code="changed")
        with custody.seen(case, lambda found: is_as_seen(found, seen), refusal):
            return service(case, by=by, **given)

    return serve


def is_as_seen(case: Case, seen: str) -> bool:
    """Whether nothing has happened that people decide on since line `seen` of the history, as a page sent it back.

    One query, and none where nothing has happened at all.
    """
    if seen == str(case.head_seq):
        return True
    # No number of more digits than the last one is before it, and int() refuses thousands of them.
    if not (seen.isascii() and seen.isdecimal() and len(seen) <= len(str(case.head_seq)) and int(seen) < case.head_seq):
        return False
    return not case.events.filter(seq__gt=int(seen)).exclude(_REMARKS | _WRITTEN_DOWN).exists()

"""Who hears about which event."""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from django.utils import timezone

from cases.events import on
from cases.models import Case, CaseEvent, EscalationRule, Notification
from stakeholders.models import Membership
from stakeholders.roles import Role

logger = logging.getLogger(__name__)

Kind = CaseEvent.Kind
Recipients = Callable[[CaseEvent], Iterable[int]]


class Audience:
    """Finds the memberships to tell, asking the database once for each party and area of a batch."""

    def __init__(self) -> None:
        self.handlers_of = cache(self._handlers_of)
        self.coordinators_of = cache(self._coordinators_of)

    @staticmethod
    def _handlers_of(party_code: str) -> tuple[int, ...]:
        handlers = Membership.objects.current().filter(party__code=party_code, role=Role.HANDLER)
        return tuple(handlers.values_list("pk", flat=True))

    @staticmethod
    def _coordinators_of(area_code: str) -> tuple[int, ...]:
        return tuple(Membership.objects.current().coordinating(area_code).values_list("pk", flat=True))

    def lead(self, case: Case) -> tuple[int, ...]:
        """The handlers of the party that leads."""
        return self.handlers_of(case.lead.code) if case.lead else ()


@on(Kind.ASSIGNED, Kind.REASSIGNED, Kind.RULED)
def tell_new_lead(events: Sequence[CaseEvent]) -> None:
    """A party hears that it got a case."""
    audience = Audience()
    _tell(events, lambda event: audience.handlers_of(event.details["lead"]))


@on(Kind.ASSIGNED, Kind.FOUND)
def tell_who_lost_it(events: Sequence[CaseEvent]) -> None:
    """A party from which the system took a case, because its duty has ended, hears of it."""
    audience = Audience()
    _tell(events, lambda event: audience.handlers_of(event.details["previous"]) if "previous" in event.details else ())


@on(Kind.REWORKED)
def tell_lead(events: Sequence[CaseEvent]) -> None:
    """The party that leads hears that its work did not pass the check."""
    audience = Audience()
    _tell(events, lambda event: audience.lead(event.case))


@on(Kind.RETURNED)
def tell_coordinators(events: Sequence[CaseEvent]) -> None:
    """The coordinators hear that a party gave a case back."""
    audience = Audience()
    _tell(events, lambda event: audience.coordinators_of(event.case.area_id))


@on(Kind.RESOLVED, Kind.CLOSED)
def tell_who_logged_it(events: Sequence[CaseEvent]) -> None:
    """Whoever logged a case hears that it is done and to be verified, and that it is closed."""
    _tell(events, lambda event: [event.case.logged_by_id] if event.case.logged_by_id else [])


@on(Kind.ESCALATED)
def tell_as_the_ladder_says(events: Sequence[CaseEvent]) -> None:
    """A step of the ladder says itself who hears of it: the lead, the coordinators, or the party above and the lead.

    Where that is nobody, because a party has no handler, the coordinators hear of it; where there is none either,
    the log does.
    """
    audience = Audience()

    def recipients(event: CaseEvent) -> Iterable[int]:
        coordinators = audience.coordinators_of(event.case.area_id)
        match event.details["action"]:
            case EscalationRule.Action.REMIND:
                told = audience.lead(event.case) or coordinators
            case EscalationRule.Action.TELL_COORDINATOR:
                told = coordinators
            case _:
                above = audience.handlers_of(event.details["party"]) if "party" in event.details else ()
                told = (*(above or coordinators), *audience.lead(event.case))
        if not told:
            logger.warning("nobody hears of the escalation of case %s", event.case.number)
        return set(told)

    _tell(events, recipients)


def _tell(events: Sequence[CaseEvent], recipients: Recipients) -> None:
    """Put events into inboxes; the actor is not told of the own deed, and nobody is told twice."""
    now = timezone.now()
    Notification.objects.bulk_create(
        (
            Notification(recipient_id=recipient, event=event, created_at=now)
            for event in events
            for recipient in recipients(event)
            if recipient != event.by_id
        ),
        ignore_conflicts=True,
        batch_size=500,
    )

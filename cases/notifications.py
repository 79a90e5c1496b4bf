"""Who hears about which event."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from django.utils import timezone

from cases.events import on
from cases.models import Case, CaseEvent, Custody, EscalationRule, Finding, Notification
from cases.wishes import Wishes
from stakeholders.models import Membership
from stakeholders.roles import Role

logger = logging.getLogger(__name__)

Kind = CaseEvent.Kind
Action = EscalationRule.Action
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

    def handlers_of_all(self, party_codes: Iterable[str | None]) -> set[int]:
        """The handlers of several parties; None is no party."""
        return {handler for code in party_codes if code for handler in self.handlers_of(code)}

    def lead(self, case: Case) -> tuple[int, ...]:
        """The handlers of the party that leads."""
        return self.handlers_of(case.lead.code) if case.lead else ()


@on(Kind.ASSIGNED, Kind.REASSIGNED, Kind.RULED, Kind.AGREED)
def tell_new_lead(events: Sequence[CaseEvent]) -> None:
    """A party hears that it got a case."""
    audience = Audience()
    _tell(events, lambda event: audience.handlers_of(event.details["lead"]))


@on(Kind.ASSIGNED, Kind.FOUND, Kind.REASSIGNED, Kind.RULED, Kind.AGREED)
def tell_who_lost_it(events: Sequence[CaseEvent]) -> None:
    """A party that has a case no longer hears of it, whoever decided so."""
    audience = Audience()
    _tell(events, lambda event: audience.handlers_of_all([event.details.get("previous")]))


@on(Kind.FOUND)
def ask_whose_it_is(events: Sequence[CaseEvent]) -> None:
    """Of several parties each is asked whether a case is theirs: they are to answer, never to ignore it."""
    audience = Audience()
    shared = [event for event in events if event.details["finding"] == Finding.Kind.MULTI_HEAD]
    _tell(shared, lambda event: audience.handlers_of_all(event.details["parties"]))


@on(Kind.DISPUTE_OPENED)
def tell_parties_of_a_dispute(events: Sequence[CaseEvent]) -> None:
    """Whoever has said whose a case is hears that it is disputed, and so does who goes on with it meanwhile."""
    audience = Audience()
    _tell(events, lambda event: audience.handlers_of_all([*event.details["parties"], event.details.get("lead")]))


@on(Kind.DISPUTE_RAISED)
def tell_who_is_above(events: Sequence[CaseEvent]) -> None:
    """The coordinators and the supervising parties hear that a dispute was not settled in time."""
    audience = Audience()
    supervisors = _supervisors({event.case_id for event in events})

    def recipients(event: CaseEvent) -> Iterable[int]:
        return {
            *audience.coordinators_of(event.case.area_id),
            *audience.handlers_of_all(supervisors.get(event.case_id, ())),
        }

    _tell(events, recipients)


@on(Kind.REWORKED, Kind.LEFT, Kind.RESUMED, Kind.CORRECTED, Kind.TIMER_STARTED, Kind.TIMER_EXTENDED, Kind.TIMER_STOPPED)
def tell_lead(events: Sequence[CaseEvent]) -> None:
    """The party that leads hears what changes its work.

    Its work did not pass the check, its person in charge left, its clocks run again, what it is about or how
    urgent it is was put right, a law counts down.
    """
    audience = Audience()
    _tell(events, lambda event: audience.lead(event.case))


@on(Kind.RETURNED, Kind.ASKED)
def tell_coordinators(events: Sequence[CaseEvent]) -> None:
    """The coordinators hear what they have to decide: a party gave a case back, or asks for more time."""
    audience = Audience()
    _tell(events, lambda event: audience.coordinators_of(event.case.area_id))


@on(Kind.EXTENDED, Kind.HELD, Kind.REFUSED)
def tell_who_asked(events: Sequence[CaseEvent]) -> None:
    """The party that asked for more time hears what was decided, and so does the lead where nobody asked."""
    audience = Audience()
    _tell(events, lambda event: {*audience.handlers_of(event.details["party"]), *audience.lead(event.case)})


@on(Kind.PUT_IN_CHARGE)
def tell_person_in_charge(events: Sequence[CaseEvent]) -> None:
    """Who was put in charge hears of it, unless it is somebody else by now."""
    in_charge = Membership.objects.filter(pk__in={event.case.in_charge_id for event in events})
    names = dict(in_charge.values_list("pk", "user__name"))

    def recipients(event: CaseEvent) -> Iterable[int]:
        person = event.case.in_charge_id
        return [person] if person and names[person] == event.details["person"] else []

    _tell(events, recipients)


@on(Kind.RESOLVED, Kind.CLOSED, Kind.REOPENED, Kind.LINKED, Kind.VOIDED)
def tell_who_logged_it(events: Sequence[CaseEvent]) -> None:
    """Whoever logged a case hears that it is done and to be verified, that it ended, and that it goes on."""
    _tell(events, lambda event: [event.case.logged_by_id] if event.case.logged_by_id else [])


@on(Kind.RESOLVED, Kind.CLOSED)
def tell_who_logged_a_duplicate(events: Sequence[CaseEvent]) -> None:
    """Whoever logged a duplicate hears the outcome of the main case."""
    duplicates = Case.objects.filter(main_case__in={event.case_id for event in events}, logged_by__isnull=False)
    loggers: dict[int | None, set[int]] = defaultdict(set)
    for main_case, logged_by in duplicates.values_list("main_case", "logged_by"):
        loggers[main_case].add(logged_by)
    _tell(events, lambda event: loggers.get(event.case_id, ()))


@on(Kind.LINKED, Kind.VOIDED)
def tell_who_need_not_go_on(events: Sequence[CaseEvent]) -> None:
    """The party that had a case hears that there is nothing to do any more."""
    audience = Audience()
    _tell(events, lambda event: audience.lead(event.case))


@on(Kind.ESCALATED)
def tell_as_the_ladder_says(events: Sequence[CaseEvent]) -> None:
    """A step of the ladder says itself who hears of it.

    That is the lead, the coordinators, the party above and the lead, or the party above and whoever had it. Where that
    is nobody, because a party has no handler, the coordinators hear of it; where there is none either, the log does.
    """
    audience = Audience()

    def recipients(event: CaseEvent) -> Iterable[int]:
        coordinators = audience.coordinators_of(event.case.area_id)
        match event.details["action"]:
            case Action.REMIND:
                told = audience.lead(event.case) or coordinators
            case Action.TELL_COORDINATOR:
                told = coordinators
            case action:
                above = audience.handlers_of_all([event.details.get("party")])
                before = [event.details.get("previous")] if action == Action.HAND_OVER else []
                told = (*(above or coordinators), *audience.lead(event.case), *audience.handlers_of_all(before))
        if not told:
            logger.warning("nobody hears of the escalation of case %s", event.case.number)
        return set(told)

    _tell(events, recipients)


def _supervisors(cases: Iterable[int]) -> Mapping[int, set[str]]:
    """The codes of the parties that supervise these cases now, by the id of the case."""
    supervising = Custody.objects.filter(case__in=cases, role=Custody.Role.SUPERVISE, until__isnull=True)
    found: dict[int, set[str]] = defaultdict(set)
    for case, party in supervising.values_list("case", "party__code"):
        found[case].add(party)
    return found


def _tell(events: Sequence[CaseEvent], recipients: Recipients) -> None:
    """Put events into inboxes; the actor is not told of the own deed, and nobody is told twice.

    What somebody has muted is told as read: it neither counts nor is it mailed, but it is there for who looks.
    """
    told = [(each, event) for event in events for each in recipients(event) if each != event.by_id]
    if not told:
        return
    now, wishes = timezone.now(), Wishes(recipient for recipient, _event in told)
    Notification.objects.bulk_create(
        (
            Notification(
                recipient_id=recipient,
                event=event,
                created_at=now,
                read_at=now if wishes.mutes(recipient, event) else None,
                mail_due_at=wishes.mail_due_at(recipient, event, now),
            )
            for recipient, event in told
        ),
        ignore_conflicts=True,
        batch_size=500,
    )

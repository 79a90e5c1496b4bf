"""Which kind of event is told by which sentence, with which symbol."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from cases.models import CaseEvent
from cases.timeline import faults, opening, time, whose, work
from cases.timeline.telling import Telling

Kind = CaseEvent.Kind

SENTENCES: dict[CaseEvent.Kind, Callable[[Telling], SafeString]] = {
    Kind.REPORTED: opening.reported,
    Kind.IMPORTED: opening.imported,
    Kind.OPENED: opening.opened,
    Kind.LOCATED: opening.located,
    Kind.ASSIGNED: opening.assigned,
    Kind.SIGNED: work.signed,
    Kind.CONTACTED: work.contacted,
    Kind.RETURNED: whose.returned,
    Kind.REASSIGNED: whose.reassigned,
    Kind.RULED: whose.ruled,
    Kind.CLAIMED: whose.claimed,
    Kind.DISCLAIMED: whose.disclaimed,
    Kind.AGREED: whose.agreed,
    Kind.DISPUTE_OPENED: whose.dispute_opened,
    Kind.DISPUTE_RAISED: whose.dispute_raised,
    Kind.PUT_IN_CHARGE: whose.put_in_charge,
    Kind.LEFT: whose.left,
    Kind.RESOLVED: work.resolved,
    Kind.VERIFIED: work.verified,
    Kind.REWORKED: work.reworked,
    Kind.CLOSED: work.closed,
    Kind.VOIDED: work.voided,
    Kind.REOPENED: work.reopened,
    Kind.RATED: work.rated,
    Kind.ASKED: time.asked,
    Kind.EXTENDED: time.extended,
    Kind.HELD: time.held,
    Kind.REFUSED: time.refused,
    Kind.RESUMED: time.resumed,
    Kind.DEADLINE_MOVED: time.deadline_moved,
    Kind.TIMER_STARTED: time.timer_started,
    Kind.TIMER_EXTENDED: time.timer_extended,
    Kind.TIMER_STOPPED: time.timer_stopped,
    Kind.LINKED: work.linked,
    Kind.DUPLICATE: work.duplicate,
    Kind.ATTACHED: work.attached,
    Kind.CORRECTED: work.corrected,
    Kind.COMMENTED: work.commented,
    Kind.REVEALED: work.revealed,
    Kind.FOUND: faults.found,
    Kind.CLEARED: faults.cleared,
    Kind.ESCALATED: faults.escalated,
}

# What follows from it, in a second sentence below the first
NOTES: dict[CaseEvent.Kind, Callable[[Telling], SafeString]] = {Kind.DISPUTE_OPENED: whose.while_disputed}

# Symbols only for what one scans for
ICONS: dict[CaseEvent.Kind, str] = {
    Kind.REPORTED: "flag",
    Kind.OPENED: "matrix",
    Kind.LOCATED: "pin",
    Kind.ASSIGNED: "swap",
    Kind.SIGNED: "check",
    Kind.CONTACTED: "phone",
    Kind.RETURNED: "back",
    Kind.REASSIGNED: "swap",
    Kind.RULED: "seal",
    Kind.DISCLAIMED: "x",
    Kind.CLAIMED: "check",
    Kind.AGREED: "swap",
    Kind.DISPUTE_OPENED: "clock",
    Kind.DISPUTE_RAISED: "bell",
    Kind.PUT_IN_CHARGE: "user",
    Kind.RESOLVED: "check",
    Kind.VERIFIED: "check",
    Kind.REWORKED: "back",
    Kind.CLOSED: "check",
    Kind.REOPENED: "back",
    Kind.EXTENDED: "clock",
    Kind.HELD: "clock",
    Kind.RESUMED: "clock",
    Kind.DEADLINE_MOVED: "clock",
    Kind.TIMER_STARTED: "clock",
    Kind.FOUND: "alert",
    Kind.ESCALATED: "bell",
}

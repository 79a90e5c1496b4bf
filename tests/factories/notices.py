"""What members are told, laid straight into their inboxes."""

from datetime import datetime
from typing import Any

from cases.models import Case, CaseEvent, Custody, Notification
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case


def seen_case(membership: Membership, **given: Any) -> Case:
    """A case that the party of a membership supports, and so its handlers see."""
    case = logged_case(**given)
    Custody.objects.create(case=case, party=membership.party, role="support", since=MONDAY)
    return case


def told(
    recipient: Membership, case: Case | None = None, *, due: datetime | None = MONDAY, **given: Any
) -> Notification:
    """Tell somebody that a case was opened; the mail about it is due on a Monday morning."""
    case = case or seen_case(recipient)
    event = given.pop("event", None) or CaseEvent.objects.get(case=case, kind=CaseEvent.Kind.OPENED)
    return Notification.objects.create(recipient=recipient, event=event, created_at=MONDAY, mail_due_at=due, **given)


def told_often(recipient: Membership, count: int) -> list[Notification]:
    """Tell somebody of one case many times over."""
    case = seen_case(recipient)
    events = CaseEvent.objects.bulk_create(
        CaseEvent(case=case, seq=100 + number, kind=CaseEvent.Kind.OPENED, at=MONDAY, digest="x")
        for number in range(count)
    )
    return Notification.objects.bulk_create(
        Notification(recipient=recipient, event=event, created_at=MONDAY, mail_due_at=MONDAY) for event in events
    )

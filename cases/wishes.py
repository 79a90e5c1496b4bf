"""How those who are told want to be told: when by mail, and of what not at all."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cases.models import CaseEvent, NoticeSettings
from cases.models.notification import URGENT
from cases.rulebook import Rulebook
from cases.worktime import WorkCalendar
from stakeholders.models import Membership
from stakeholders.models.people import MembershipQuerySet

INTERVAL = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Choice = NoticeSettings.Mail


def reachable(at: datetime) -> MembershipQuerySet:
    """Memberships in force whose user has an address, and wants mail."""
    without = NoticeSettings.objects.filter(mail=Choice.OFF)
    return Membership.objects.current(at).exclude(user__email="").exclude(pk__in=without.values("pk"))


class Wishes:
    """The settings of some memberships, in one query, and the work calendar if it is needed."""

    def __init__(self, memberships: Iterable[int]) -> None:
        self._settings = NoticeSettings.objects.in_bulk(list(set(memberships)))

    def mutes(self, membership: int, event: CaseEvent) -> bool:
        """Whether somebody does not want to hear of such an event."""
        return event.kind in self._of(membership).muted and event.kind not in NoticeSettings.NEVER_MUTED

    def mail_due_at(self, membership: int, event: CaseEvent, at: datetime) -> datetime | None:
        """When the mail about an event told at `at` is due, None for never.

        All that comes in the same quarter of an hour is due at its end, so that it goes into one mail. Whether it then
        has to wait for business hours is decided when it is due.
        """
        choice = self._of(membership).mail
        if choice == Choice.OFF:
            return None
        if choice == Choice.AT_ONCE or event.case.urgency in URGENT:
            return at
        return self._calendar.next_morning(at) if choice == Choice.DAILY else at + (_EPOCH - at) % INTERVAL

    def _of(self, membership: int) -> NoticeSettings:
        return self._settings.get(membership) or NoticeSettings(membership_id=membership)

    @cached_property
    def _calendar(self) -> WorkCalendar:
        return Rulebook().calendar

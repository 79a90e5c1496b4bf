"""The clock of the demo: stories side by side, each resumed when its moment has come, and all of them end now."""

import heapq
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from itertools import count

from cases.models import CaseEvent
from cases.services.escalate import escalate
from cases.services.publish_events import publish_events
from cases.services.sweep_clocks import sweep_clocks
from cases.services.sweep_disputes import sweep_disputes
from cases.services.sweep_unattended import sweep_unattended
from cases.worktime import WorkCalendar

Story = Generator[datetime, None, None]  # yields the moment at which it wants to go on

BEAT = timedelta(seconds=25)  # how long after a moment the periodic jobs come by, about


class Replay:
    """Tells many stories in the order of time.

    What lies after `until` does not happen: a story that waits for it stays where it is, as cases do in life.
    """

    def __init__(self, until: datetime) -> None:
        self.until = until
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._order = count()

    def add(self, story: Story) -> None:
        """Begin a story; it first runs to the moment it waits for."""
        at = next(story, None)
        if at is not None and at <= self.until:
            heapq.heappush(self._waiting, (at, next(self._order), story))

    def run(self) -> Iterator[datetime]:
        """Tell all stories to the end; yield each moment at which something happened."""
        while self._waiting:
            at, _, story = heapq.heappop(self._waiting)
            self.add(story)
            yield at


def look_for_faults(at: datetime) -> None:
    """Do what Celery beat would have done at that moment: find what time has brought, climb the ladder."""
    sweep_clocks(at=at)
    escalate(at=at)


def look_everywhere(at: datetime) -> None:
    """Do at that moment what the other periodic jobs do, too: raise disputes, and find out who has left."""
    sweep_disputes(at=at)
    sweep_unattended(at=at)
    look_for_faults(at)


def publish() -> None:
    """Fill the inboxes with what is new in the histories."""
    unpublished = CaseEvent.objects.filter(published_at__isnull=True).order_by("pk")
    publish_events(list(unpublished.values_list("pk", flat=True)))


def beat_after(moment: datetime) -> Story:
    """The periodic jobs come by shortly after a moment at which there may be something to find."""
    yield moment + BEAT
    look_for_faults(moment + BEAT)


def beat_every_evening(start: datetime, calendar: WorkCalendar) -> Story:
    """The periodic jobs come by at the close of business, when most deadlines end."""
    day = start.date()
    while True:
        day = calendar.add_working_days(day, 1)
        at = calendar.close_of_business(day) + BEAT
        yield at
        look_everywhere(at)
        publish()

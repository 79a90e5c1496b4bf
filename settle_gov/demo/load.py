"""Loading the demo: the ground first, then half a year of cases, told to the present moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from tqdm import tqdm

from cases import history
from cases.models import Case, CaseEvent, Notification
from cases.rulebook import Rulebook
from cases.worktime import ZONE
from settle_gov.demo.duties import LedgerOfDemo
from settle_gov.demo.parties import make_parties
from settle_gov.demo.people import make_people
from settle_gov.demo.places import make_areas, make_places
from settle_gov.demo.replay import Replay, beat_every_evening, look_everywhere, publish
from settle_gov.demo.reports import Reporters
from settle_gov.demo.rulings import RULINGS, Coordinator
from settle_gov.demo.scenes import scenes
from settle_gov.demo.stories import Stories
from stakeholders.models import Area
from stakeholders.services.refresh_episodes import refresh_episodes

WEEKS = 26
UNREAD = timedelta(days=3)  # what is older has been read
READ_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Loaded:
    """What the demo holds after loading."""

    cases: int
    events: int


def is_empty() -> bool:
    """Say whether nothing stands in the way of the demo: no place and no case is known."""
    return not Area.objects.exists() and not Case.objects.exists()


@transaction.atomic
def load_township(*, seed: int, now: datetime, password: str, weeks: int = WEEKS) -> Loaded:
    """Write the township and replay its cases up to `now`; the same seed and moment give the same town.

    All or nothing: whoever looks meanwhile sees an empty database. Nobody is sent a message about what lies in the
    past; the inboxes are filled here.
    """
    now = now.astimezone(ZONE).replace(microsecond=0)
    chance = Random(seed)  # noqa: S311 -- invented data, no secret
    areas = make_areas()
    parties = make_parties(areas)
    places = make_places(areas, parties["anju"], chance)
    cast = make_people(places, parties, password=password, now=now)
    LedgerOfDemo(places, parties, by=cast.coordinator, now=now).write()

    calendar = Rulebook().calendar
    start = now - timedelta(weeks=weeks)
    reporters = Reporters(places, chance)
    replay = Replay(until=now)
    stories = Stories(cast, parties, replay, calendar, chance)
    coordinator = Coordinator(places, parties, cast.coordinator, calendar)
    for report in [*reporters.stream(start.date(), now, calendar), *scenes(reporters, places, calendar, now)]:
        replay.add(stories.of(report))
    for plan in RULINGS:
        replay.add(coordinator.rule(plan, now))
    replay.add(beat_every_evening(start, calendar))
    with history.untold():
        _tell(replay, start, now)
        look_everywhere(now)
        publish()
    _date_inboxes(now)
    refresh_episodes()
    return Loaded(Case.objects.count(), CaseEvent.objects.count())


def _tell(replay: Replay, start: datetime, now: datetime) -> None:
    """Run the replay and, on a terminal, show how far it is."""
    with tqdm(total=(now - start).days, unit="day", disable=None) as bar:
        for at in replay.run():
            bar.update(max((at - start).days - bar.n, 0))


def _date_inboxes(now: datetime) -> None:
    """Date what people were told by what happened then; all but the latest has been read."""
    happened = CaseEvent.objects.filter(pk=OuterRef("event")).values("at")
    Notification.objects.update(created_at=Subquery(happened))
    Notification.objects.filter(created_at__lt=now - UNREAD).update(read_at=F("created_at") + READ_AFTER)

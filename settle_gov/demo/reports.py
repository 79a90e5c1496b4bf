"""What the people of the demo report, where and when: the stream of cases that the stories begin with."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TypeVar

from cases.models import Case
from cases.worktime import ZONE, WorkCalendar
from settle_gov.demo.duties import EAST_LAKE, GRANARY, HEYUAN
from settle_gov.demo.places import ESTATES, FLOORS, UNITS, Places
from stakeholders.models import Building, Estate, NeedItem, Resident

Choice = TypeVar("Choice")
Channel = Case.Channel

# How often each item is reported; where an old neighbourhood has neither fees nor lifts nobody complains of them.
HOW_OFTEN = {
    "1.1": 8, "1.2": 3, "1.3": 6, "2.1": 10, "2.2": 6, "2.3": 4, "3.1": 14, "3.2": 6, "3.3": 10, "4.1": 7, "4.2": 4,
    "4.3": 4, "5.1": 6, "5.2": 2, "6.1": 3, "6.2": 5, "6.3": 4, "7.1": 2, "7.2": 2, "8.1": 2, "8.2": 2, "8.3": 3,
    "9.1": 2, "9.2": 2, "9.3": 1, "10.1": 2, "10.2": 1, "10.3": 2, "11.1": 3, "11.2": 1, "11.3": 2,
}  # fmt: skip
UNKNOWN_AT = {GRANARY: {"1.2", "1.3"}}
ESTATE_WEIGHTS = {EAST_LAKE: 5, HEYUAN: 4, GRANARY: 3}
CHANNELS = {Channel.GRID: 62, Channel.HOTLINE: 16, Channel.WECHAT: 12, Channel.WALK_IN: 10}
OFF_HOURS_CHANNELS = {Channel.WECHAT: 3, Channel.HOTLINE: 2}
ON_A_WORKING_DAY = (1, 2, 2, 2, 3, 3)
LATELY = (3, 4, 4, 5, 6)  # the last weeks are busy, so that there is something to do
BUSY_DAYS = 18
ON_A_DAY_OFF = (0, 0, 1, 1)
IN_BUSINESS_HOURS = 0.85  # of the reports of a working day


class Plot(Enum):
    """How a story goes on: by chance, or as a scene has it."""

    IN_TIME = auto()
    LATE = auto()
    REWORKED = auto()
    RETURNED = auto()
    VOIDED = auto()
    DISPUTED = auto()
    SETTLED = auto()
    LEFT = auto()
    PETITION = auto()
    ON_HOLD = auto()
    DUPLICATE = auto()
    WAITING = auto()
    UNSIGNED = auto()
    STALLED = auto()
    TO_VERIFY = auto()


BY_CHANCE = {Plot.IN_TIME: 69, Plot.LATE: 12, Plot.REWORKED: 7, Plot.RETURNED: 8, Plot.VOIDED: 4}


@dataclass(frozen=True)
class Text:
    """A way to put a need into words, with what was done about it in the end."""

    in_building: bool
    only: str
    title: str
    description: str
    done: str


@dataclass(frozen=True)
class Report:
    """Somebody speaks up: all that a case begins with."""

    at: datetime  # when it is logged
    reported_at: datetime
    channel: Case.Channel
    estate: Estate
    building: Building | None
    need_item: NeedItem
    resident: Resident | None
    title: str
    description: str
    location_note: str
    done: str
    plot: Plot


class Reporters:
    """Draws reports: what, where and by whom, from `reports.csv` and by chance."""

    def __init__(self, places: Places, chance: Random) -> None:
        self.places, self.chance = places, chance
        self.items = {item.code: item for item in NeedItem.objects.select_related("need_class")}
        self.spots = {plan.code: plan.spots for plan in ESTATES}

    @cached_property
    def texts(self) -> dict[str, list[Text]]:
        """Texts by code of the item."""
        texts = defaultdict(list)
        with Path(__file__).with_name("reports.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                text = Text(row["place"] == "building", row["only"], row["title"], row["description"], row["done"])
                texts[row["item"]].append(text)
        return texts

    def stream(self, start: date, until: datetime, calendar: WorkCalendar) -> Iterator[Report]:
        """Yield reports from `start` on, in order, up to `until`."""
        for days in range((until.date() - start).days + 1):
            day = start + timedelta(days=days)
            how_many = LATELY if (until.date() - day).days < BUSY_DAYS else ON_A_WORKING_DAY
            for at, off_hours in self._moments(day, how_many, calendar):
                if at < until:
                    yield self.draw(at, off_hours=off_hours)

    def draw(self, at: datetime, *, off_hours: bool = False) -> Report:
        """Draw a report of anything anywhere."""
        estate = self.places.estate[self._one_of(ESTATE_WEIGHTS)]
        unknown = UNKNOWN_AT.get(estate.code, set())
        item = self._one_of({code: weight for code, weight in HOW_OFTEN.items() if code not in unknown})
        text = self.chance.choice([text for text in self.texts[item] if text.only in ("", estate.code)])
        building = self.chance.choice(self.places.buildings_of[estate.pk]) if text.in_building else None
        channel = self._one_of(OFF_HOURS_CHANNELS if off_hours else CHANNELS)
        plot = self._one_of(BY_CHANCE)
        return self.word(text, at, item=item, estate=estate, building=building, channel=channel, plot=plot)

    def word(  # noqa: PLR0913 -- a report has that many sides
        self,
        text: Text,
        at: datetime,
        *,
        item: str,
        estate: Estate,
        building: Building | None,
        channel: Case.Channel,
        plot: Plot,
    ) -> Report:
        """Fill in a text."""
        spot = "" if building else self.chance.choice(self.spots[estate.code])
        unit, floor = self.chance.randint(1, UNITS), self.chance.randint(2, FLOORS)
        words = {"b": building.name if building else "", "u": unit, "f": floor, "spot": spot}
        on_patrol = channel == Channel.GRID and self.chance.random() < 0.5
        return Report(
            at=at,
            reported_at=at - timedelta(seconds=self.chance.randint(40, 1500)),
            channel=channel,
            estate=estate,
            building=building,
            need_item=self.items[item],
            resident=None if on_patrol else self._resident(estate, building),
            title=text.title.format(**words),
            description=text.description.format(**words),
            location_note=spot if "{spot}" in text.title else "",
            done=text.done,
            plot=plot,
        )

    def _moments(self, day: date, how_many: Sequence[int], calendar: WorkCalendar) -> list[tuple[datetime, bool]]:
        """When on that day reports come in, and whether outside business hours."""
        if not calendar.is_working_day(day):
            return sorted((self._between(day, 9, 21), True) for _ in range(self.chance.choice(ON_A_DAY_OFF)))
        moments = []
        for _ in range(self.chance.choice(how_many)):
            if self.chance.random() < IN_BUSINESS_HOURS:
                opening = datetime.combine(day, time(8, 30), ZONE)
                worked = timedelta(seconds=self.chance.randint(300, 24_600))
                moments.append((calendar.add_work_time(opening, worked), False))
            else:
                moments.append((self._between(day, 18, 22), True))
        return sorted(moments)

    def _between(self, day: date, first_hour: int, last_hour: int) -> datetime:
        seconds = self.chance.randint(first_hour * 3600, last_hour * 3600)
        return datetime.combine(day, time(), ZONE) + timedelta(seconds=seconds)

    def _resident(self, estate: Estate, building: Building | None) -> Resident:
        building = building or self.chance.choice(self.places.buildings_of[estate.pk])
        return self.chance.choice(self.places.residents_of[building.pk])

    def _one_of(self, weights: Mapping[Choice, int]) -> Choice:
        return self.chance.choices(list(weights), list(weights.values()))[0]

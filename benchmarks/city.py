"""A made-up city and ten years of its ledger, as the pure modules take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple, TypeVar

from stakeholders.coverage import Claim, Decision, Duty, Scope
from stakeholders.layout import Item, Layout, Place
from stakeholders.segments import DatedClaim, DatedDecision, Period

BEGINNING = datetime(2017, 1, 1, tzinfo=UTC)
DAYS = 3650
SIZES = (4, 5, 6, 4, 4, 4, 4)  # how many items each class has
ITEMS = [Item(each, each * 100 + number) for each, size in enumerate(SIZES, 1) for number in range(size)]
# How often each happens, in per cent.
DUTIES = {Duty.LEAD: 78, Duty.DISCLAIM: 8, Duty.BACKSTOP: 6, Duty.SUPPORT: 5, Duty.SUPERVISE: 3}
WIDTHS = {"building": 75, "estate": 24, "community": 0.9, "town": 0.09, "city": 0.01}
MATTERS = {"item": 70, "class": 22, "everything": 8}
DIGITS = {"community": 12, "town": 9, "city": 4}

Kind = TypeVar("Kind", bound=str)


class City(NamedTuple):
    """Places and items, and all that was ever recorded about them."""

    layout: Layout
    claims: list[DatedClaim]
    decisions: list[DatedDecision]


@dataclass
class Draw:
    """A city by chance; the same numbers always give the same one. One record in fifty is a ruling."""

    estates: int
    buildings: int
    records: int
    items: Sequence[Item] = field(default_factory=lambda: ITEMS)

    def __post_init__(self) -> None:
        self.chance = Random(self.records)  # noqa: S311 -- drawn alike each time, and no secret
        everybody = range(1, 3 * self.estates + 1)
        self.closed_at = {party: self.day() for party in self.chance.sample(everybody, self.estates // 20)}

    def city(self) -> City:
        places = [
            Place(area_of(estate), estate, estate * 1000 + number if number else 0)
            for estate in range(1, self.estates + 1)
            for number in range(self.buildings + 1)
        ]
        rulings = self.records // 50
        claims = [self.claim(number) for number in range(1, self.records - rulings + 1)]
        decisions = [self.decision(number) for number in range(1, rulings + 1)]
        return City(Layout(places, self.items), claims, decisions)

    def claim(self, number: int) -> DatedClaim:
        estate, scope = self.scope()
        party = self.party(estate)
        return Claim(number, party, self.one_of(DUTIES), scope), self.period(party)

    def decision(self, number: int) -> DatedDecision:
        estate, scope = self.scope()
        party = self.party(estate)
        return Decision(number, party, scope, self.day()), self.period(party)

    def scope(self) -> tuple[int, Scope]:
        """A scope, and an estate in it."""
        estate, item = self.chance.randint(1, self.estates), self.chance.choice(self.items)
        width, matter = self.one_of(WIDTHS), self.one_of(MATTERS)
        what: dict[str, Any] = {
            "item": {"need_item": item.need_item},
            "class": {"need_class": item.need_class},
            "everything": {},
        }[matter]
        if width == "building":
            return estate, Scope(building=estate * 1000 + self.chance.randint(1, self.buildings), **what)
        if width == "estate":
            return estate, Scope(estate=estate, **what)
        return estate, Scope(area=area_of(estate)[: DIGITS[width]], **what)

    def party(self, estate: int) -> int:
        """One of the three parties that have to do with an estate."""
        return estate * 3 - self.chance.randint(0, 2)

    def period(self, party: int) -> Period:
        """A contract of one to three years, or without end; a party that is closed down ends it early."""
        since = self.day()
        until = since + timedelta(days=365 * self.chance.randint(1, 3)) if self.chance.random() < 0.75 else None
        closed_at = self.closed_at.get(party)
        return Period(since, min((end for end in (until, closed_at) if end), default=None))

    def day(self) -> datetime:
        return BEGINNING + timedelta(days=self.chance.randrange(DAYS))

    def one_of(self, shares: Mapping[Kind, float]) -> Kind:
        return self.chance.choices(list(shares), list(shares.values()))[0]


def area_of(estate: int) -> str:
    """The community of an estate: five estates each, and ten communities a town."""
    town, community = divmod((estate - 1) // 5, 10)
    return f"379926{town + 101:03}{community + 1:03}"

"""What one changed mandate of an estate costs: reckoning that estate again, against reckoning the whole city."""

from collections.abc import Iterator

from benchmarks.city import City, Draw
from benchmarks.measure import Result, Size, in_turns
from stakeholders.coverage import Scope
from stakeholders.layout import Layout
from stakeholders.segments import history


def measure(size: Size) -> Iterator[Result]:
    """The estate in the middle; its records are read from the database by index, so that finding them is not timed."""
    city = Draw(size.estates, size.buildings, size.records).city()
    estate = records_of(city, 1 + size.estates // 2)

    def again() -> None:
        history(Layout(estate.layout.places, estate.layout.items), estate.claims, estate.decisions)

    taken = in_turns(again, lambda: history(*city), size.turns)
    note = f"{estate.layout.size:,} cells, {len(estate.claims) + len(estate.decisions):,} records reach them"
    yield Result("one estate again, against the whole city", *taken, "s", 1 / 200, note)


def records_of(city: City, number: int) -> City:
    """One estate, and the records that reach it."""
    first, after, *_items = city.layout.block(Scope(estate=number))
    layout = Layout(city.layout.places[first:after], city.layout.items)

    def reaches(scope: Scope) -> bool:
        start, end, *_ = layout.block(scope)
        return start < end

    claims = [dated for dated in city.claims if reaches(dated[0].scope)]
    return City(layout, claims, [dated for dated in city.decisions if reaches(dated[0].scope)])

"""Places × items in such an order that a scope covers one block. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from stakeholders.coverage import Scope

NOWHERE = (0, 0)


class Place(NamedTuple):
    """A building, or with `building` 0 the common area of an estate. Sorted, each scope covers one run of places."""

    area: str  # the 12 digits of the community
    estate: int
    building: int


class Item(NamedTuple):
    """A need item in its class; sorted, a class covers one run of items."""

    need_class: int
    need_item: int


class Layout:
    """The cells: places × items, numbered row by row."""

    def __init__(self, places: Iterable[Place], items: Iterable[Item]) -> None:
        self.places, self.items = sorted(places), sorted(items)
        self._estates = _runs(place.estate for place in self.places)
        self._buildings = {place.building: (n, n + 1) for n, place in enumerate(self.places) if place.building}
        self._areas: dict[str, tuple[int, int]] = {}
        self._classes = _runs(item.need_class for item in self.items)
        self._items = _runs(item.need_item for item in self.items)

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.places) * len(self.items)

    def cell(self, number: int) -> tuple[Place, Item]:
        """The place and the item of a cell."""
        place, item = divmod(number, len(self.items))
        return self.places[place], self.items[item]

    def block(self, scope: Scope) -> tuple[int, int, int, int]:
        """First place and the one after the last, first item and the one after the last that a scope covers."""
        return (*self._run_of_places(scope), *self._run_of_items(scope))

    def _run_of_places(self, scope: Scope) -> tuple[int, int]:
        if scope.building is not None:
            return self._buildings.get(scope.building, NOWHERE)
        if scope.estate is not None:
            return self._estates.get(scope.estate, NOWHERE)
        area = scope.area or ""
        if area not in self._areas:
            self._areas[area] = self._run_of_area(area)
        return self._areas[area]

    def _run_of_area(self, prefix: str) -> tuple[int, int]:
        digits = len(prefix)
        first = bisect_left(self.places, prefix, key=lambda place: place.area[:digits])
        return first, bisect_right(self.places, prefix, lo=first, key=lambda place: place.area[:digits])

    def _run_of_items(self, scope: Scope) -> tuple[int, int]:
        if scope.need_item is not None:
            return self._items.get(scope.need_item, NOWHERE)
        if scope.need_class is not None:
            return self._classes.get(scope.need_class, NOWHERE)
        return 0, len(self.items)


def _runs(keys: Iterable[int]) -> dict[int, tuple[int, int]]:
    """The first number of each key and the one after its last, where equal keys follow each other."""
    runs: dict[int, tuple[int, int]] = {}
    for number, key in enumerate(keys):
        first, _after = runs.get(key, (number, number))
        runs[key] = first, number + 1
    return runs

"""Places × items in such an order that a scope covers one block. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from stakeholders.coverage import Scope


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
        self._estates: dict[int, tuple[int, int]] = {}
        for number, place in enumerate(self.places):
            first, _last = self._estates.get(place.estate, (number, number))
            self._estates[place.estate] = first, number + 1
        self._buildings = {place.building: number for number, place in enumerate(self.places) if place.building}
        self._items = {item.need_item: number for number, item in enumerate(self.items)}

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
            number = self._buildings.get(scope.building)
            return (0, 0) if number is None else (number, number + 1)
        if scope.estate is not None:
            return self._estates.get(scope.estate, (0, 0))
        prefix = scope.area or ""
        digits = len(prefix)
        first = bisect_left(self.places, prefix, key=lambda place: place.area[:digits])
        return first, bisect_right(self.places, prefix, lo=first, key=lambda place: place.area[:digits])

    def _run_of_items(self, scope: Scope) -> tuple[int, int]:
        if scope.need_item is not None:
            number = self._items.get(scope.need_item)
            return (0, 0) if number is None else (number, number + 1)
        if scope.need_class is None:
            return 0, len(self.items)
        first = bisect_left(self.items, scope.need_class, key=lambda item: item.need_class)
        return first, bisect_right(self.items, scope.need_class, lo=first, key=lambda item: item.need_class)

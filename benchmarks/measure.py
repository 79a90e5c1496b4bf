"""How a measure is taken and told: ours and the raw cost of the same work, in turns, in the same run."""

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import NamedTuple


@dataclass(frozen=True)
class Size:
    """How much of everything there is. The default is the city that the aims are about."""

    estates: int = 1000
    buildings: int = 10
    records: int = 60_000
    towns: int = 4  # in the database; a town has 50 estates
    records_of_towns: int = 12_000
    turns: int = 7


class Result(NamedTuple):
    """One line of the table. Without `aim` the figure is only told."""

    measure: str
    ours: float
    raw: float
    unit: str
    aim: float | None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours in terms of the raw cost."""
        return self.ours / self.raw

    @property
    def is_ok(self) -> bool:
        """Whether the aim is reached."""
        return self.aim is None or self.ratio <= self.aim


def in_turns(ours: Callable[[], object], raw: Callable[[], object], turns: int) -> tuple[float, float]:
    """Median seconds of both. They take turns, so that a busy moment of the machine meets both."""
    ours(), raw()
    taken: list[tuple[float, float]] = [(_seconds(ours), _seconds(raw)) for _ in range(turns)]
    mine, other = zip(*taken, strict=True)
    return median(mine), median(other)


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = perf_counter()
    work()
    return perf_counter() - began


def table(results: Iterable[Result]) -> Iterator[str]:
    """The lines to print, each as soon as it is known."""
    yield f"{'measure':<52}{'ours':>12}{'raw':>12}{'ratio':>8}{'aim':>7}  ok"
    for each in results:
        ours, raw = (f"{figure:.4g} {each.unit}" for figure in (each.ours, each.raw))
        aim, is_ok = ("", "") if each.aim is None else (f"{each.aim:g}", "yes" if each.is_ok else "NO")
        yield f"{each.measure:<52}{ours:>12}{raw:>12}{each.ratio:>8.3g}{aim:>7}  {is_ok:<4}{each.note}".rstrip()

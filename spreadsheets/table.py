"""A table in a file: what reading CSV and XLSX have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

Cell = object  # text, number, moment or None, as the format has it
Cells = Sequence[Cell]


class Table(ABC):
    """The rows of a file that has been read through once and found whole."""

    count = 0  # rows that are not blank

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Each row that is not blank, with its number as a spreadsheet shows it."""

    @abstractmethod
    def write(self, target: BinaryIO, rows: Iterable[Cells]) -> None:
        """Write other rows the way this file is written: same format, same encoding."""


def text(cell: Cell) -> str:
    """What a cell says, without the blanks around it. A whole number has no decimal point, whatever Excel thinks."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def is_blank(cells: Cells) -> bool:
    """Say whether nothing is written in a row."""
    return not any(text(cell) for cell in cells)

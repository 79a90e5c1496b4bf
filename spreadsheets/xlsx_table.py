"""XLSX as Excel and WPS write it."""

import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from spreadsheets.table import Cell, Cells, Table, is_blank

UNPACKED_LIMIT = 1 << 30  # bytes; a workbook that is larger inside is a trap or no ledger

# What reading raises where a workbook is damaged: the archive, its compression, its XML, or what stands in it.
DAMAGE = (
    BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError,
    ParseError, InvalidFileException, LookupError, ValueError, TypeError, AttributeError,
)  # fmt: skip


class XlsxTable(Table):
    """The sheet that shows when the workbook is opened. Its texts are in memory anyway, so its rows are as well."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the sheet; raises ValidationError where the workbook is damaged."""
        try:
            self._rows = list(_read(file))
            self.count = len(self._rows)
        except DAMAGE as error:
            raise ValidationError(
                _("The workbook is damaged. Open it in Excel or WPS, save it again, and import what you saved."),
                code="xlsx",
            ) from error

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Rows of values; a formula counts as what it showed when it was saved."""
        yield from self._rows

    def write(self, target: BinaryIO, rows: Iterable[Cells]) -> None:
        """Write a workbook with one sheet."""
        write_xlsx(target, rows)


def write_xlsx(target: BinaryIO, rows: Iterable[Cells]) -> None:
    """Write a workbook with one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in rows:
        sheet.append([_cell(sheet, value) for value in cells])
    book.save(target)


def _read(file: BinaryIO) -> Iterator[tuple[int, Cells]]:
    with ZipFile(file) as archive:
        if sum(member.file_size for member in archive.infolist()) > UNPACKED_LIMIT:
            raise BadZipFile("too large")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about styles and extensions, which nobody reads here
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = book.active if book.active in book.worksheets else book.worksheets[0]
        sheet.reset_dimensions()  # some writers note too small a range, and the rest would be cut off
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if not is_blank(cells):
                yield number, _without_end(cells)


def _without_end(cells: Cells) -> Cells:
    """Cut off the empty cells on the right: a sheet formatted to its edge has 16,384."""
    width = len(cells)
    while width and cells[width - 1] is None:
        width -= 1
    return cells[:width]


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> Cell:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # text that begins with "=" is text
    return cell

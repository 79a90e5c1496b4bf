"""XLSX as Excel and WPS write it."""

import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from spreadsheets.limits import FILES_OF_OURS, Limits
from spreadsheets.table import Cell, Cells, Table, is_blank

# Where the number of rows is limited, so is what one row may hold, and what stands beside the rows: formats and names.
WIDTH = 256  # cells
TAGS = 150  # of XML, a row; one for each cell, several where something stands in it
BESIDE = 1 << 20  # bytes a part; a few thousand formats
ROWS_STAND_IN = ("xl/worksheets/", "xl/sharedStrings", "xl/media/")  # pictures are not read
BLOCK = 1 << 20

# What reading raises where a workbook is damaged: the archive, its compression, its XML, or what stands in it.
DAMAGE = (
    BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError,
    ParseError, InvalidFileException, LookupError, ValueError, TypeError, AttributeError,
)  # fmt: skip


class XlsxTable(Table):
    """The sheet that shows when the workbook is opened. Its texts are in memory anyway, so its rows are as well."""

    def __init__(self, file: BinaryIO, limits: Limits = FILES_OF_OURS) -> None:
        """Read the sheet; raises ValidationError where the workbook is damaged or too large."""
        try:
            self._rows = list(_read(file, limits))
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


def _read(file: BinaryIO, limits: Limits) -> Iterator[tuple[int, Cells]]:
    with ZipFile(file) as archive:
        if _swells(archive, limits):
            raise _too_large()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about styles and extensions, which nobody reads here
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.active if book.active in book.worksheets else book.worksheets[0]
        sheet.reset_dimensions()  # some writers note too small a range, and the rest would be cut off
        for number, cells in limits.numbered(map(_without_end, sheet.iter_rows(values_only=True))):
            if limits.rows is not None and len(cells) > WIDTH:
                raise _too_large()
            if not is_blank(cells):
                yield number, cells


def _swells(archive: ZipFile, limits: Limits) -> bool:
    """Say whether a workbook is larger inside than rows within the limits can be. Its parts end where it says."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > limits.unpacked:
        return True
    if limits.rows is None:
        return False
    if any(part.file_size > BESIDE and not part.filename.startswith(ROWS_STAND_IN) for part in parts):
        return True
    return sum(_tags(archive, part) for part in parts) > limits.rows * TAGS


def _tags(archive: ZipFile, part: ZipInfo) -> int:
    with archive.open(part) as file:
        return sum(block.count(b"<") for block in iter(lambda: file.read(BLOCK), b""))


def _too_large() -> ValidationError:
    return ValidationError(
        _("Unpacked, the workbook is too large. Copy its rows, without formats, into a new one; split a long list."),
        code="too_many",
    )


def _without_end(cells: Cells) -> Cells:
    """Cut off the empty cells on the right: a sheet formatted to its edge has 16,384."""
    width = 0 if cells.count(None) == len(cells) else len(cells)
    while width and cells[width - 1] is None:
        width -= 1
    return cells[:width]


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> Cell:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # text that begins with "=" is text
    return cell

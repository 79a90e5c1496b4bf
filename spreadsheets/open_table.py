"""Which kind of file it is, by what is in it and not only by its name."""

from pathlib import PurePath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spreadsheets.csv_table import CsvTable
from spreadsheets.limits import FILES_OF_OURS, Limits
from spreadsheets.table import Table
from spreadsheets.xlsx_table import XlsxTable

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old Excel, and what is locked with a password


def open_table(file: BinaryIO, name: str, *, limits: Limits = FILES_OF_OURS) -> Table:
    """Read a CSV or XLSX file; raises ValidationError that says what to do with what is too much or anything else."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise ValidationError(
            _("Give a CSV or XLSX file; open others in Excel or WPS and save them as XLSX."), code="suffix"
        )
    file.seek(0)
    _check_content(file, file.read(8), suffix)
    return CsvTable(file, limits) if suffix == ".csv" else XlsxTable(file, limits)


def _check_content(file: BinaryIO, start: bytes, suffix: str) -> None:
    if not start:
        raise ValidationError(_("The file is empty."), code="empty")
    if start == OLE:
        raise ValidationError(
            _("This is an old Excel file or one with a password. Save it as XLSX, without a password."), code="old"
        )
    if start.startswith(ZIP):
        if suffix == ".csv":
            raise ValidationError(
                _("This is not text. If it is an Excel workbook, rename it to end in .xlsx."), code="not_csv"
            )
        if not _is_workbook(file):
            raise ValidationError(_("This archive holds no Excel workbook, or a damaged one."), code="xlsx")
    elif suffix == ".xlsx":
        raise ValidationError(
            _("This is no Excel workbook. If it is text, rename it to end in .csv, or save it as XLSX."),
            code="not_xlsx",
        )


def _is_workbook(file: BinaryIO) -> bool:
    try:
        with ZipFile(file) as archive:
            return "[Content_Types].xml" in archive.namelist() and any(
                name.startswith("xl/") for name in archive.namelist()
            )
    except BadZipFile:
        return False

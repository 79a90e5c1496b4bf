"""CSV as offices export it: UTF-8 or GB18030, with or without a byte order mark."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spreadsheets.limits import FILES_OF_OURS, Limits
from spreadsheets.table import Cells, Table, is_blank

BLOCK = 1 << 20
GB18030_BOM = "\ufeff".encode("gb18030")  # rare; Python has a codec that knows this mark of UTF-8 only

# The default of 128 KB would stop at one long cell; it is the row that is refused, for the field that is too long.
csv.field_size_limit(1 << 30)


class CsvTable(Table):
    """A CSV file. It is read from the file each time, so that memory stays flat; the file must stay open."""

    def __init__(self, file: BinaryIO, limits: Limits = FILES_OF_OURS) -> None:
        """Find the encoding and read the file through; raises ValidationError where it is not a whole CSV file."""
        self._file, self._limits = file, limits
        self.encoding = _encoding_of(file)
        self._mark = GB18030_BOM if _begins_with(file, GB18030_BOM) else b""
        self.count = sum(1 for _row in self.rows())

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Rows of text. A cell may hold line breaks; a row is one row all the same."""
        self._file.seek(len(self._mark))
        number = 0
        with _as_text(self._file, self.encoding) as lines:
            try:
                for number, cells in self._limits.numbered(csv.reader(lines, strict=True)):
                    if not is_blank(cells):
                        yield number, cells
            except csv.Error as error:
                raise ValidationError(
                    _("What follows row %(row)s cannot be read: a quotation mark is missing or in the wrong place."),
                    code="csv",
                    params={"row": number},
                ) from error

    def write(self, target: BinaryIO, rows: Iterable[Cells]) -> None:
        """Write CSV in the encoding of this file."""
        target.write(self._mark)
        write_csv(target, rows, self.encoding)


def write_csv(target: BinaryIO, rows: Iterable[Cells], encoding: str = "utf-8-sig") -> None:
    """Write CSV, with the byte order mark without which Excel takes UTF-8 for something else."""
    with _as_text(target, encoding) as lines:
        csv.writer(lines).writerows(rows)


@contextmanager
def _as_text(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    lines = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield lines
        lines.flush()
    finally:
        lines.detach()  # else the file would be closed with it


def _encoding_of(file: BinaryIO) -> str:
    """Decode the whole file, strictly, instead of guessing from its beginning.

    GB18030 takes nearly any bytes for Chinese. It comes last, and never where the first line promises UTF-8; what
    then reads as nonsense fails on its header.
    """
    for encoding in _candidates(file):
        if _decodes(file, encoding):
            return encoding
    raise ValidationError(
        _("The text is neither whole UTF-8 nor GB18030. Save the file as “CSV UTF-8” or as XLSX."), code="encoding"
    )


def _candidates(file: BinaryIO) -> Sequence[str]:
    file.seek(0)
    first = file.readline()
    if first.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if first.startswith(GB18030_BOM):
        return ["gb18030"]
    try:
        is_utf8 = not first.decode().isascii()  # Chinese in GB18030 does not pass for UTF-8 by chance
    except UnicodeDecodeError:
        is_utf8 = False
    return ["utf-8"] if is_utf8 else ["utf-8", "gb18030"]


def _begins_with(file: BinaryIO, mark: bytes) -> bool:
    file.seek(0)
    return file.read(len(mark)) == mark


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True

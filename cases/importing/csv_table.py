"""CSV as offices export it: UTF-8 with or without a byte order mark, or GB18030."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.importing.table import Cells, Table, is_blank

BLOCK = 1 << 20

# The default of 128 KB would stop at one long cell; it is the row that is refused, for the field that is too long.
csv.field_size_limit(1 << 30)


class CsvTable(Table):
    """A CSV file. It is read from the file each time, so that memory stays flat; the file must stay open."""

    def __init__(self, file: BinaryIO) -> None:
        """Find the encoding and read the file through; raises ValidationError where it is not a whole CSV file."""
        self._file = file
        self.encoding = _encoding_of(file)
        self.count = sum(1 for _row in self.rows())

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Rows of text. A cell may hold line breaks; a row is one row all the same."""
        self._file.seek(0)
        number = 0
        with _as_text(self._file, self.encoding) as lines:
            try:
                for number, cells in enumerate(csv.reader(lines, strict=True), start=1):
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
        with _as_text(target, self.encoding) as lines:
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
    try:
        is_utf8 = not first.decode().isascii()  # Chinese in GB18030 does not pass for UTF-8 by chance
    except UnicodeDecodeError:
        is_utf8 = False
    return ["utf-8"] if is_utf8 else ["utf-8", "gb18030"]


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

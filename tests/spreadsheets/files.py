"""Files as offices send them, made in memory."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

Rows = Iterable[Sequence[object]]

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}  # for str.translate: full-width, as input methods leave it


def csv_file(rows: Rows, encoding: str = "utf-8-sig") -> io.BytesIO:
    """A CSV file in some encoding."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx_file(rows: Rows) -> io.BytesIO:
    """A workbook with one sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file

"""Files are read for what they are, whatever they are called; what cannot be read says what to do."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook

from spreadsheets.limits import Limits
from spreadsheets.open_table import OLE, open_table
from tests.spreadsheets.files import Rows, csv_file, xlsx_file

ROWS = [["编号", "标题"], ["1", "路灯不亮，晚上很黑"], ["2", '他说"马上"\n没有来']]
NUMBERED = list(enumerate(ROWS, start=1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_and_written_in_its_own_encoding(encoding: str) -> None:
    table = open_table(csv_file(ROWS, encoding), "台账.CSV")

    assert (table.count, list(table.rows()), list(table.rows())) == (3, NUMBERED, NUMBERED)
    target = io.BytesIO()
    table.write(target, ROWS)
    assert target.getvalue() == csv_file(ROWS, encoding).getvalue()


def test_csv_in_gb18030_keeps_its_byte_order_mark() -> None:
    marked = io.BytesIO("\ufeff".encode("gb18030") + csv_file(ROWS, "gb18030").getvalue())

    table = open_table(marked, "a.csv")

    assert (table.count, list(table.rows()), list(table.rows())) == (3, NUMBERED, NUMBERED)
    target = io.BytesIO()
    table.write(target, ROWS)
    assert target.getvalue() == marked.getvalue()


def test_csv_takes_gb18030_for_every_character() -> None:
    rows = [["编号", "标题"], ["1", "㐀𠮷🙂é"]]

    assert [cells for _number, cells in open_table(csv_file(rows, "gb18030"), "a.csv").rows()] == rows


def test_blank_rows_do_not_count_but_keep_their_number() -> None:
    rows = [["编号"], [""], [" ", "　"], ["1"]]

    for table in (open_table(csv_file(rows), "a.csv"), open_table(xlsx_file(rows), "a.xlsx")):
        assert [(number, cells[0]) for number, cells in table.rows()] == [(1, "编号"), (4, "1")]
        assert table.count == 2


def test_xlsx_is_read_with_its_dates_and_numbers_and_written_again() -> None:
    rows = [["编号", "时间", "标题"], [7, datetime(2019, 4, 25, 9, 32, 9), "=1+1"]]  # noqa: DTZ001 -- as in a sheet
    target = io.BytesIO()

    open_table(xlsx_file(ROWS), "a.xlsx").write(target, rows)

    written = open_table(target, "a.xlsx")
    assert [list(cells) for _number, cells in written.rows()] == rows
    assert load_workbook(target).active["C2"].data_type == "s"


def test_xlsx_writes_no_character_that_xml_forbids() -> None:
    target = io.BytesIO()

    open_table(xlsx_file(ROWS), "a.xlsx").write(target, [["a\x00\x0bb"]])

    assert list(open_table(target, "a.xlsx").rows()) == [(1, ("ab",))]


def test_xlsx_is_read_beyond_the_range_that_its_writer_noted() -> None:
    damaged = io.BytesIO()
    with zipfile.ZipFile(xlsx_file(ROWS)) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"'))

    assert [list(cells) for _number, cells in open_table(damaged, "a.xlsx").rows()] == ROWS


def test_xlsx_shows_the_sheet_that_opens_first() -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["汇总"])
    book.create_sheet("明细").append(["明细"])
    book.active = 1
    book.save(file)

    assert list(open_table(file, "a.xlsx").rows()) == [(1, ("明细",))]


def cut(file: io.BytesIO, size: int) -> io.BytesIO:
    return io.BytesIO(file.getvalue()[:size])


def with_sheet(content: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(xlsx_file(ROWS)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, content if name.startswith("xl/worksheets/") else source.read(name))
    return file


def other_archive() -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        target.writestr("word/document.xml", "<w/>")
    return file


BROKEN = {
    "empty.csv": (io.BytesIO(b""), "empty"),
    "empty.xlsx": (io.BytesIO(b""), "empty"),
    "utf-16.csv": (csv_file(ROWS, "utf-16"), "encoding"),
    "latin.csv": (io.BytesIO("编号".encode("gb18030") + b"\xff\n"), "encoding"),
    "half-marked.csv": (io.BytesIO(csv_file(ROWS).getvalue()[:-3] + "灯".encode("gb18030")), "encoding"),
    "cut.csv": (io.BytesIO("编号,标题\n1,灯".encode()[:-1]), "encoding"),
    "open-quote.csv": (io.BytesIO('编号,标题\n1,"灯\n2,路\n'.encode()), "csv"),
    "stray-quote.csv": (io.BytesIO('编号,标题\n1,"他说"马上"来"\n'.encode()), "csv"),
    "workbook.csv": (xlsx_file(ROWS), "not_csv"),
    "text.xlsx": (csv_file(ROWS), "not_xlsx"),
    "old.xlsx": (io.BytesIO(OLE + bytes(512)), "old"),
    "old.csv": (io.BytesIO(OLE + bytes(512)), "old"),
    "cut.xlsx": (cut(xlsx_file(ROWS), 2000), "xlsx"),
    "document.xlsx": (other_archive(), "xlsx"),
    "no-xml.xlsx": (with_sheet(b"<worksheet><sheetData><row"), "xlsx"),
    "no-number.xlsx": (
        with_sheet(
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            b'<row r="1"><c r="A1" t="s"><v>999</v></c></row></sheetData></worksheet>'
        ),
        "xlsx",
    ),
    "ledger.xls": (io.BytesIO(OLE), "suffix"),
    "ledger": (csv_file(ROWS), "suffix"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_refused_for_a_reason(name: str) -> None:
    file, code = BROKEN[name]

    with pytest.raises(ValidationError) as refused:
        open_table(file, name)

    assert refused.value.code == code


def with_part(file: io.BytesIO, name: str, old: bytes, new: bytes) -> io.BytesIO:
    """The workbook with something else in one of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in source.namelist():
            content = source.read(part)
            changed.writestr(part, content.replace(old, new) if part == name else content)
    return target


SHEET = "xl/worksheets/sheet1.xml"
LIMITS = Limits(unpacked=1 << 22, rows=100)
TRAPS = {
    "bytes": with_part(xlsx_file(ROWS), SHEET, b"</sheetData>", b" " * (1 << 22) + b"</sheetData>"),
    "cells of one row": with_part(xlsx_file(ROWS), SHEET, b"</row>", b"<c/>" * 15_000 + b"</row>"),
    "columns": with_part(xlsx_file(ROWS), SHEET, b"</row>", b'<c r="XFD1"><v>1</v></c></row>'),
    "rows": with_part(xlsx_file(ROWS), SHEET, b"</sheetData>", b"<row/>" * 100 + b"</sheetData>"),
    "rows between": with_part(xlsx_file(ROWS), SHEET, b"</sheetData>", b'<row r="900000000"/></sheetData>'),
    "formats": with_part(xlsx_file(ROWS), "xl/styles.xml", b"</cellXfs>", b" " * (1 << 20) + b"</cellXfs>"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_workbook_that_swells_when_unpacked_is_refused(trap: str) -> None:
    with pytest.raises(ValidationError) as refused:
        open_table(TRAPS[trap], "a.xlsx", limits=LIMITS)

    assert refused.value.code == "too_many"


@pytest.mark.parametrize("write", [csv_file, xlsx_file])
def test_as_many_rows_as_are_allowed_are_read_and_no_more(write: Callable[[Rows], io.BytesIO]) -> None:
    name = "a.csv" if write is csv_file else "a.xlsx"

    assert open_table(write([["a"]] * 100), name, limits=LIMITS).count == 100
    for rows in ([["a"]] * 101, [["a"], *[[""]] * 99, ["b"]]):
        with pytest.raises(ValidationError, match="more than 100 rows"):
            open_table(write(rows), name, limits=LIMITS)


def test_a_cell_of_ten_megabytes_is_a_matter_for_its_row() -> None:
    table = open_table(csv_file([["标题"], ["长" * 3_500_000], ["短"]]), "a.csv")

    assert [len(cells[0]) for _number, cells in table.rows()] == [2, 3_500_000, 1]

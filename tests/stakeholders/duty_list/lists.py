"""Duty lists as offices send them, made in memory."""

import io
from typing import Any

from tests.spreadsheets.files import csv_file

HEADER = ["责任单位", "职责", "区划", "小区", "楼栋", "类别", "事项", "起始日期", "截止日期", "依据", "佐证"]


def duty_row(party: str, **given: object) -> list[object]:
    """A party leads for item 3.1, but for what is given by the header of its column."""
    values = {"责任单位": party, "职责": "主责", "事项": "3.1", "起始日期": "2026-01-01", "依据": "物业服务合同第 8 条"}
    return [(values | given).get(column, "") for column in HEADER]


def duty_file(*rows: list[Any], encoding: str = "utf-8-sig") -> io.BytesIO:
    """A list of these rows as CSV."""
    return csv_file([HEADER, *rows], encoding)

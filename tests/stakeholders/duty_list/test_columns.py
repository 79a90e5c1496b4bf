"""The header of a duty list is found by the names that offices give its columns, in two languages."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from spreadsheets.open_table import open_table
from stakeholders.duty_list.columns import COLUMNS, HEADINGS, ROLES, find_header, is_example, template_rows
from stakeholders.models import Mandate
from tests.spreadsheets.files import WIDE, csv_file

SHORT = ["责任单位", "职责", "小区", "事项", "起始日期", "依据"]


def header_of(*rows: list[str]):
    return find_header(open_table(csv_file(rows), "a.csv"))


@pytest.mark.parametrize(
    "cells",
    [
        SHORT,
        SHORT[::-1],
        ["party", "Role", "estate", "matter", "from", "Basis"],
        ["*责任 单位".translate(WIDE), "角色", "小区名称", "职责事项", "生效\n日期", "法律依据"],
        ["单位", "职责", "社区", "事项", "开始日期", "依据"],
    ],
)
def test_header_is_read_in_any_order_by_any_of_its_names(cells):
    assert set(header_of(cells).places) | {"estate", "area"} == {
        "party", "role", "estate", "area", "matter", "valid_from", "basis",
    }  # fmt: skip


def test_header_may_stand_below_a_title():
    assert header_of(["清禾镇职责清单"], ["填报单位：党群办"], SHORT).number == 3


def test_header_that_lacks_columns_names_them_in_the_language_of_the_reader():
    with pytest.raises(ValidationError) as refused:
        header_of(["职责", "事项", "起始日期", "依据"])
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused_in_chinese:
        header_of(["role", "estate", "matter", "from", "basis"])

    assert refused.value.messages == [
        "None of the first 5 rows is a header with all required columns. The columns party, estate are missing."
    ]
    assert "责任单位" in refused_in_chinese.value.messages[0]


def test_column_that_is_there_twice_is_refused():
    with pytest.raises(ValidationError):
        header_of([*SHORT, "事项"])


def test_columns_that_play_no_part_are_named_but_for_those_nobody_cares_about():
    assert HEADINGS.unread(["序号", *SHORT, "联系人", "备注"]) == ["联系人"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_template_has_a_header_that_is_understood_and_an_example_that_is_passed_over(language):
    with translation.override(language):
        names, example = template_rows()

    header = header_of(names)

    assert list(header.places) == list(COLUMNS)
    assert is_example(header, example)
    assert not is_example(header, ["安居物业", *example[1:]])


def test_every_role_has_words():
    assert set(ROLES.values()) == set(Mandate.Role.values)

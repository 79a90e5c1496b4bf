"""The header row is found, and says which mapping is meant."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from cases.importing.mappings import HeaderMapping, find_header, mappings
from cases.importing.rows import FILLED, LIMITS
from cases.models import Case
from spreadsheets.open_table import open_table
from spreadsheets.table import Table
from stakeholders.models.need import Urgency
from tests.spreadsheets.files import WIDE, csv_file, xlsx_file

MESSAGES = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
LEDGER = ["编号", "来源", "受理时间", "小区", "事项", "标题"]


def table(*rows: list[str]) -> Table:
    return open_table(csv_file(rows), "a.csv")


@pytest.mark.parametrize("name", mappings())
def test_mappings_name_what_exists(name: str) -> None:
    mapping = mappings()[name]

    assert set(mapping.required) <= set(mapping.columns)
    assert set(FILLED) <= set(mapping.required)
    others = {"channel", "urgency", "reported_at", "resolved_at", "estate", "building", "need_item", "lead"}
    assert set(mapping.columns) <= {*LIMITS, *others}
    values = mapping.values or {}
    assert {mapping.channel, *values.get("channel", {}).values()} <= set(Case.Channel.values)
    assert set(values.get("urgency", {}).values()) <= set(Urgency.values)


@pytest.mark.parametrize(("cells", "name"), [(MESSAGES, "messages"), (LEDGER, "ledger")])
def test_find_header_takes_the_one_mapping_that_fits(cells: list[str], name: str) -> None:
    header = find_header(table(cells))

    assert (header.mapping.name, header.number, header.above) == (name, 1, [])


def test_find_header_looks_below_a_title_and_who_filled_it_in() -> None:
    rows = [["清禾镇诉求台账"], [], ["填报单位：党群办", "", "填报人："], LEDGER, ["1"]]

    for found in (find_header(table(*rows)), find_header(open_table(xlsx_file(rows), "a.xlsx"))):
        assert (found.number, [above[0] for above in found.above]) == (4, ["清禾镇诉求台账", "填报单位：党群办"])


def test_find_header_looks_no_further_than_five_rows() -> None:
    with pytest.raises(ValidationError):
        find_header(table(*[["标题"]] * 5, LEDGER))


def test_headers_are_read_whatever_their_blanks_stars_and_width() -> None:
    header = find_header(table(["*编 号".translate(WIDE), "来源", "受理\n时间*", " 小区", "事项", "标题 "]))

    assert header.places == {
        "external_id": 0, "channel": 1, "reported_at": 2, "estate": 3, "need_item": 4, "title": 5,
    }  # fmt: skip


def test_find_header_lists_what_each_mapping_lacks() -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        find_header(table(["留言编号", "留言用户", "留言时间", "小区"]))

    assert refused.value.messages[0].splitlines()[1:] == [
        "Mapping messages: the columns 留言主题, 留言详情 are missing.",
        "Mapping ledger: the columns 编号, 受理时间, 事项, 标题 are missing.",
    ]


def test_find_header_asks_for_a_name_where_several_fit() -> None:
    both = table([*MESSAGES, *LEDGER])

    with translation.override("en"), pytest.raises(ValidationError) as refused:
        find_header(both)

    assert "messages, ledger" in refused.value.messages[0]
    assert find_header(both, "ledger").mapping.name == "ledger"


def test_find_header_refuses_a_mapping_that_is_not_there_or_does_not_fit() -> None:
    for name in ("nonsense", "ledger"):
        with pytest.raises(ValidationError):
            find_header(table(MESSAGES), name)


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValidationError):
        find_header(table([*LEDGER, "标题"]))


def test_unread_names_what_plays_no_part() -> None:
    mapping = HeaderMapping(name="a", channel="grid", required=["title"], columns={"title": ["标题"]}, ignored=["序号"])

    assert mapping.unread(["序号", "标题", "领导批示", None]) == ["领导批示"]

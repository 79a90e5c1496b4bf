"""A row becomes a case, or says all that is wrong with it, by the names of its columns."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from cases.importing.directory import Directory
from cases.importing.mappings import find_header
from cases.importing.rows import Reading, RowReader
from cases.models import Case
from cases.worktime import ZONE
from spreadsheets.open_table import open_table
from spreadsheets.refusals import RefusedRowError
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import BuildingFactory, PartyFactory, TownFactory
from tests.spreadsheets.files import csv_file

pytestmark = pytest.mark.django_db

REPORTED = datetime(2026, 11, 2, 9, 14, tzinfo=ZONE)
GOOD = {
    "编号": "QH-1",
    "来源": "",
    "受理时间": "2026-11-02 09:14",
    "诉求人": "刘*兰",
    "联系电话": "13800002607",
    "小区": "",
    "楼栋": "",
    "地点": "北门",
    "事项": "",
    "紧急程度": "",
    "标题": "垃圾桶满了",
    "内容摘要": "三个桶都满了",
    "主责单位": "",
    "办结时间": "",
}


def read(**given: object) -> Reading:
    """Read one row of a ledger, good but for what is given."""
    header = find_header(open_table(csv_file([list(GOOD)]), "a.csv"))
    town = TownFactory()
    return RowReader(header, Directory(town), area=town, now=MONDAY).read(list({**GOOD, **given}.values()))


def problems(**given: object) -> list[str]:
    with translation.override("en"), pytest.raises(RefusedRowError) as refused:
        read(**given)
    return list(refused.value.problems)


def test_a_row_without_place_is_an_open_case_of_the_area() -> None:
    case = read(编号="  QH-1 ", 标题="　垃圾桶满了　").case

    assert (case.external_id, case.title, case.description) == ("QH-1", "垃圾桶满了", "三个桶都满了")
    assert (case.reporter_name, case.reporter_phone, case.location_note) == ("刘*兰", "13800002607", "北门")
    assert (case.area, case.grid, case.estate, case.need_item) == (TownFactory(), None, None, None)
    assert (case.channel, case.urgency) == ("grid", "G")
    assert (case.stage, case.responsibility) == (Case.Stage.OPENED, Case.Responsibility.UNLOCATED)
    assert (case.reported_at, case.opened_at, case.resolved_at, case.closed_at) == (REPORTED, REPORTED, None, None)


def test_a_row_names_its_place_item_urgency_and_channel() -> None:
    building = BuildingFactory(name="3 栋")
    case = read(小区=building.estate.name, 楼栋="3栋", 事项="1.3", 来源="12345热线").case

    assert (case.estate, case.building, case.area) == (building.estate, building, building.estate.area)
    assert (case.grid, case.need_item.code, case.urgency, case.channel) == (building.grid, "1.3", "U", "hotline")
    assert read(小区=building.estate.code, 紧急程度="特急").case.urgency == "E"
    assert read(小区=building.estate.code).case.grid == building.estate.grid


def test_an_answered_row_is_a_closed_case_with_its_party() -> None:
    party = PartyFactory(name="安居物业")

    reading = read(主责单位="安居物业", 办结时间="2026-11-05 10:00")

    assert (reading.case.stage, reading.case.responsibility) == (Case.Stage.CLOSED, Case.Responsibility.HELD)
    assert reading.case.resolved_at == reading.case.closed_at == REPORTED + timedelta(days=3, minutes=46)
    assert reading.party == party


def test_an_answer_dated_on_the_day_of_the_report_counts_as_given_at_once() -> None:
    assert read(办结时间="2026年11月2日").case.resolved_at == REPORTED


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"编号": " "}, "编号: This is empty."),
        ({"编号": "1" * 65}, "编号: This has 65 characters; 64 are allowed."),
        ({"标题": ""}, "标题: This is empty."),
        ({"标题": "字" * 121}, "标题: This has 121 characters; 120 are allowed."),
        ({"标题": "字" * 3_500_000}, "标题: This has 3500000 characters; 120 are allowed."),
        ({"标题": "路灯\x00"}, "标题: This holds a character that cannot be stored (NUL)."),
        ({"内容摘要": "字" * 20_001}, "内容摘要: This has 20001 characters; 20000 are allowed."),
        ({"诉求人": "字" * 41}, "诉求人: This has 41 characters; 40 are allowed."),
        ({"受理时间": ""}, "受理时间: This is empty."),
        ({"受理时间": "昨天"}, "受理时间: This is no date; write 2019-04-25 09:32."),
        ({"受理时间": "0226-11-02"}, "受理时间: A time before 1980 is a slip."),
        ({"受理时间": "2026-11-16 09:15"}, "受理时间: This lies in the future."),
        ({"办结时间": "2026-12-01"}, "办结时间: This lies in the future."),
        ({"办结时间": "2026-11-01 10:00"}, "办结时间: This lies before the report."),
        ({"办结时间": "2026-11-02 09:13"}, "办结时间: This lies before the report."),
        ({"小区": "不存在"}, "小区: “不存在” is not known here."),
        ({"楼栋": "3栋"}, "楼栋: Name the estate as well."),
        ({"事项": "99.9"}, "事项: “99.9” is not known here."),
        ({"来源": "飞鸽"}, "来源: “飞鸽” is not known here."),
        ({"紧急程度": "十万火急"}, "紧急程度: “十万火急” is not known here."),
        ({"主责单位": "不存在"}, "主责单位: “不存在” is not known here."),
    ],
)
def test_a_bad_row_names_the_column(given: dict[str, str], complaint: str) -> None:
    assert problems(**given) == [complaint]


def test_a_bad_row_names_everything_at_once() -> None:
    assert problems(标题="", 小区="不存在", 楼栋="3栋", 受理时间="昨天", 办结时间="明天") == [
        "受理时间: This is no date; write 2019-04-25 09:32.",
        "小区: “不存在” is not known here.",
        "标题: This is empty.",
        "办结时间: This is no date; write 2019-04-25 09:32.",
    ]


def test_a_building_is_looked_for_in_its_own_estate() -> None:
    building, elsewhere = BuildingFactory(name="3 栋"), BuildingFactory(name="4 栋")

    assert problems(小区=building.estate.name, 楼栋=elsewhere.name) == ["楼栋: “4 栋” is not known here."]


def test_a_row_with_surplus_cells_has_slipped() -> None:
    [complaint] = problems(更多="逗号")

    assert complaint.startswith("The row has more cells")

"""A row becomes a mandate, or says all that is wrong with it, by the names of its columns."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from spreadsheets.refusals import RefusedRowError
from stakeholders.duty_list.columns import HEADINGS, Header
from stakeholders.duty_list.directory import DutyDirectory
from stakeholders.duty_list.rows import DutyReader
from stakeholders.models import Mandate, Membership
from tests.factories.cases import item
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    GridFactory,
    MembershipFactory,
    PartyFactory,
    TownFactory,
)
from tests.spreadsheets.files import WIDE
from tests.stakeholders.duty_list.lists import HEADER, duty_row

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, tzinfo=UTC)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def coordinator() -> Membership:
    PartyFactory(code="anju", name="安居物业", name_en="Anju Property")
    return MembershipFactory(coordinator=True)


@pytest.fixture
def donghu():
    """An estate with one building."""
    return BuildingFactory(code="donghu-1", name="1 栋", estate__code="donghu", estate__name="东湖新居").estate


def read(by: Membership, cells: list[object] | None = None, /, **given: object) -> Mandate:
    """Read one row of a list, good but for what is given."""
    header = Header(HEADINGS, 1, HEADER, [], HEADINGS.places(HEADER))
    return DutyReader(header, DutyDirectory(by), by=by, at=NOW).read(cells or duty_row("安居物业", **given))


def problems(by: Membership, **given: object) -> list[str]:
    with pytest.raises(RefusedRowError) as refused:
        read(by, **given)
    return list(refused.value.problems)


def test_row_becomes_a_mandate_that_is_not_saved(coordinator, donghu):
    mandate = read(coordinator, 小区="东湖新居", 截止日期="2026-12-31", 佐证="第 8 条第 2 款")

    assert (mandate.party.code, mandate.role, mandate.basis) == ("anju", "lead", "物业服务合同第 8 条")
    assert (mandate.area, mandate.estate, mandate.building) == (None, donghu, None)
    assert (mandate.need_class, mandate.need_item) == (None, item("3.1"))
    assert (mandate.evidence, mandate.recorded_at, mandate.recorded_by) == ("第 8 条第 2 款", NOW, coordinator)
    assert mandate.pk is None
    mandate.full_clean()


def test_last_day_belongs_to_the_duty(coordinator, donghu):
    mandate = read(coordinator, 小区="donghu", 截止日期="2026-01-01")

    assert (mandate.valid_from, mandate.valid_until) == (NEW_YEAR, NEW_YEAR + timedelta(days=1))


@pytest.mark.parametrize("written", ["", "长期", "open"])
def test_no_last_day_is_an_open_end(coordinator, donghu, written):
    assert read(coordinator, 小区="donghu", 截止日期=written).valid_until is None


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-01",
        "2026年1月1日",
        "2026/1/1",
        "2026.1.1",
        "2026-01-01".translate(WIDE),
        datetime(2026, 1, 1),  # noqa: DTZ001 -- as a spreadsheet gives it
        date(2026, 1, 1),
    ],
)
def test_days_are_read_however_they_are_written(coordinator, donghu, written):
    assert read(coordinator, 小区="donghu", 起始日期=written).valid_from == NEW_YEAR


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "起始日期: This is empty."),
        ("明年", "起始日期: This is no day; write 2026-01-01."),
        ("2026-02-30", "起始日期: This is no day; write 2026-01-01."),
        (46023, "起始日期: This is no day; write 2026-01-01."),
        ("2026-01-01 09:00", "起始日期: Give a day without a time."),
        ("2026-01-01T00:00:00Z", "起始日期: Give a day without a time."),
        ("0026-01-01", "起始日期: A year before 1949 or after 2199 is a slip."),
        ("0001-01-01T00:00:00+14:00", "起始日期: This is no day; write 2026-01-01."),
    ],
)
def test_day_that_is_none_is_refused(coordinator, donghu, written, problem):
    assert problems(coordinator, 小区="donghu", 起始日期=written) == [problem]


@pytest.mark.parametrize("written", ["9999-12-31", "2200-01-01"])
def test_end_of_all_time_is_refused_as_a_slip(coordinator, donghu, written):
    assert problems(coordinator, 小区="donghu", 截止日期=written) == [
        "截止日期: A year before 1949 or after 2199 is a slip."
    ]


def test_end_before_the_beginning_is_refused(coordinator, donghu):
    assert problems(coordinator, 小区="donghu", 截止日期="2025-12-31") == [
        "截止日期: The end must be later than the beginning."
    ]


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("主责", "lead"),
        ("牵头", "lead"),
        ("lead", "lead"),
        ("协办", "support"),
        ("Support", "support"),
        ("监管", "supervise"),
        ("supervision", "supervise"),
        ("兜底", "backstop"),
        ("不属于我", "disclaim"),
        ("不归我管", "disclaim"),
        ("disclaim", "disclaim"),
    ],
)
def test_roles_go_by_the_words_of_offices_and_by_ours(coordinator, donghu, written, role):
    assert read(coordinator, 小区="donghu", 职责=written).role == role


@pytest.mark.parametrize(
    ("given", "matter"),
    [
        ({"事项": "3.1"}, (None, "3.1")),
        ({"事项": 3.1}, (None, "3.1")),
        ({"事项": "垃圾分类与清运"}, (None, "3.1")),
        ({"事项": "Waste sorting and collection"}, (None, "3.1")),
        ({"事项": "3.1", "类别": "环境卫生"}, (None, "3.1")),
        ({"事项": "环境卫生"}, ("3", None)),
        ({"事项": 3}, ("3", None)),
        ({"事项": "", "类别": "3"}, ("3", None)),
        ({"事项": "全部", "类别": "3"}, ("3", None)),
        ({"事项": "3", "类别": "3"}, ("3", None)),
        ({"事项": "全部"}, (None, None)),
        ({"事项": "All"}, (None, None)),
    ],
)
def test_matter_is_an_item_a_class_or_everything(coordinator, donghu, given, matter):
    mandate = read(coordinator, 小区="donghu", **given)

    assert (mandate.need_class and mandate.need_class.code, mandate.need_item and mandate.need_item.code) == matter


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"事项": ""}, "事项: Name an item or a class, or write “all”."),
        ({"事项": "扫雪"}, "事项: “扫雪” is not known here."),
        ({"事项": "3.1", "类别": "1"}, "事项: This is no item of the class Property and housing."),
        ({"事项": "3", "类别": "1"}, "事项: This is another class than Property and housing."),
        ({"事项": "3.1", "类别": "扫雪"}, "类别: “扫雪” is not known here."),
    ],
)
def test_matter_that_contradicts_itself_is_refused(coordinator, donghu, given, problem):
    assert problems(coordinator, 小区="donghu", **given) == [problem]


def test_narrowest_place_counts(coordinator, donghu):
    building = donghu.buildings.get()
    places = {"区划": donghu.area.name, "小区": "东湖新居", "楼栋": "1栋"}

    mandates = [read(coordinator, **dict(list(places.items())[:depth])) for depth in (1, 2, 3)] + [
        read(coordinator, 楼栋="donghu-1")
    ]

    assert [(each.area, each.estate, each.building) for each in mandates] == [
        (donghu.area, None, None),
        (None, donghu, None),
        (None, None, building),
        (None, None, building),
    ]


def test_place_that_contradicts_itself_is_refused(coordinator, donghu):
    other = BuildingFactory(code="xihu-1", name="1 栋", estate__name_en="West Lake").estate
    elsewhere = AreaFactory(name_en="Elsewhere")

    assert problems(coordinator, 小区="donghu", 楼栋="xihu-1") == [
        "楼栋: This building stands in another estate, West Lake."
    ]
    assert problems(coordinator, 小区="donghu", 楼栋="9 栋") == ["楼栋: “9 栋” is not known here."]
    assert problems(coordinator, 小区="donghu", 区划=elsewhere.code) == ["小区: This does not lie in Elsewhere."]
    assert problems(coordinator, 楼栋="xihu-1", 区划=elsewhere.code) == ["楼栋: This does not lie in Elsewhere."]
    assert problems(coordinator, 楼栋="1 栋") == ["楼栋: Name the estate as well."]
    assert problems(coordinator) == ["小区: Name an area, an estate or a building."]
    assert read(coordinator, 小区=other.code, 楼栋="1 栋").building.code == "xihu-1"


def test_place_outside_the_area_of_the_actor_is_refused(coordinator, donghu):
    neighbour = BuildingFactory(
        code="far-1", estate__code="far", estate__grid=GridFactory(area=AreaFactory(code="379926102001"))
    )
    TownFactory(code="379926000000", name="清源县")
    TownFactory(code="379926102000", name="邻镇")

    assert problems(coordinator, 区划="清源县") == ["区划: This lies outside your area, Qinghe Town."]
    assert problems(coordinator, 区划="邻镇") == ["区划: “邻镇” is not known here."]
    assert problems(coordinator, 小区=neighbour.estate.code) == ["小区: “far” is not known here."]
    assert problems(coordinator, 楼栋="far-1") == ["楼栋: Name the estate as well."]


def test_name_of_several_parties_is_refused_and_a_stranger_not_known(coordinator, donghu):
    PartyFactory(name="安居物业")
    PartyFactory(code="afar", area=TownFactory(code="379926102000"))

    assert problems(coordinator, 小区="donghu") == ["责任单位: “安居物业” is the name of several; give the code."]
    assert problems(coordinator, 小区="donghu", 责任单位="afar") == ["责任单位: “afar” is not known here."]
    assert read(coordinator, 小区="donghu", 责任单位="anju").party.code == "anju"


def test_party_that_is_closed_down_when_the_duty_begins_is_refused(coordinator, donghu):
    PartyFactory(code="gone", closed_at=NEW_YEAR)

    assert problems(coordinator, 小区="donghu", 责任单位="gone") == ["责任单位: This party is closed down."]
    assert read(coordinator, 小区="donghu", 责任单位="gone", 起始日期="2025-12-31").party.code == "gone"


def test_row_says_all_that_is_wrong_with_it(coordinator):
    given = {"责任单位": "", "职责": "领导", "小区": "东湖", "事项": "0", "起始日期": "昨天", "依据": "长" * 201}

    assert problems(coordinator, **given) == [
        "责任单位: This is empty.",
        "职责: “领导” is no role; there are: lead, support, supervision, backstop, disclaims.",
        "小区: “东湖” is not known here.",
        "事项: “0” is not known here.",
        "起始日期: This is no day; write 2026-01-01.",
        "依据: This has 201 characters; 200 are allowed.",
    ]


@pytest.mark.parametrize("column", ["依据", "佐证"])
def test_character_that_cannot_be_stored_is_refused(coordinator, donghu, column):
    assert problems(coordinator, 小区="donghu", **{column: "a\x00b"}) == [
        f"{column}: This holds a character that cannot be stored (NUL)."
    ]


def test_row_with_a_cell_too_many_is_refused_and_a_short_one_has_empty_cells(coordinator, donghu):
    row = duty_row("anju", 小区="donghu")

    with pytest.raises(RefusedRowError):
        read(coordinator, [*row, "又一格"])
    with pytest.raises(RefusedRowError, match="起始日期: This is empty"):
        read(coordinator, row[:7])

"""A town's own ledger is taken over: rows with place and item are routed like any case."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.importing.report import ImportReport
from cases.models import Case, Custody, Escalation, Finding
from cases.services.import_cases import import_cases
from stakeholders.models import Building, Mandate
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, PartyFactory, TownFactory
from tests.spreadsheets.files import Rows, csv_file

pytestmark = pytest.mark.django_db

HEADER = ["编号", "来源", "受理时间", "小区", "楼栋", "事项", "标题", "主责单位", "办结时间"]
Role = Mandate.Role


@pytest.fixture
def building() -> Building:
    TownFactory()
    return BuildingFactory(name="3 栋", estate__name="东湖新苑")


def entry(number: int, code: str = "3.1", done: str = "", **given: str) -> list[str]:
    row = {
        "来源": "12345热线",
        "小区": "东湖新苑",
        "楼栋": "3栋",
        "主责单位": "",
        "受理时间": "2026-11-02 09:14",
        **given,
    }
    return [
        str(number),
        row["来源"],
        row["受理时间"],
        row["小区"],
        row["楼栋"],
        code,
        "垃圾满溢",
        row["主责单位"],
        done,
    ]


def take(rows: Rows, **given: object) -> ImportReport:
    return import_cases(csv_file([HEADER, *rows]), name="台账.csv", **given)


def test_an_open_row_goes_to_the_lead_now_and_is_due_from_when_it_arrived(building: Building) -> None:
    mandate = MandateFactory(party__name="安居物业", item="3.1")
    support = MandateFactory(role=Role.SUPPORT)

    take([entry(1)])

    case = Case.objects.get()
    assert (case.stage, case.responsibility, case.lead) == ("dispatched", "held", mandate.party)
    assert (case.need_item, case.building, case.grid, case.urgency) == (item(), building, building.grid, "G")
    lead, supporting = case.custodies.order_by("role")
    assert (lead.party, supporting.party, supporting.role) == (mandate.party, support.party, "support")
    for since in (lead.since, supporting.since):
        assert timezone.now() - since < timedelta(minutes=1)
    assert case.sign_due_at > lead.since
    assert case.deadlines["resolve"]["steps"][0] == {"step": "start", "at": "2026-11-02T09:14:00+08:00"}
    kinds = [(event.seq, event.kind) for event in case.events.order_by("seq")]
    assert kinds == [(1, "imported"), (2, "assigned")]
    assert case.events.get(seq=2).details["lead"] == mandate.party.code


def test_an_open_row_that_nobody_answers_for_is_a_vacuum_with_its_ladder(building: Building) -> None:
    take([entry(1)])

    case = Case.objects.get()
    assert (case.stage, case.responsibility, case.lead) == ("opened", "vacuum", None)
    assert case.findings.get().kind == Finding.Kind.VACUUM
    assert Escalation.objects.filter(case=case).count() == 2
    assert [event.kind for event in case.events.order_by("seq")] == ["imported", "found"]


def test_open_rows_are_routed_as_if_they_had_been_logged(building: Building) -> None:
    codes = {"clear": "3.1", "multi-head": "3.2", "backstop": "3.3", "vacuum": "4.1"}
    for code in ("3.1", "3.2", "3.2"):
        MandateFactory(item=code)
    MandateFactory(item="3.3", role=Role.BACKSTOP)
    MandateFactory(item="3.1", role=Role.SUPPORT)

    take([entry(number, code) for number, code in enumerate(codes.values())])

    for code in codes.values():
        imported = Case.objects.get(need_item__code=code)
        logged = logged_case(building=building, need_item=item(code), at=timezone.now())
        assert _standing(imported) == _standing(logged)


def _standing(case: Case) -> object:
    return (
        case.stage,
        case.responsibility,
        case.lead,
        list(case.custodies.order_by("id").values_list("party", "role")),
        list(case.findings.values_list("kind", "evidence")),
        list(case.escalations.values_list("rule", flat=True)),
        [(event.kind, event.details) for event in case.events.order_by("seq") if event.kind in ("found", "assigned")],
    )


def test_rows_without_place_or_item_wait_to_be_located(building: Building) -> None:
    take(
        [entry(1, 小区="", 楼栋=""), entry(2, code="")],
    )

    nowhere, unclassified = Case.objects.order_by("id")
    assert (nowhere.area, nowhere.estate, nowhere.need_item) == (TownFactory(), None, item())
    assert (unclassified.area_id, unclassified.building) == (building.estate.area_id, building)
    assert Case.objects.to_locate().count() == 2


def test_a_done_row_was_held_by_the_party_it_names(building: Building) -> None:
    party = PartyFactory(name="安居物业")

    take([entry(1, 主责单位="安居物业", done="2026-11-04 10:00"), entry(2, done="2026-11-04 10:00")])

    named, unnamed = Case.objects.order_by("id")
    custody = Custody.objects.get()
    assert (custody.case, custody.party, custody.role, custody.ending) == (named, party, "lead", "closed")
    assert (custody.since, custody.until) == (named.reported_at, named.resolved_at)
    assert (named.stage, named.lead, named.responsibility) == ("closed", party, "held")
    assert (unnamed.stage, unnamed.lead, unnamed.responsibility) == ("closed", None, "held")
    assert named.events.get().details["party"] == party.code


def test_an_open_row_goes_where_the_ledger_says_whoever_it_names(building: Building) -> None:
    lead = MandateFactory(item="3.1").party
    PartyFactory(name="安居物业")

    take([entry(1, 主责单位="安居物业")])

    assert Case.objects.get().lead == lead


def test_the_channel_comes_from_its_column(building: Building) -> None:
    take([entry(1, 来源="网格巡查"), entry(1, 来源="hotline"), entry(1, 来源="来访"), entry(2, 来源="")])

    assert list(Case.objects.order_by("id").values_list("channel", "external_id")) == [
        ("grid", "1"), ("hotline", "1"), ("walk_in", "1"), ("grid", "2"),
    ]  # fmt: skip


def test_rows_that_name_what_is_not_there_are_refused(building: Building) -> None:
    report = take(
        [entry(1), entry(2, 小区="南湖"), entry(3, 楼栋="99栋"), entry(4, code="飞碟"), entry(5, 来源="飞鸽")]
    )

    assert (report.added, [refusal.number for refusal in report.refusals]) == (1, [3, 4, 5, 6])


@pytest.mark.usefixtures("known_rules")
@pytest.mark.parametrize("count", [1, 3])
def test_routing_many_rows_asks_no_more_than_one(
    building: Building, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MandateFactory(item="3.1")
    rows = [entry(number) for number in range(count)]
    rows += [entry(100 + number, "4.1") for number in range(count)]

    with django_assert_num_queries(18):
        take(rows)

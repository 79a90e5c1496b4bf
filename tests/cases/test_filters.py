"""The filters of cases: what each lets through, and that none lets an unknown value pass."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.http import urlencode

from cases.filters import CaseFilter
from cases.models import Case
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from stakeholders.models.need import Urgency
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
)

pytestmark = pytest.mark.django_db


def found(**asked: str) -> list[Case]:
    filterset = CaseFilter(asked, queryset=Case.objects.for_list())
    assert filterset.is_valid(), filterset.errors
    return list(filterset.qs)


def test_case_filter_lets_all_through_without_a_question() -> None:
    case, other = logged_case(), logged_case()

    assert found() == [other, case]
    assert found(stage="", q="", lead="") == [other, case]


def test_case_filter_finds_words_in_any_order() -> None:
    case = logged_case(title="3 栋负一层垃圾满溢")
    logged_case(title="路灯不亮")

    assert found(q="满溢 3 栋") == [case]


def test_case_filter_takes_a_comma_list_as_or() -> None:
    MandateFactory(item="3.1")
    dispatched, opened = logged_case(), logged_case(need_item=item("1.1"))
    handling = sign_for_case(logged_case(), by=MembershipFactory(party=dispatched.lead))

    assert found(stage="dispatched") == [dispatched]
    assert found(stage="opened,handling") == [handling, opened]


def test_case_filter_asks_by_public_code() -> None:
    lead = MandateFactory(item="3.1").party
    case = logged_case()
    logged_case(need_item=item("1.1"))

    assert found(lead=lead.code) == [case]
    assert found(estate=case.estate.code) == [case]
    assert found(building=case.building.code) == [case]
    assert found(need_item="3.1") == [case]
    assert found(need_class="3") == [case]
    assert len(found(need_item="3.1,1.1")) == 2


def test_case_filter_takes_an_area_with_all_it_contains() -> None:
    case, elsewhere = logged_case(), logged_case()

    assert found(area="379926101000") == [elsewhere, case]
    assert found(area=case.area_id) == [case]


def test_case_filter_tells_a_common_area_from_buildings() -> None:
    building, other = BuildingFactory(), BuildingFactory()
    common, inside = logged_case(estate=building.estate), logged_case(building=building)
    logged_case(building=BuildingFactory(estate=building.estate))
    elsewhere = logged_case(building=other)

    assert found(place=f"estate:{building.estate.code}") == [common]
    assert found(place=f"building:{building.code}") == [inside]
    keys = f"estate:{building.estate.code},building:{building.code},building:{other.code}"
    assert found(place=keys) == [elsewhere, inside, common]


def test_case_filter_knows_open_from_ended() -> None:
    case = logged_case()
    ended = logged_case()
    Case.objects.filter(pk=ended.pk).update(stage="void")

    assert found(open="true") == [case]
    assert [each.pk for each in found(open="false")] == [ended.pk]


def test_case_filter_reckons_overdue_now() -> None:
    case = logged_case()

    with time_machine.travel(case.resolve_due_at + timedelta(seconds=1)):
        assert found(overdue="true") == [case]
        assert found(overdue="false") == []
    with time_machine.travel(case.resolve_due_at - timedelta(seconds=1)):
        assert found(overdue="true") == []
        assert found(overdue="false") == [case]


def test_case_filter_agrees_with_the_case_on_what_is_overdue() -> None:
    handler = MembershipFactory(party=MandateFactory(item="3.1").party)
    late = resolve_case(sign_for_case(logged_case(), by=handler), by=handler, reason="x")
    waiting, no_deadline, void, held = (logged_case() for _ in range(4))
    Case.objects.filter(pk=no_deadline.pk).update(resolve_due_at=None)
    Case.objects.filter(pk=void.pk).update(stage="void")
    Case.objects.filter(pk=held.pk).update(stage="on_hold", hold_until=MONDAY)
    now = waiting.resolve_due_at + timedelta(days=365)

    with time_machine.travel(now, tick=False):
        assert {each.pk for each in found(overdue="true")} == {waiting.pk}
        assert {each.pk for each in found(overdue="false")} == {late.pk, no_deadline.pk, void.pk, held.pk}
    assert [each.pk for each in Case.objects.all() if each.overdue_at(now)] == [waiting.pk]
    assert [each.pk for each in Case.objects.all() if each.was_late] == [late.pk]


@pytest.mark.parametrize("words", ["！！！", "。", "---", "_"])
def test_case_filter_finds_nothing_for_mere_punctuation(words: str) -> None:
    logged_case(title="漏水！！！")

    assert found(q=words) == []


def test_case_filter_takes_a_case_without_deadline_as_not_overdue() -> None:
    case = logged_case()
    Case.objects.update(resolve_due_at=None)

    assert found(overdue="false") == [case]


def test_case_filter_finds_open_findings_only() -> None:
    case = logged_case()
    logged_case()
    sweep_clocks(at=case.resolve_due_at + timedelta(days=1))
    case.findings.filter(kind="vacuum").update(cleared_at=case.findings.get(kind="overdue").opened_at)

    assert len(found(finding="overdue")) == 2
    assert len(found(finding="vacuum")) == 1
    assert len(found(finding="vacuum,multi_head")) == 1


def test_case_filter_asks_what_waits_for_a_decision_and_what_is_listed() -> None:
    asked, listed = logged_case(), logged_case()
    Case.objects.filter(pk=asked.pk).update(asked="hold", stage="handling", lead=PartyFactory())
    Case.objects.filter(pk=listed.pk).update(listed_at=MONDAY)

    assert found(asked="hold") == [asked]
    assert found(asked="extension") == []
    assert found(listed="true") == [listed]
    assert found(listed="false") == [asked]


def test_case_filter_compares_moments_half_open() -> None:
    case = logged_case()

    assert found(reported_at__gte=MONDAY.isoformat(), reported_at__lt=(MONDAY + timedelta(1)).isoformat()) == [case]
    assert found(reported_at__lt=MONDAY.isoformat()) == []
    assert found(reported_at__gte=MONDAY.isoformat().replace("+", " ")) == [case]


def test_case_filter_finds_urgency_channel_and_number_elsewhere() -> None:
    case = logged_case(urgency=Urgency.EMERGENCY, channel="hotline", external_id="12345-1")
    logged_case()

    assert found(urgency="E,U") == found(channel="hotline") == found(external_id="12345-1") == [case]
    assert found(responsibility="vacuum", channel="hotline") == [case]


@pytest.mark.parametrize(
    "asked",
    [
        {"stage": "lost"},
        {"stage": "opened,lost"},
        {"responsibility": "nobody"},
        {"lead": "no-such-party"},
        {"lead": "a\0b"},
        {"area": "a\0b"},
        {"stage": "a\0b"},
        {"external_id": "a\0b"},
        {"reported_at__gte": "a\0b"},
        {"estate": "no-such-estate"},
        {"building": "no-such-building"},
        {"place": "estate:no-such-estate"},
        {"place": "no-such-kind:x"},
        {"need_item": "99.9"},
        {"need_item": "3.1,99.9"},
        {"need_class": "99"},
        {"urgency": "X"},
        {"channel": "pigeon"},
        {"area": "999999999999"},
        {"open": "maybe"},
        {"overdue": "1"},
        {"finding": "ghost"},
        {"reported_at__gte": "yesterday"},
        {"reported_at__gte": "2026-11-16"},
        {"reported_at__gte": "2026-11-16T09:00:00"},
        {"updated_at__lt": "2026-13-16T09:00:00+08:00"},
        {"q": "a\0b"},
        {"q": "字" * 201},
    ],
    ids=urlencode,
)
def test_case_filter_refuses_what_it_does_not_know(asked: dict[str, str]) -> None:
    filterset = CaseFilter(asked, queryset=Case.objects.all())

    assert not filterset.is_valid()
    assert list(filterset.errors) == list(asked)


def test_case_filter_asks_nothing_of_the_place_of_others() -> None:
    building = BuildingFactory(estate=EstateFactory())
    logged_case()

    assert found(building=building.code) == []

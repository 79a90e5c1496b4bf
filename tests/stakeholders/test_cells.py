"""Cells in full, held against the ledger asked cell by cell."""

from datetime import UTC, datetime, timedelta

import pytest

from stakeholders.cells import cells_of
from stakeholders.ledger import ledger_at
from stakeholders.models import Estate, Mandate, NeedItem
from tests.factories.cases import item
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MandateFactory, PartyFactory, RulingFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def test_cells_answer_as_the_ledger_does_one_by_one() -> None:
    buildings = [BuildingFactory(), BuildingFactory()]
    BuildingFactory(estate=buildings[0].estate)
    party = PartyFactory()
    for role in Mandate.Role:
        MandateFactory(role=role)
        MandateFactory(role=role, building=buildings[0], item="3.1", valid_from=NOW - DAY)
        MandateFactory(role=role, estate=buildings[1].estate, need_class=item().need_class, valid_until=NOW)
    MandateFactory(party=party, estate=buildings[0].estate)
    MandateFactory(party=party, role=Mandate.Role.DISCLAIM, building=buildings[0])
    RulingFactory(building=buildings[0], need_item=item("1.1"))
    RulingFactory(estate=buildings[1].estate, need_class=item().need_class, valid_from=NOW)
    estates, items = list(Estate.objects.all()), {each.pk: each for each in NeedItem.objects.all()}
    by_key = {each.pk: each for each in estates}

    for at in (NOW - 2 * DAY, NOW - timedelta(microseconds=1), NOW):
        ledger = ledger_at(at, estates=estates)
        told = list(cells_of(estates, items.values(), at))

        assert len(told) == 5 * 31
        for cell in told:
            place = cell.place
            asked = ledger.answer(by_key[place.estate], place.building or None, items[cell.item.need_item])
            assert cell.answer == asked


def test_cells_say_since_when_they_have_stood_so() -> None:
    building = BuildingFactory()
    MandateFactory(building=building, valid_from=NOW - 5 * DAY)
    MandateFactory(role=Mandate.Role.SUPPORT, building=building, valid_from=NOW - 2 * DAY)

    since = [cell.since for cell in cells_of([building.estate], [item()], NOW)]

    assert since == [None, NOW - 5 * DAY]


def test_cells_count_from_where_the_same_party_began_though_it_was_ruled_since() -> None:
    estate, party = EstateFactory(), PartyFactory()
    building = BuildingFactory(estate=estate)
    MandateFactory(party=party, estate=estate, valid_from=NOW - 9 * DAY)
    RulingFactory(lead=party, estate=estate, valid_from=NOW - 7 * DAY, valid_until=NOW - 4 * DAY)
    RulingFactory(building=building, valid_from=NOW - 6 * DAY, valid_until=NOW - 5 * DAY)
    RulingFactory(lead=party, estate=estate, need_item=item(), valid_from=NOW - 2 * DAY)

    def since(at: datetime) -> list[datetime | None]:
        return [cell.since for cell in cells_of([estate], [item()], at)]

    assert since(NOW) == [NOW - 9 * DAY, NOW - 5 * DAY]
    assert since(NOW - 3 * DAY) == [NOW - 9 * DAY, NOW - 5 * DAY]
    assert since(NOW - 6 * DAY) == [NOW - 9 * DAY, NOW - 6 * DAY]
    assert since(NOW - 10 * DAY) == [None, None]


def test_cells_begin_anew_where_the_ruling_is_for_another() -> None:
    estate = EstateFactory()
    MandateFactory(estate=estate, valid_from=NOW - 9 * DAY)
    RulingFactory(estate=estate, valid_from=NOW - 7 * DAY, valid_until=NOW - DAY)

    def since(at: datetime) -> list[datetime | None]:
        return [cell.since for cell in cells_of([estate], [item()], at)]

    assert since(NOW - 2 * DAY) == [NOW - 7 * DAY]
    assert since(NOW) == [NOW - DAY]

"""The same made-up city as rows of a database of its own, which is thrown away afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.db import connection

from benchmarks.city import BEGINNING, City, Draw, area_of
from benchmarks.measure import Size
from stakeholders.coverage import Scope
from stakeholders.layout import Item
from stakeholders.models import Area, Building, Estate, Grid, Mandate, NeedItem, Party, Ruling

BATCH = 2000


@contextmanager
def database() -> Iterator[None]:
    """An empty database beside the one that is configured: a file, or another database of the same server."""
    with TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        configured = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            call_command("seed", verbosity=0)
            yield
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)


def fill(size: Size) -> None:
    """Write towns of 50 estates and their ledger."""
    items = [Item(item.need_class_id, item.pk) for item in NeedItem.objects.all()]
    draw = Draw(50 * size.towns, size.buildings, size.records_of_towns, items)
    city = draw.city()
    _places(city)
    parties = range(1, 3 * draw.estates + 1)
    town = Area.objects.order_by("code")[0]
    Party.objects.bulk_create(
        Party(pk=number, code=f"party-{number}", name=f"{number}", kind=Party.Kind.PROPERTY, area=town)
        for number in parties
    )
    _records(city)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without it the planner would guess how many rows there are


def _places(city: City) -> None:
    estates = sorted({place.estate for place in city.layout.places})
    communities = {area_of(estate) for estate in estates}
    codes = {code[:digits].ljust(12, "0") for code in communities for digits in (4, 9, 12)}
    Area.objects.bulk_create(Area(code=code, name=code) for code in sorted(codes))
    Grid.objects.bulk_create(Grid(code=f"{code}001", name=code, area_id=code) for code in sorted(communities))
    Estate.objects.bulk_create(
        Estate(pk=each, code=f"e{each}", name=f"{each}", kind=Estate.Kind.OLD, area_id=code, grid_id=f"{code}001")
        for each, code in ((each, area_of(each)) for each in estates)
    )
    Building.objects.bulk_create(
        Building(pk=each.building, code=f"b{each.building}", name="", estate_id=each.estate, grid_id=f"{each.area}001")
        for each in city.layout.places
        if each.building
    )


def _records(city: City) -> None:
    """Rows are known since the beginning; a party that is closed down has ended its records already."""
    claims = [
        Mandate(party_id=claim.party, role=claim.duty, basis="合同", recorded_at=BEGINNING, **_columns(claim.scope))
        for claim, _period in city.claims
    ]
    decisions = [
        Ruling(lead_id=each.lead, decided_at=each.decided_at, recorded_at=BEGINNING, **_columns(each.scope))
        for each, _period in city.decisions
    ]
    for rows, dated in ((claims, city.claims), (decisions, city.decisions)):
        for row, (_record, period) in zip(rows, dated, strict=True):
            row.valid_from, row.valid_until = period
    Mandate.objects.bulk_create((row for row in claims if _lasts(row)), BATCH)
    Ruling.objects.bulk_create((row for row in decisions if _lasts(row)), BATCH)


def _lasts(row: Mandate | Ruling) -> bool:
    return row.valid_until is None or row.valid_from < row.valid_until


def _columns(scope: Scope) -> dict[str, Any]:
    return {
        "area_id": scope.area.ljust(12, "0") if scope.area else None,
        "estate_id": scope.estate,
        "building_id": scope.building,
        "need_class_id": scope.need_class,
        "need_item_id": scope.need_item,
    }

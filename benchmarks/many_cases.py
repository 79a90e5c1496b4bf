"""Any number of made-up cases as rows of a database of its own: one statement, so that a million takes a minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from cases.models import Case
from stakeholders.models import Area, Building, Estate, Grid, NeedItem, Party

OPENED_AT = datetime(2026, 11, 2, 1, tzinfo=UTC)
NEVER = OPENED_AT + timedelta(days=3650)
PARTIES = 40


def fill(count: int) -> None:
    """Write open cases in handling that fall due in ten years, each with the first line of its history."""
    area = Area.objects.create(code="440106001001", name="东湖社区")
    grid = Grid.objects.create(code="440106001001001", name="一", area=area)
    estate = Estate.objects.create(code="donghu", name="东湖", kind=Estate.Kind.OLD, area=area, grid=grid)
    building = Building.objects.create(code="donghu-1", name="1", estate=estate, grid=grid)
    above = Party.objects.create(code="town", name="镇政府", kind=Party.Kind.STREET, area=area)
    parties = [
        Party(code=f"party-{number}", name=f"{number}", kind=Party.Kind.PROPERTY, area=area, supervisor=above)
        for number in range(PARTIES)
    ]
    Party.objects.bulk_create(parties)
    item = NeedItem.objects.get(code="3.1")
    given: dict[str, Any] = {
        "title": "垃圾满溢",
        "description": "",
        "channel": Case.Channel.GRID,
        "external_id": "",
        "need_item_id": item.pk,
        "urgency": "G",
        "area_id": area.pk,
        "grid_id": grid.pk,
        "estate_id": estate.pk,
        "building_id": building.pk,
        "location_note": "",
        "reporter_name": "",
        "reporter_phone": "",
        "reporter_is_anonymous": False,
        "stage": Case.Stage.HANDLING,
        "responsibility": Case.Responsibility.HELD,
        "returns": 0,
        "handoffs": 0,
        "passed_before": 0,
        "reworks": 0,
        "cycle": 1,
        "asked": "",
        "reported_at": OPENED_AT,
        "opened_at": OPENED_AT,
        "signed_at": OPENED_AT,
        "contacted_at": OPENED_AT,
        "acted_at": NEVER,
        "resolve_due_at": NEVER,
        "next_check_at": NEVER,
        "due_is_provisional": False,
        "deadlines": "{}",
        "search_text": "垃圾满溢",
        "version": 1,
        "head_seq": 1,
        "head_digest": "0" * 64,
        "created_at": OPENED_AT,
        "updated_at": OPENED_AT,
    }
    columns, values = ", ".join(given), ", ".join(["%s"] * len(given))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case ({columns}, number, lead_id) SELECT {values}, "  # noqa: S608 -- our own names
            "'AZ-' || lpad(n::text, 8, '0'), (%s::bigint[])[1 + n %% %s] FROM generate_series(1, %s) AS n",
            [*given.values(), [party.pk for party in parties], PARTIES, count],
        )
        cursor.execute(
            "INSERT INTO cases_caseevent (case_id, seq, kind, at, details, digest, recorded_at, published_at) "
            "SELECT id, 1, 'reported', %s, '{}', head_digest, %s, %s FROM cases_case",
            [OPENED_AT] * 3,
        )
        cursor.execute("ANALYZE")

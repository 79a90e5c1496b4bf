"""What clients of the API wait for, from the real server: gunicorn with two workers. On PostgreSQL.

The list and the report are asked over HTTP, one after the other, as a client would; the feed is pulled to its end. Raw
is psycopg with hand-written SQL in this process, and orjson where there is something to write.
"""

import http.client
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.many_cases import OPENED_AT, fill
from benchmarks.measure import Result, Size
from benchmarks.towns import database
from cases.changes import number_changes
from cases.models import Case
from settle_gov.parts import web_command
from stakeholders.models import Area, Mandate, Membership, Party, User
from stakeholders.roles import Role
from stakeholders.services.issue_token import issue_token

SIZES = (10_000, 100_000, 1_000_000)
ASKED = 60  # times a list is asked for, and a case reported
PULLED = 20  # pages of the feed
PAGE = 1_000
PORT = 8765
API = "/api/v1/"
LIST = "cases/?page_size=50"

FEED = """
SELECT seq, kind, record, key, is_deleted, at FROM cases_change WHERE seq > %s ORDER BY seq LIMIT %s
"""
CASES = """
SELECT c.id, c.number, c.title, c.description, item.code, estate.code, building.code, household.code,
    c.location_note, c.grid_id, c.area_id, c.urgency, c.channel, c.external_id, c.stage, lead.code, c.responsibility,
    c.reported_at, c.opened_at, c.sign_due_at, c.contact_due_at, c.resolve_due_at, c.due_is_provisional, c.signed_at,
    c.contacted_at, c.resolved_at, c.closed_at, main.number, c.returns, c.handoffs, c.verified_at, c.rated_at,
    c.reopened_at, c.hold_until, person.username, c.asked, c.listed_at, c.cycle, c.reworks, c.updated_at, c.version
FROM cases_case c
LEFT JOIN stakeholders_needitem item ON item.id = c.need_item_id
LEFT JOIN stakeholders_estate estate ON estate.id = c.estate_id
LEFT JOIN stakeholders_building building ON building.id = c.building_id
LEFT JOIN stakeholders_household household ON household.id = c.household_id
LEFT JOIN stakeholders_party lead ON lead.id = c.lead_id
LEFT JOIN cases_case main ON main.id = c.main_case_id
LEFT JOIN stakeholders_membership charge ON charge.id = c.in_charge_id
LEFT JOIN stakeholders_user person ON person.id = charge.user_id
WHERE c.id = ANY(%s) AND c.area_id BETWEEN %s AND %s
"""
BESIDE = (
    "SELECT case_id, id, kind, since, opened_at FROM cases_finding WHERE case_id = ANY(%s) AND cleared_at IS NULL",
    "SELECT case_id, party.code FROM cases_custody JOIN stakeholders_party party ON party.id = party_id "
    "WHERE case_id = ANY(%s) AND until IS NULL AND role = 'support'",
    "SELECT case_id, opened_at, level_id, level_due_at FROM cases_dispute WHERE case_id = ANY(%s) "
    "AND settled_at IS NULL",
)


def measure(size: Size) -> Iterator[Result]:
    """At three sizes the list and the report; at the largest the feed and the whole list as a file."""
    if connection.vendor != "postgresql":
        return
    lists = []
    for cases in SIZES:
        with database():
            fill(cases)
            with served(_token()) as server:
                lists.append(_list(server))
                yield _report(server, cases)
                if cases == SIZES[-1]:
                    yield _feed(server)
                    yield _export(server, cases)
    for cases, (seconds, late, queries) in zip(SIZES, lists, strict=True):
        note = f"raw: p50 at 10,000; p95 {late:.3f} s; {queries} queries (aim 8)"
        yield Result(f"list of 50 among {cases:,}", seconds, lists[0][0], "s", 1.3, note)


@dataclass
class Server:
    """The running server, and who asks."""

    token: str
    process: "subprocess.Popen[bytes]"
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def ask(self, path: str, body: Any = None, **headers: str) -> bytes:
        """One request on a connection of its own."""
        fixed = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)) as line:
            line.request("POST" if body else "GET", API + path, json.dumps(body) if body else None, fixed | headers)
            response = line.getresponse()
            text = response.read()
        if response.status not in {200, 201}:
            raise RuntimeError(text.decode())
        return text

    def memory(self) -> float:
        """The most that one of the workers ever held, in MiB."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return max(_peak(Path(f"/proc/{child}/status").read_text()) for child in children)


def _peak(status: str) -> float:
    (line,) = (each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


@contextmanager
def served(token: str) -> Iterator[Server]:
    """The server in front of the database of the moment."""
    there = connection.settings_dict
    url = f"postgres://{there['USER']}:{there['PASSWORD']}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
    more = {"DATABASE_URL": url, "LOG_LEVEL": "ERROR", "RATE_MEMBER": "0"}
    command = [each for each in web_command("127.0.0.1", PORT) if each not in {"--access-logfile", "-"}]
    process = subprocess.Popen(command, env=os.environ | more, cwd=settings.BASE_DIR)  # noqa: S603 -- our own
    server = Server(token, process)
    try:
        _await(server)
        yield server
    finally:
        process.terminate()
        process.wait()


def _await(server: Server) -> None:
    for _turn in range(200):
        try:
            server.ask("health/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError


def _token() -> str:
    """A token of the coordinator of the area, who sees every case; and a mandate, so that a report is routed."""
    area, town = Area.objects.get(code="440106001001"), Party.objects.get(code="town")
    user = User.objects.create_user("bench")
    by = Membership.objects.create(user=user, party=town, role=Role.COORDINATOR, area=area)
    Mandate.objects.create(
        party=Party.objects.get(code="party-1"),
        role=Mandate.Role.LEAD,
        area=area,
        valid_from=OPENED_AT,
        basis="合同",
        recorded_by=by,
    )
    _token, secret = issue_token(by, name="bench")
    return secret


def _taken(work: Callable[[], object], times: int = ASKED) -> list[float]:
    work()
    taken = []
    for _turn in range(times):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return taken


def _list(server: Server) -> tuple[float, float, int]:
    """Median and 95th percentile of the first page in seconds, and its queries."""
    taken = _taken(lambda: server.ask(LIST))
    client = Client(headers={"authorization": f"Bearer {server.token}", "host": "127.0.0.1"})
    client.get(API + LIST)
    with CaptureQueriesContext(connection) as asked:
        client.get(API + LIST)
    return median(taken), quantiles(taken, n=20)[-1], len(asked)


def _feed(server: Server) -> Result:
    """Rows per second of the changes of cases, pulled over HTTP, against the same rows by hand."""
    number_changes()
    while number_changes():
        pass
    with psycopg.connect(**connection.get_connection_params()) as raw:
        pages = [position * PAGE for position in range(PULLED)]
        ours, other = [], []
        for after in pages:
            ours.append(_seconds(lambda after=after: server.ask(f"changes/?after={after}&page_size={PAGE}")))  # type: ignore[misc]
            other.append(_seconds(lambda after=after: _pulled(raw, after)))  # type: ignore[misc]
    note = f"rows a second {PAGE / median(ours):,.0f} against {PAGE / median(other):,.0f}: at least 0.35 of raw"
    return Result(f"feed, page of {PAGE:,}, {SIZES[-1]:,} cases", median(ours), median(other), "s", 1 / 0.35, note)


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _pulled(raw: "psycopg.Connection[Any]", after: int) -> bytes:
    """A page by hand: the changes, the cases with all codes, what lies beside them, written as JSON."""
    changes = raw.execute(FEED, [after, PAGE]).fetchall()
    keys = [record for _seq, kind, record, *_rest in changes if kind == "case"]
    found = raw.execute(CASES, [keys, "440000000000", "440999999999"])
    names = [each.name for each in found.description or ()]
    cases = {row[0]: dict(zip(names, row, strict=True)) for row in found}
    beside: list[dict[int, list[Any]]] = []
    for statement in BESIDE:
        rows: dict[int, list[Any]] = {}
        for key, *values in raw.execute(statement, [keys]):
            rows.setdefault(key, []).append(values)
        beside.append(rows)
    told = [
        {
            "cursor": str(seq),
            "kind": kind,
            "id": key,
            "op": "upsert",
            "at": at,
            "object": cases.get(record, {}) | {"beside": [each.get(record) for each in beside]},
        }
        for seq, kind, record, key, _gone, at in changes
    ]
    return orjson.dumps({"results": told})


def _report(server: Server, cases: int) -> Result:
    """A report over HTTP against the same rows written by hand."""
    ours = _taken(lambda: server.ask("cases/", _body(next(server.numbers))))
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as raw:
        other = _taken(lambda: _written(raw, next(server.numbers)))
    client = Client(headers={"authorization": f"Bearer {server.token}", "host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as asked:
        client.post(API + "cases/", _body(next(server.numbers)), content_type="application/json")
    note = f"p95 {quantiles(ours, n=20)[-1]:.3f} s; {len(asked)} queries (aim 15)"
    return Result(f"report among {cases:,} cases", median(ours), median(other), "s", 4, note)


def _body(number: int) -> dict[str, Any]:
    return {
        "title": "垃圾满溢",
        "description": "三天没有清运",
        "estate": "donghu",
        "building": "donghu-1",
        "need_item": "3.1",
        "channel": "hotline",
        "external_id": f"bench-{number}",
        "reporter": {"name": "刘桂兰", "phone": "13800002607"},
    }


def _written(raw: "psycopg.Connection[Any]", number: int) -> None:
    """The rows of a report: its number, the case, its custody, and four lines of history."""
    model: dict[str, Any] = dict(Case.objects.order_by("id").values()[0])
    with raw.transaction():
        raw.execute(
            "INSERT INTO cases_numberseries (day, last) VALUES ('2026-11-03', 1) "
            "ON CONFLICT (day) DO UPDATE SET last = cases_numberseries.last + 1 RETURNING last"
        )
        given = {name: value for name, value in model.items() if name not in {"id", "deadlines"}}
        given |= {
            "number": f"RAW-{number}",
            "external_id": f"raw-{number}",
            "search_text": "垃圾满溢",
            "deadlines": "{}",
        }
        columns, values = ", ".join(given), ", ".join(["%s"] * len(given))
        [key] = raw.execute(
            f"INSERT INTO cases_case ({columns}) VALUES ({values}) RETURNING id",  # noqa: S608 -- our own names
            list(given.values()),
        ).fetchone() or [0]
        raw.execute(
            "INSERT INTO cases_custody (case_id, party_id, role, since, ending) VALUES (%s, %s, 'lead', now(), '')",
            [key, given["lead_id"]],
        )
        with raw.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO cases_caseevent (case_id, seq, kind, at, details, digest, recorded_at) "
                "VALUES (%s, %s, 'reported', now(), '{}', %s, now())",
                [(key, seq, "0" * 64) for seq in range(1, 4)],
            )


def _export(server: Server, cases: int) -> Result:
    """The memory of the worker that streams everything as lines of JSON; raw is the limit."""
    rows = 0
    with closing(http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)) as line:
        headers = {"Authorization": f"Bearer {server.token}", "Accept": "application/x-ndjson"}
        line.request("GET", API + "cases/", headers=headers)
        response = line.getresponse()
        began = perf_counter()
        while part := response.read(1 << 20):
            rows += part.count(b"\n")
    note = f"{rows:,} rows, {rows / (perf_counter() - began):,.0f} a second; raw is the limit"
    return Result(f"memory of a file of {cases:,} cases", server.memory(), 300, "MiB", 1, note)

"""Thirty changes of the ledger over three years, against a table of episodes worked out by hand.

Read the script from above with a finger on one cell, and the table of that cell tells what the ledger must say. Five
parties: P the property company, C the residents' committee, V the village, U urban management, S the street office.
Two items of class 3: waste (3.1) and the other one (3.2).
"""

from datetime import UTC, datetime

import pytest
import time_machine

from stakeholders.coverage import State
from stakeholders.ledger import history_of
from stakeholders.models import Mandate, NeedClass, Party
from stakeholders.segments import STATES, History, moment
from stakeholders.services.record_mandate import record_mandate
from stakeholders.services.rule_on_scope import rule_on_scope
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.factories.cases import item
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MembershipFactory, PartyFactory, TownFactory

pytestmark = pytest.mark.django_db

# On which day who wrote what: for records who, as what, where, for what, from, until before.
SCRIPT = """
2023-01-05  record    s1   S  backstop  town    all    2023-01-01  -
2023-01-10  record    p1   P  lead      estate  class  2023-02-01  2024-02-01
2023-02-10  record    c1   C  lead      town    waste  2023-03-01  -
2023-03-15  record    pd1  P  disclaim  estate  waste  2023-04-01  -
2023-04-20  record    v1   V  lead      house1  waste  2023-05-01  2023-09-01
2023-05-05  rule      r1   C  lead      house1  waste  2023-06-01  2023-08-01
2023-06-10  record    u1   U  lead      town    class  2023-07-01  2023-10-01
2023-07-03  withdraw  u1
2023-07-03  record    u2   U  lead      town    other  2023-07-01  2023-10-01
2023-08-12  withdraw  pd1
2023-08-12  record    pd2  P  disclaim  estate  waste  2023-05-01  2023-12-01
2023-09-20  record    v2   V  lead      house2  all    2023-10-01  2024-07-01
2023-10-11  rule      r2   P  lead      estate  other  2023-11-01  2024-05-01
2023-11-15  rule      r3   V  lead      town    class  2023-12-01  2024-03-01
2024-01-08  record    p2   P  lead      estate  class  2024-02-01  2025-02-01
2024-02-02  withdraw  c1
2024-02-02  record    c2   C  lead      town    waste  2023-03-01  2024-02-15
2024-03-10  record    vd1  V  disclaim  house2  other  2024-03-15  -
2024-04-02  rule      r4   C  lead      house1  waste  2024-04-10  2024-05-10
2024-04-22  rule      r5   U  lead      house1  waste  2024-04-25  2024-05-20
2024-06-03  record    u3   U  lead      house2  other  2024-06-10  -
2024-07-01  close     U    2024-09-01
2024-08-05  withdraw  s1
2024-08-05  record    s2   S  backstop  town    all    2023-01-01  2024-08-01
2024-09-09  record    c3   C  backstop  estate  waste  2024-09-01  -
2024-10-10  record    v3   V  lead      estate  waste  2024-10-15  2025-09-01
2024-11-11  withdraw  p2
2024-11-11  record    p3   P  lead      estate  class  2024-02-01  2024-12-01
2025-01-20  rule      r6   S  lead      town    all    2025-02-01  2025-06-01
2025-11-20  record    c4   C  lead      town    waste  2025-12-01  -
"""

# From which day on who stands: leads, (backstops), a party named by a ruling*, - for nobody; as known on four days.
# That U was closed down is no record of the ledger: it holds whatever was known.
EPISODES = {
    "2023-06-30": {
        "common area, waste": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-03-01  C P
            2023-04-01  C
            2023-07-01  C U
            2023-10-01  C
        """,
        "house1, waste": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-03-01  C P
            2023-04-01  C
            2023-05-01  C V
            2023-06-01  C*
            2023-08-01  C U V
            2023-09-01  C U
            2023-10-01  C
        """,
        "house2, other": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-07-01  P U
            2023-10-01  P
            2024-02-01  (S)
        """,
    },
    "2023-12-31": {
        "common area, waste": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-03-01  C P
            2023-05-01  C
            2023-12-01  V*
            2024-03-01  C
        """,
        "house1, waste": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-03-01  C P
            2023-05-01  C V
            2023-06-01  C*
            2023-08-01  C V
            2023-09-01  C
            2023-12-01  V*
            2024-03-01  C
        """,
        "house2, other": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-07-01  P U
            2023-10-01  P V
            2023-11-01  P*
            2024-05-01  V
            2024-07-01  (S)
        """,
    },
    "2024-10-31": {
        "common area, waste": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-03-01  C P
            2023-05-01  C
            2023-12-01  V*
            2024-03-01  P
            2024-10-15  P V
            2025-02-01  V
            2025-09-01  (C)
        """,
        "house1, waste": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-03-01  C P
            2023-05-01  C V
            2023-06-01  C*
            2023-08-01  C V
            2023-09-01  C
            2023-12-01  V*
            2024-03-01  P
            2024-04-10  C*
            2024-04-25  U*
            2024-05-20  P
            2024-10-15  P V
            2025-02-01  V
            2025-09-01  (C)
        """,
        "house2, other": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-07-01  P U
            2023-10-01  P V
            2023-11-01  P*
            2024-05-01  P
            2024-06-10  P U
            2024-09-01  P
            2025-02-01  -
        """,
    },
    "2025-12-31": {
        "common area, waste": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-03-01  C P
            2023-05-01  C
            2023-12-01  V*
            2024-03-01  P
            2024-10-15  P V
            2024-12-01  V
            2025-02-01  S*
            2025-06-01  V
            2025-09-01  (C)
            2025-12-01  C
        """,
        "house1, waste": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-03-01  C P
            2023-05-01  C V
            2023-06-01  C*
            2023-08-01  C V
            2023-09-01  C
            2023-12-01  V*
            2024-03-01  P
            2024-04-10  C*
            2024-04-25  U*
            2024-05-20  P
            2024-10-15  P V
            2024-12-01  V
            2025-02-01  S*
            2025-06-01  V
            2025-09-01  (C)
            2025-12-01  C
        """,
        "house2, other": """
            always      -
            2023-01-01  (S)
            2023-02-01  P
            2023-07-01  P U
            2023-10-01  P V
            2023-11-01  P*
            2024-05-01  P
            2024-06-10  P U
            2024-09-01  P
            2024-12-01  -
            2025-02-01  S*
            2025-06-01  -
        """,
    },
}


def on(day: str) -> datetime | None:
    return None if day in {"-", "always"} else datetime.fromisoformat(day).replace(tzinfo=UTC)


class Town:
    """The places, parties and items that the script names, and what was recorded so far."""

    def __init__(self) -> None:
        self.estate = EstateFactory()
        self.houses = {name: BuildingFactory(estate=self.estate, name=name) for name in ("house1", "house2")}
        self.items = {"waste": item("3.1"), "other": item("3.2")}
        self.parties = {name: PartyFactory(name=name, name_en="") for name in "PCVUS"}
        self.coordinator = MembershipFactory(coordinator=True)
        self.mandates: dict[str, Mandate] = {}
        self.where = {"town": {"area": TownFactory()}, "estate": {"estate": self.estate}}
        self.where |= {name: {"building": house} for name, house in self.houses.items()}
        self.what = {"all": {}, "class": {"need_class": NeedClass.objects.get(code="3")}}
        self.what |= {name: {"need_item": each} for name, each in self.items.items()}

    def play(self, line: str) -> None:
        """Let one line of the script happen on its day."""
        day, verb, name, *rest = line.split()
        with time_machine.travel(on(day), tick=False):
            if verb == "withdraw":
                withdraw_mandate(self.mandates.pop(name), by=self.coordinator)
            elif verb == "close":
                Party.objects.filter(pk=self.parties[name].pk).update(closed_at=on(rest[0]))
            else:
                self.write(verb, name, *rest)

    def write(self, verb: str, name: str, party: str, role: str, where: str, what: str, *times: str) -> None:
        since, until = map(on, times)
        given = self.where[where] | self.what[what] | {"valid_from": since, "valid_until": until}
        if verb == "rule":
            rule_on_scope(self.parties[party], reason="会议纪要", by=self.coordinator, **given)
        else:
            self.mandates[name] = record_mandate(
                self.parties[party], role=role, basis="合同", by=self.coordinator, **given
            )

    def cell(self, name: str, told: History) -> int:
        """The number of a cell named as in the tables."""
        where, what = name.split(", ")
        building = self.houses[where].pk if where in self.houses else 0
        cells = map(told.layout.cell, range(told.layout.size))
        named = [(place.building, each.need_item) for place, each in cells]
        return named.index((building, self.items[what].pk))

    def episodes(self, name: str, told: History) -> list[list[str]]:
        """The stretches of a cell, written as in the tables."""
        segments = told.segments.where(told.segments.cell == self.cell(name, told))
        names = {party.pk: name for name, party in self.parties.items()}
        lines = []
        for number, parties in enumerate(told.parties(segments)):
            who = sorted(names[party] for party in parties) or ["-"]
            since = moment(segments.since[number])
            if STATES[segments.state[number]] is State.BACKSTOP:
                who = [f"({' '.join(who)})"]
            ruled = "*" if segments.is_ruled[number] else ""
            lines.append([f"{since:%Y-%m-%d}" if since else "always", " ".join(who) + ruled])
        return lines


def test_history_as_known_on_each_day_is_the_table_of_that_day() -> None:
    town = Town()
    for line in SCRIPT.strip().splitlines():
        town.play(line)

    known = [history_of([town.estate], town.items.values(), as_known_on=day) for day in (*map(on, EPISODES), None)]

    *_, last = EPISODES.values()
    tables = [*EPISODES.values(), last]  # nothing was written since the last day
    assert [{name: town.episodes(name, told) for name in table} for told, table in zip(known, tables, strict=True)] == [
        {name: [line.split(maxsplit=1) for line in lines.strip().splitlines()] for name, lines in table.items()}
        for table in tables
    ]

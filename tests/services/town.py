"""A small town with its people and its cases; these functions run in processes of the system under test."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from celery import current_app
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, close_old_connections, transaction

from cases import bookkeeping
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.routing import NewRoutes
from cases.rulebook import Rulebook
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.log_case import log_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.sign_for_case import sign_for_case
from cases.services.void_case import void_case
from stakeholders.models import Building, Membership, NeedItem, Party
from stakeholders.roles import Role
from stakeholders.services.close_party import close_party
from tests.factories.stakeholders import (
    BuildingFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    TokenFactory,
)

LONG_AGO = datetime(2026, 1, 5, 1, tzinfo=UTC)
DUE = datetime(2026, 1, 12, 9, tzinfo=UTC)  # so long ago that the whole ladder is due
ITEM = "1.1"
CHUNK = 500


def build(*, handlers: int = 1, coordinators: int = 1) -> None:
    """One building; a party that leads for lighting, with a party above it, and a coordinator of the town.

    Each person has a token: `handler-0`, `coordinator-0` and so on.
    """
    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    above = PartyFactory(code="above")
    lead = MandateFactory(item=ITEM, party__code="lead", party__supervisor=above).party
    PartyFactory(code="other")
    BuildingFactory(estate__code="estate")
    MembershipFactory(party=above)
    for number in range(handlers):
        _person(f"handler-{number}", party=lead)
    office = PartyFactory(code="office", kind=Party.Kind.STREET)
    for number in range(coordinators):
        _person(f"coordinator-{number}", party=office, role=Role.COORDINATOR)


def _person(name: str, **given: object) -> None:
    TokenFactory(secret=name, membership=MembershipFactory(user__username=name, **given))


def person(name: str) -> Membership:
    return Membership.objects.select_related("party", "area").get(user__username=name)


def fall_due(count: int, *, at: datetime = DUE) -> None:
    """Add cases of the lead that all fall due within this minute."""
    building = Building.objects.select_related("estate__area", "grid").get()
    item, rules, first = NeedItem.objects.get(code=ITEM), Rulebook(), Case.objects.count()
    cases = [
        Case(
            number=f"AZ-20260105-{first + n:05}",
            title="灯不亮",
            area=building.estate.area,
            grid=building.grid,
            estate=building.estate,
            building=building,
            need_item=item,
            stage=Case.Stage.OPENED,
            responsibility=Case.Responsibility.UNLOCATED,
            reported_at=LONG_AGO,
            opened_at=LONG_AGO,
            resolve_due_at=at + timedelta(minutes=1) * n / count,
        )
        for n in range(count)
    ]
    for start in range(0, count, CHUNK):
        _add(cases[start : start + CHUNK], rules)


@transaction.atomic
def _add(cases: list[Case], rules: Rulebook) -> None:
    routes = NewRoutes(cases, rules, at=LONG_AGO)
    lines = routes.lines
    bookkeeping.begin([(case, [Line(CaseEvent.Kind.REPORTED, LONG_AGO), *lines[case.number]]) for case in cases])
    routes.save()


def close_lead() -> None:
    """The party that leads is closed down: its cases must become open vacuums."""
    close_party(Party.objects.get(code="lead"), closed_at=datetime(2026, 1, 6, tzinfo=UTC))


def log(**given: object) -> Case:
    """Log a case as a coordinator does."""
    building = Building.objects.select_related("estate__area", "grid").get()
    values = {
        "title": "灯不亮",
        "building": building,
        "estate": building.estate,
        "need_item": NeedItem.objects.get(code=ITEM),
        "by": person("coordinator-0"),
    }
    return log_case(**values | given)


def work_in_the_background() -> None:
    """Run every periodic job once."""
    current_app.loader.import_default_modules()
    for entry in current_app.conf.beat_schedule.values():
        current_app.tasks[entry["task"]]()


def finish_all() -> None:
    """Bring every case to an end, each in one of the ways that there are."""
    ways = itertools.cycle([_close, _close_after_rework, _close_by_another, _void])
    for case in Case.objects.select_related("lead").order_by("pk"):
        next(ways)(case)


def _close(case: Case) -> None:
    by = person("handler-0")
    resolve_case(sign_for_case(case, by=by), reason="已修复", by=by)
    close_case(case, reason="看过", by=person("coordinator-0"))


def _close_after_rework(case: Case) -> None:
    by = person("handler-0")
    resolve_case(sign_for_case(case, by=by), reason="已修复", by=by)
    rework_case(case, reason="仍不亮", by=person("coordinator-0"))
    resolve_case(case, reason="再次修复", by=by)
    close_case(case, reason="看过", by=person("coordinator-0"))


def _close_by_another(case: Case) -> None:
    return_case(case, ground="不归我们", by=person("handler-0"))
    reassign_case(case, lead=Party.objects.get(code="lead"), reason="首接负责", by=person("coordinator-0"))
    _close(case)


def _void(case: Case) -> None:
    reassign_case(case, lead=Party.objects.get(code="other"), reason="首接负责", by=person("coordinator-0"))
    void_case(case, reason="误报", by=person("coordinator-0"))


def live(until: Path) -> None:
    """Log cases and act on them until a file is there; print how many were logged, and how often an error was told.

    A case whose logging ends in an error may be there or not, as with every server that goes away: nobody was told.
    """
    logged = failed = 0
    while not until.exists():
        close_old_connections()
        try:
            case = log()
            logged += 1
            comment_on_case(case, reason="已问过", by=person("coordinator-0"))
            _close(case)
        except (DatabaseError, InterfaceError):
            failed += 1
    print(logged, failed)  # noqa: T201 -- for the test that has started this process

"""GET /api/v1/changes/ about what there is no more: told to whoever may have a copy of it, and to nobody else."""

from dataclasses import dataclass
from itertools import permutations

import pytest
from django.db import connection

from cases.models import Case, Custody, Finding
from cases.services.locate_case import locate_case
from stakeholders.models import Membership
from tests.cases.api.following import Copy
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import AreaFactory, BuildingFactory, GridFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    """A case without a history, which alone can be deleted, and what lies beside it; and those who see it or do not."""

    case: Case
    finding: Finding
    custody: Custody
    readers: dict[str, Membership]

    def copies(self) -> dict[str, Copy]:
        copies = {name: Copy(membership) for name, membership in self.readers.items()}
        for copy in copies.values():
            copy.follow()
        return copies


INSIDE = {"coordinator", "grid worker", "handler"}


@pytest.fixture
def scene() -> Scene:
    building = BuildingFactory()
    area, far = building.estate.area, AreaFactory(code="110105001001")
    case = Case.objects.create(
        number="AZ-1",
        title="垃圾满溢",
        area=area,
        grid=building.grid,
        estate=building.estate,
        building=building,
        need_item=item(),
        responsibility="held",
        reported_at=MONDAY,
        search_text="",
    )
    handler = MembershipFactory(area=far)
    custody = Custody.objects.create(case=case, party=handler.party, role="lead", since=MONDAY)
    finding = Finding.objects.create(case=case, kind="unsigned", since=MONDAY, opened_at=MONDAY)
    readers = {
        "coordinator": MembershipFactory(coordinator=True, area=area),
        "grid worker": MembershipFactory(grid_worker=True, grid=building.grid),
        "handler": handler,
        "coordinator elsewhere": MembershipFactory(coordinator=True, area=far),
        "grid worker beside it": MembershipFactory(grid_worker=True, grid=GridFactory(area=area)),
        "handler without a part": MembershipFactory(area=area),
    }
    return Scene(case, finding, custody, readers)


def told(copies: dict[str, Copy]) -> dict[str, set[tuple[str, str]]]:
    """What is told to whom from now on, and that everybody's copy is right with it."""
    found = {name: {(row["kind"], row["op"]) for row in copy.follow()} for name, copy in copies.items()}
    for copy in copies.values():
        fresh = Copy(copy.membership)
        fresh.follow()
        assert copy.records == fresh.records
    return {name: rows for name, rows in found.items() if rows}


def delete(*tables_and_keys: tuple[str, int]) -> None:
    """By hand, in this order: keys are checked when all is done."""
    with connection.cursor() as cursor:
        for table, key in tables_and_keys:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [key])  # noqa: S608 -- our own names


def test_finding_that_is_gone_is_told_to_those_who_saw_it(scene: Scene) -> None:
    copies = scene.copies()

    delete(("cases_finding", scene.finding.pk))

    assert told(copies) == {name: {("finding", "delete"), ("case", "upsert")} for name in INSIDE}


def test_custody_that_is_gone_takes_the_case_out_of_the_sight_of_its_party(scene: Scene) -> None:
    copies = scene.copies()

    delete(("cases_custody", scene.custody.pk))

    whole = {("custody", "delete"), ("case", "delete"), ("finding", "delete")}
    others = {("custody", "delete"), ("case", "upsert"), ("finding", "upsert")}
    assert told(copies) == {"coordinator": others, "grid worker": others, "handler": whole}


def test_custody_that_is_gone_leaves_the_case_to_a_party_with_another_one(scene: Scene) -> None:
    Custody.objects.create(case=scene.case, party=scene.custody.party, role="candidate", since=MONDAY)
    copies = scene.copies()

    delete(("cases_custody", scene.custody.pk))

    assert told(copies) == {name: {("custody", "delete")} for name in INSIDE}


@pytest.mark.parametrize("order", [*permutations(["case", "finding", "custody"])], ids=" ".join)
def test_case_that_is_gone_is_gone_with_all_that_lay_beside_it(scene: Scene, order: tuple[str, ...]) -> None:
    copies = scene.copies()

    delete(*((f"cases_{kind}", getattr(scene, kind).pk) for kind in order))

    found = told(copies)
    gone = {("case", "delete"), ("finding", "delete"), ("custody", "delete")}
    assert {name: found[name] & gone for name in found} == dict.fromkeys(INSIDE, gone)


def test_case_that_was_moved_is_gone_only_from_where_it_lay(scene: Scene) -> None:
    by, other = MembershipFactory(coordinator=True), BuildingFactory()
    case = logged_case(building=scene.case.building, by=by)
    Custody.objects.create(case=case, party=scene.custody.party, role="support", since=MONDAY)
    copies = scene.copies()

    locate_case(case, estate=other.estate, building=other, need_item=item(), by=by)

    found = told(copies)
    assert {name: ("case", "delete") in rows for name, rows in found.items()} == {
        "coordinator": True,
        "grid worker": True,
        "handler": False,
    }

"""Everything that an address of the API can name: once where a member works, and once far away."""

import gzip
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cases.models import BulkJob, CaseImport, DeadlineRule, EscalationRule, Finding
from cases.services.attach_file import attach_file
from stakeholders.models import Building, Episode, Household, Membership, Party
from stakeholders.roles import Role
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.cases import logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    GridFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    ResidentFactory,
    RulingFactory,
)
from tests.factories.webhooks import delivery_of, webhook_of
from tests.photos import photo

FAR = "110105001001"
Keys = dict[str, dict[str, str]]  # what stands in an address, by the first word of the address and the parameter


@dataclass
class World:
    """A place with a case and all that belongs to one, and bodies that name it."""

    building: Building
    keys: Keys
    bodies: dict[str, dict[str, Any]]


def member_of(role: Role, building: Building) -> Membership:
    """Somebody in that role whose work is there; whoever handles cases does so for the party that leads there."""
    if role is Role.GRID_WORKER:
        return MembershipFactory(grid_worker=True, grid=building.grid, area=building.grid.area)
    if role is Role.HANDLER:
        return MembershipFactory(party=Party.objects.get(code="lead"))
    return MembershipFactory(role=role, party=PartyFactory())


def near() -> Building:
    """A building in the town of everybody, and the party that leads there."""
    building = BuildingFactory()
    MandateFactory(item="3.1", party__code="lead")
    return building


def far() -> Building:
    """A building in a province where nobody of the town has any business."""
    area = AreaFactory(code=FAR)
    return BuildingFactory(estate__grid=GridFactory(area=area))


def world(building: Building, owner: Membership) -> World:
    """Make everything that can be named there; what belongs to somebody is the owner's."""
    area = building.estate.area
    coordinator = MembershipFactory(coordinator=True, area=area, party=PartyFactory(area=area))
    case = logged_case(building=building, by=coordinator)
    attach_file(case, file=photo(), kind="before", by=coordinator)
    finding = Finding.objects.create(case=case, kind="unsigned", since=case.opened_at, opened_at=case.opened_at)
    mandate = MandateFactory(building=building, party=PartyFactory(area=area))
    ruling = RulingFactory(building=building, lead=mandate.party)
    refresh_episodes()
    webhook = webhook_of(owner)
    delivery = delivery_of(webhook, case)
    job = BulkJob.objects.create(kind=BulkJob.Kind.CREATE, by=owner, total=1, language="en")
    sent = _checked(owner)
    code, resident = {"code": building.code}, ResidentFactory(household__building=building)
    keys = {
        "areas": {"code": area.code},
        "buildings": code,
        "bulk": {"id": str(job.pk)},
        "cases": {"number": case.number, "id": str(case.attachments.get().pk)},
        "coverage": {"id": str(Episode.objects.filter(building=building).earliest("pk").pk)},
        "deadline-rules": {"id": str(DeadlineRule.objects.earliest("pk").pk)},
        "escalation-rules": {"id": str(EscalationRule.objects.earliest("pk").pk)},
        "estates": {"code": building.estate.code},
        "findings": {"id": str(finding.pk)},
        "grids": {"code": building.grid.code},
        "households": {"code": resident.household.code},
        "imports": {"id": str(sent.pk)},
        "mandates": {"id": str(mandate.pk)},
        "need-classes": {"code": "3"},
        "need-items": {"code": "3.1"},
        "parties": {"code": mandate.party.code},
        "public": {"number": case.number},
        "residents": {"id": str(resident.pk)},
        "rulings": {"id": str(ruling.pk)},
        "work-calendar": {"date": "2026-12-01", "year": "2027"},
        "webhooks": {"id": str(webhook.pk), "delivery": str(delivery.uuid)},
    }
    return World(building, keys, _bodies(building, mandate.party, resident.household))


def _checked(owner: Membership) -> CaseImport:
    """A ledger that was checked; no row of it was left out."""
    at = timezone.now()
    content = "留言编号,留言用户,留言主题,留言时间,留言详情,答复时间\n".encode()
    about = {"name": "messages.csv", "content": content, "size": len(content), "mapping": "messages", "language": "en"}
    about |= {"refused_file": gzip.compress(content), "unread": []}
    return CaseImport.objects.create(**about, area=owner.area, by=owner, state=CaseImport.State.CHECKED, checked_at=at)


def _bodies(building: Building, party: Party, household: Household) -> dict[str, dict[str, Any]]:
    """What is sent to make something there; where an operation is not named an empty body does."""
    scope = {"building": building.code, "valid_from": "2026-01-01T00:00:00+08:00"}
    step = {"trigger": "overdue", "amount": 30, "unit": "working_day", "action": "remind"}
    report = {"title": "路灯不亮", "building": building.code}
    estate, area, grid = building.estate.code, building.estate.area_id, building.grid_id
    named = {"code": "new", "name": "新"}
    return {
        "areas_create": {"code": f"{area[:9]}998", "name": "新社区"},
        "buildings_create": named | {"estate": estate, "grid": grid},
        "estates_create": named | {"kind": "old", "area": area, "grid": grid},
        "grids_create": {"code": f"{area}998", "name": "新网格", "area": area},
        "households_create": {"code": "new", "building": building.code, "room": "101", "kind": "tenant"},
        "need_classes_create": {"code": "99", "name": "新", "position": 99},
        "need_items_create": {
            **{"code": "3.99", "name": "新", "need_class": "3", "position": 99},
            **{"usual_lead_kind": "STREET", "urgency": "G"},
        },
        "parties_create": named | {"kind": "OTHER", "area": area},
        "residents_create": {"household": household.code, "name": "陈桂英"},
        "bulk_create": {"kind": "create", "rows": [report]},
        "cases_create": report,
        "coverage_what_if_create": {"mandates": [scope | {"party": party.code, "role": "lead"}]},
        "deadline_rules_create": {"clock": "resolve", "amount": 3, "unit": "hour", "estate": building.estate.code},
        "escalation_rules_create": step,
        "mandates_end": {"until": "2030-01-01T00:00:00+08:00"},
        "mandates_create": scope | {"party": party.code, "role": "support", "basis": "合同"},
        "public_cases_create": report,
        "residents_reveal": {"reason": "回访"},
        "rulings_create": scope | {"lead": party.code, "reason": "例会"},
        "webhooks_create": {"url": "https://hooks.example/"},
    }

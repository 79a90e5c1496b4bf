"""Cases, made by the services that make them in earnest."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cases.models import Case
from cases.services.log_case import log_case
from stakeholders.models import NeedItem
from tests.factories.stakeholders import BuildingFactory, MembershipFactory

MONDAY = datetime(2026, 11, 16, 9, 14, tzinfo=ZoneInfo("Asia/Shanghai"))


def item(code: str = "3.1") -> NeedItem:
    """A seeded need item by its code."""
    return NeedItem.objects.get(code=code)


def logged_case(**given: Any) -> Case:
    """A case about waste in some building, logged on a Monday morning by a coordinator of the town."""
    building = given.pop("building", None) or (BuildingFactory() if "estate" not in given else None)
    values: dict[str, Any] = {
        "title": "垃圾满溢、污水外流",
        "estate": building.estate if building else None,
        "building": building,
        "need_item": item(),
        "at": MONDAY,
    }
    values |= given
    if "by" not in values:
        values["by"] = MembershipFactory(coordinator=True)
    return log_case(**values)

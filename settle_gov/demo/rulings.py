"""The decisions of the demo: matters that were disputed until the coordinator ruled, and go by themselves since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.services.settle_scope import settle_scope
from cases.worktime import WorkCalendar
from settle_gov.demo.duties import GRANARY, HEYUAN
from settle_gov.demo.places import Places
from settle_gov.demo.replay import Story
from stakeholders.models import Membership, NeedItem, Party


@dataclass(frozen=True)
class RulingPlan:
    """A ruling on one item at one estate, so many days before the demo is loaded."""

    days_ago: int
    item: str
    estate: str
    lead: str
    document_no: str
    reason: str


RULINGS = [
    RulingPlan(
        155,
        "3.1",
        GRANARY,
        "chengguan",
        "清禾纪要〔{year}〕12号",
        "没有物业公司：居委会组织收集，城管中队每天清运；保洁费由镇里按户补助。",
    ),
    RulingPlan(
        46,
        "3.1",
        HEYUAN,
        "anju",
        "清禾纪要〔{year}〕27号",
        "小区内收集归物业（合同第 8 条），清运由城管中队协办。",
    ),
]


@dataclass(frozen=True)
class Coordinator:
    """Tells of the rulings."""

    places: Places
    parties: dict[str, Party]
    by: Membership
    calendar: WorkCalendar

    def rule(self, plan: RulingPlan, now: datetime) -> Story:
        """Rule, and give what has waited for it to the one who leads from now on."""
        at = self.calendar.add_work_time(now - timedelta(days=plan.days_ago), timedelta(hours=2, minutes=17))
        yield at
        estate, lead = self.places.estate[plan.estate], self.parties[plan.lead]
        item = NeedItem.objects.get(code=plan.item)
        document_no = plan.document_no.format(year=at.year)
        settle_scope(
            lead, estate=estate, need_item=item, reason=plan.reason, document_no=document_no, by=self.by, at=at
        )

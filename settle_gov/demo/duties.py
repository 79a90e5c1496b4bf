"""Who answers for what in the demo: mostly one party, and the honest exceptions.

A township of this kind has matters that two or three parties claim, matters that nobody has, duties that stop at some
buildings, and papers that have run out. Each of them stands in `DUTIES` with the paper it comes from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from settle_gov.demo.places import CHENGGUAN, DONGHU, SHUANGQIAO, TOWN, Places
from stakeholders.models import Mandate, Membership, NeedClass, NeedItem, Party
from stakeholders.services.record_mandate import record_mandate

LEAD, SUPPORT, SUPERVISE = Mandate.Role.LEAD, Mandate.Role.SUPPORT, Mandate.Role.SUPERVISE
BACKSTOP, DISCLAIM = Mandate.Role.BACKSTOP, Mandate.Role.DISCLAIM

EAST_LAKE, HEYUAN, GRANARY = "donghu-xinju", "heyuan-xincun", "liangzhan-sushe"

LONG_AGO = -900  # when the lists and contracts of today came into force
WRITTEN_DOWN_AFTER = timedelta(days=3, hours=10)
LATEST_ENTRY = timedelta(days=20)  # even what begins next month was written down before this


@dataclass(frozen=True)
class Duty:
    """One line of the ledger.

    `on` names classes ("3") and items ("3.1"); `at` an area, an estate or, with `buildings`, some of its buildings;
    `since` and `until` count days from the day the demo is loaded. `{year}` in the basis is the year it began.
    """

    party: str
    role: Mandate.Role
    on: str
    at: str
    basis: str
    buildings: tuple[int, ...] = ()
    since: int = LONG_AGO
    until: int | None = None
    evidence: str = ""


CITY_APPEARANCE_LAW = "城市市容和环境卫生管理条例§28、§34"
COMMITTEE_LAW = "城市居民委员会组织法§10；清禾镇居委会依法履职清单（{year} 版）"

THE_TOWN = [
    Duty("town", LEAD, "5.2 6.1 7.1 7.2 10.2", TOWN, "清禾镇履行职责事项清单（{year} 版）第 21 至 25 项"),
    Duty("town", LEAD, "11.2", TOWN, "物业管理条例§10；清禾镇履行职责事项清单（{year} 版）第 31 项"),
    Duty("civil", LEAD, "8.1 8.2 9.1 9.3", TOWN, "清禾镇履行职责事项清单（{year} 版）第 46 至 49 项"),
    Duty("justice", LEAD, "6.2", TOWN, "人民调解法§8；法律援助法§43"),
    Duty("utility", LEAD, "2.2", TOWN, "物业管理条例§51；供水供电供气合同第 6 条"),
    Duty("urban", LEAD, "3.1", TOWN, "镇权责清单（{year} 版）第 37 项", since=-98),
    Duty("urban", SUPERVISE, "3.2 3.3", TOWN, CITY_APPEARANCE_LAW),
    Duty("housing", SUPERVISE, "1", TOWN, "镇权责清单（{year} 版）第 12 项"),
    Duty("police", SUPPORT, "4 6.2", TOWN, "清禾平安办纪要〔{year}〕2号"),
]
EAST_LAKE_HOMES = [
    Duty("anju", LEAD, "1 3", EAST_LAKE, "东湖新居物业服务合同第 8 条"),
    Duty("anju", LEAD, "2.1 2.3 8.3", EAST_LAKE, "东湖新居物业服务合同第 9 条"),
    Duty("anju", LEAD, "4.1 4.3 5.1", EAST_LAKE, "东湖新居物业服务合同第 11 条"),
    Duty(
        "anju",
        DISCLAIM,
        "2.1",
        EAST_LAKE,
        "东湖新居物业服务合同第 3 条",
        buildings=(9, 10),
        since=-240,
        evidence="9、10 栋周边道路和路灯未验收、未移交，合同写明不在服务范围内。",
    ),
    Duty("platform", LEAD, "1.1", EAST_LAKE, "建设工程质量管理条例§40、§41（保修期内）", buildings=(6, 7, 8, 9, 10)),
    Duty("platform", LEAD, "2.3", EAST_LAKE, "充电设施建设移交协议第 4 条", since=-260),
    Duty("donghu", LEAD, "6.3 9.2 10.3 11.1 11.3", DONGHU, COMMITTEE_LAW),
    Duty("donghu", SUPPORT, "3 8", DONGHU, COMMITTEE_LAW),
    Duty("donghu", LEAD, "3.1", EAST_LAKE, "清禾移交纪要〔{year}〕4号", since=-440),
    Duty("donghu", LEAD, "5.1", EAST_LAKE, "居民会议决议〔{year}〕3号", since=-310),
    Duty("civil", LEAD, "8.3", EAST_LAKE, "室外健身器材接收登记表（{year} 年）", since=-620),
    Duty("village", LEAD, "10.1", EAST_LAKE, "村集体文体广场管理协议第 2 条"),
    Duty("village", LEAD, "7.2", EAST_LAKE, "村集体经营性用房租赁合同第 5 条", since=-500),
    Duty("village", LEAD, "8.3 11.3", EAST_LAKE, "村民委员会组织法§26、§30；村民代表会议决议〔{year}〕6号", since=-400),
]
HEYUAN_NEW_VILLAGE = [
    Duty("anju", LEAD, "1 3", HEYUAN, "禾苑新村物业服务合同第 8 条"),
    Duty("anju", LEAD, "2.1 2.3 8.3 9.2 10.1", HEYUAN, "禾苑新村物业服务合同第 9 条"),
    Duty("anju", LEAD, "4.1 4.2 5.1", HEYUAN, "禾苑新村物业服务合同第 11 条"),
    Duty(
        "anju",
        LEAD,
        "4.3",
        HEYUAN,
        "禾苑新村秩序维护补充协议第 2 条",
        until=-70,
        evidence="补充协议到期未续签，夜间值守费用没有着落。",
    ),
    Duty("police", LEAD, "4.1", HEYUAN, "清禾平安办纪要〔{year}〕9号：消防通道联合整治", since=-130),
    Duty("platform", LEAD, "2.2", HEYUAN, "二次供水设施移交备忘录（{year} 年）：7、8 栋未移交", buildings=(7, 8)),
    Duty(
        "chengguan",
        LEAD,
        "6.3 10.3 11.1",
        SHUANGQIAO,
        "清禾镇党委会议纪要〔{year}〕7号",
        since=-380,
        evidence="双桥社区居委会选举前，居民服务由城关社区居委会代管。",
    ),
]
GRANARY_DORMITORIES = [
    Duty("housing", LEAD, "1.1", GRANARY, "直管公房修缮责任书（{year} 年）"),
    Duty("chengguan", LEAD, "1.2 1.3", GRANARY, "准物业服务公约第 3 条", since=-540),
    Duty("chengguan", LEAD, "4.3 6.3 9.2 10.3 11.1 11.3", CHENGGUAN, COMMITTEE_LAW),
    Duty("chengguan", SUPPORT, "3 8", CHENGGUAN, COMMITTEE_LAW),
    Duty("police", LEAD, "4.1", GRANARY, "清禾平安办纪要〔{year}〕5号", since=-420),
    Duty("town", BACKSTOP, "3 10", CHENGGUAN, "属地兜底：清禾镇党委会议纪要〔{year}〕2号", since=-700),
    Duty(
        "urban",
        LEAD,
        "2.1",
        GRANARY,
        "清禾移交纪要〔{year}〕18号",
        since=12,
        evidence="红线外道路和路灯自移交之日起由城管中队管养。",
    ),
]
DUTIES = [*THE_TOWN, *EAST_LAKE_HOMES, *HEYUAN_NEW_VILLAGE, *GRANARY_DORMITORIES]


class LedgerOfDemo:
    """Writes the duties of the demo as the coordinator would have done, each a little after it came into force."""

    def __init__(self, places: Places, parties: dict[str, Party], *, by: Membership, now: datetime) -> None:
        self.places, self.parties, self.by, self.now = places, parties, by, now
        self.midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self.matters: dict[str, dict[str, Any]] = {
            **{each.code: {"need_class": each} for each in NeedClass.objects.all()},
            **{each.code: {"need_item": each} for each in NeedItem.objects.all()},
        }

    def write(self) -> None:
        """Record every duty for each of its matters and places."""
        for duty in DUTIES:
            for place in self._places(duty):
                for code in duty.on.split():
                    self._record(duty, **place, **self.matters[code])

    def _record(self, duty: Duty, **scope: Any) -> None:
        valid_from = self.midnight + timedelta(days=duty.since)
        valid_until = None if duty.until is None else self.midnight + timedelta(days=duty.until)
        record_mandate(
            self.parties[duty.party],
            role=duty.role,
            basis=duty.basis.format(year=valid_from.year),
            evidence=duty.evidence,
            valid_from=valid_from,
            valid_until=valid_until,
            by=self.by,
            at=min(valid_from + WRITTEN_DOWN_AFTER, self.now - LATEST_ENTRY),
            **scope,
        )

    def _places(self, duty: Duty) -> Iterator[dict[str, Any]]:
        if duty.buildings:
            yield from ({"building": self.places.building[duty.at, number]} for number in duty.buildings)
        elif duty.at in self.places.areas:
            yield {"area": self.places.areas[duty.at]}
        else:
            yield {"estate": self.places.estate[duty.at]}

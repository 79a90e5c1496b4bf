"""Cases that every visitor should meet, whatever chance brings: a dispute, a vacuum, what is due soon and overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.models import Case
from cases.worktime import ZONE, WorkCalendar
from settle_gov.demo.duties import EAST_LAKE, GRANARY, HEYUAN
from settle_gov.demo.places import Places
from settle_gov.demo.reports import Plot, Report, Reporters, Text

JUST_NOW = timedelta(minutes=25)


@dataclass(frozen=True)
class Scene:
    """A report so many working days before the last one, and how its story goes."""

    days_ago: int
    clock: time
    item: str
    estate: str
    building: int | None
    plot: Plot
    title: str
    description: str
    done: str = ""


SCENES = [
    Scene(
        12, time(9, 50), "8.2", EAST_LAKE, None, Plot.STALLED,
        "健康档案转不过来", "迁来半年，十几位老人的慢病档案还在原卫生院，配药要两头跑。",
    ),
    Scene(
        9, time(11, 10), "1.1", HEYUAN, 4, Plot.STALLED,
        "4 栋屋面漏雨", "顶楼三户天花板滴水，卧室灯槽进水，已用盆接着。",
    ),
    Scene(
        7, time(15, 20), "3.3", GRANARY, 2, Plot.STALLED,
        "2 号楼楼道堆煤球柴火", "一到三楼拐角都是煤球和木柴，火星一点就着。",
    ),
    Scene(
        6, time(10, 30), "6.3", GRANARY, 1, Plot.STALLED,
        "1 号楼独居老人需要陪同看病", "老人八十三岁独居，下周要去县医院复查，子女在外地。",
    ),
    Scene(
        2, time(10, 5), "4.1", HEYUAN, None, Plot.WAITING,
        "南门消防通道停满车", "通道两侧停满，消防车试过进不来。物业说没有执法权，派出所说归物业管。",
    ),
    Scene(
        9, time(9, 40), "2.1", GRANARY, None, Plot.WAITING,
        "大门外路灯不亮、路面塌陷", "出大门右转二十米塌了一块，三盏路灯都不亮，问过两家，都说红线外不归自己。",
    ),
    Scene(
        6, time(15, 5), "4.3", HEYUAN, None, Plot.WAITING,
        "夜间没有人值守", "从补充协议到期起，晚上九点后两个门岗都没有人，上周又丢了两块电瓶。",
    ),
    Scene(
        5, time(10, 20), "3.2", HEYUAN, None, Plot.STALLED,
        "下沉广场绿化枯死补植", "下沉广场一圈灌木枯死，露出黄土，风一吹满地灰。",
    ),
    Scene(
        4, time(9, 14), "3.1", EAST_LAKE, 3, Plot.DISPUTED,
        "3 栋负一层垃圾满溢、污水外流", "负一层垃圾间三天没清，污水流到电梯口，住户已经打过两次电话。",
    ),
    Scene(
        4, time(14, 30), "1.2", HEYUAN, None, Plot.STALLED,
        "上半年公共收益没有公示", "业主代表第三次问快递柜和广告收入，希望这个月给说法。",
    ),
    Scene(
        3, time(10, 40), "8.3", EAST_LAKE, None, Plot.WAITING,
        "中心广场漫步机松动", "一条腿的螺栓掉了，人站上去就晃。民政、物业、村里都登记过，都说等对方来修。",
    ),
    Scene(
        6, time(11, 5), "3.2", EAST_LAKE, None, Plot.TO_VERIFY,
        "东门草皮踩秃", "东门口草皮被抄近路踩出一条泥沟。", "已补植草皮，铺汀步石十二块。",
    ),
    Scene(
        2, time(16, 10), "1.3", HEYUAN, 2, Plot.STALLED,
        "2 栋电梯停运，老人无法下楼", "电梯停在 5 楼，二单元有两位坐轮椅的老人。",
    ),
    Scene(
        2, time(9, 25), "3.3", EAST_LAKE, 5, Plot.UNSIGNED,
        "5 栋楼道堆放电动车", "一楼门厅停了六辆，有两辆正在充电。",
    ),
    Scene(
        1, time(15, 30), "2.1", EAST_LAKE, 4, Plot.STALLED,
        "4 栋东侧路灯不亮", "东侧两盏灯不亮，放学的孩子要打手电。",
    ),
    Scene(
        0, time(16, 50), "3.3", HEYUAN, 6, Plot.UNSIGNED,
        "6 栋二单元平台堆满纸箱", "平台只剩一人宽，昨天还有人在旁边抽烟。",
    ),
    Scene(
        11, time(9, 30), "3.3", EAST_LAKE, 2, Plot.SETTLED,
        "2 栋地下室杂物堆积", "地下室通道堆满旧家具，物业说归居委会，居委会说归物业。",
        "通道已清空，旧家具运走两车。",
    ),
    Scene(
        8, time(10, 15), "1.1", EAST_LAKE, 6, Plot.ON_HOLD,
        "6 栋外墙渗水", "西山墙渗水，三户墙皮脱落，需要搭脚手架。",
    ),
    Scene(
        5, time(9, 20), "11.1", HEYUAN, None, Plot.PETITION,
        "联名来信：安置补差没有算清", "二十一户联名来信，要求说明安置面积补差怎么算的。",
    ),
    Scene(
        4, time(10, 50), "3.2", HEYUAN, None, Plot.LEFT,
        "中心花园喷灌坏了", "喷头坏了六个，草坪已经发黄。",
    ),
    Scene(
        3, time(9, 5), "3.1", EAST_LAKE, 3, Plot.DUPLICATE,
        "3 栋负一层又有污水", "和前几天报的是一个地方，污水还在流。",
    ),
]  # fmt: skip


def scenes(reporters: Reporters, places: Places, calendar: WorkCalendar, now: datetime) -> Iterator[Report]:
    """The reports that the scenes begin with, none later than just now."""
    today = _last_working_day(calendar, now)
    for scene in SCENES:
        day = _working_days_before(calendar, today, scene.days_ago)
        estate = places.estate[scene.estate]
        yield reporters.word(
            Text(scene.building is not None, "", scene.title, scene.description, scene.done),
            min(datetime.combine(day, scene.clock, ZONE), now - JUST_NOW),
            item=scene.item,
            estate=estate,
            building=places.building[scene.estate, scene.building] if scene.building else None,
            channel=Case.Channel.GRID,
            plot=scene.plot,
        )


def _last_working_day(calendar: WorkCalendar, now: datetime) -> date:
    """Today once the offices are open on a working day, else the working day before."""
    today = now.date()
    has_begun = now.time() >= calendar.hours[0][0]
    return today if has_begun and calendar.is_working_day(today) else _working_days_before(calendar, today, 1)


def _working_days_before(calendar: WorkCalendar, day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day

"""Where the demo plays: a town of three communities and a village, three estates, 24 buildings, their households."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from random import Random

from stakeholders.models import Area, Building, Estate, Grid, Household, Party, Resident

TOWN = "379926101000"
SHUANGQIAO, DONGHU, CHENGGUAN, DONGHU_VILLAGE = "379926101001", "379926101002", "379926101003", "379926101201"

AREAS = [
    ("370000000000", "东原省", "Dongyuan Province"),
    ("379900000000", "云川市", "Yunchuan City"),
    ("379926000000", "禾阳县", "Heyang County"),
    (TOWN, "清禾镇", "Qinghe Town"),
    (SHUANGQIAO, "双桥社区", "Twin Bridges Community"),
    (DONGHU, "东湖社区", "East Lake Community"),
    (CHENGGUAN, "城关社区", "Chengguan Community"),
    (DONGHU_VILLAGE, "东湖村", "East Lake Village"),
]


@dataclass(frozen=True)
class EstatePlan:
    """An estate as it is to be built; its buildings are shared out evenly among the grids."""

    code: str
    name: str
    name_en: str
    kind: Estate.Kind
    area: str
    grids: int
    buildings: int
    building_name: str
    has_property_company: bool
    households: dict[Household.Kind, int]  # how often each kind occurs
    spots: tuple[str, ...]  # what people call the corners of its common area


ESTATES = [
    EstatePlan(
        code="donghu-xinju",
        name="东湖新居",
        name_en="East Lake Homes",
        kind=Estate.Kind.VILLAGE_TO_RESIDENTS,
        area=DONGHU,
        grids=2,
        buildings=10,
        building_name="{} 栋",
        has_property_company=True,
        households={Household.Kind.VILLAGER: 7, Household.Kind.RELOCATED: 1, Household.Kind.TENANT: 2},
        spots=("东门", "西门", "中心广场", "老槐树旁", "景观塘边", "南侧围墙"),
    ),
    EstatePlan(
        code="heyuan-xincun",
        name="禾苑新村",
        name_en="Heyuan New Village",
        kind=Estate.Kind.RESETTLEMENT,
        area=SHUANGQIAO,
        grids=2,
        buildings=8,
        building_name="{} 栋",
        has_property_company=True,
        households={Household.Kind.VILLAGER: 3, Household.Kind.RELOCATED: 5, Household.Kind.TENANT: 2},
        spots=("北门", "南门", "下沉广场", "地下车库入口", "风雨连廊", "配套商铺前"),
    ),
    EstatePlan(
        code="liangzhan-sushe",
        name="粮站宿舍",
        name_en="Granary Dormitories",
        kind=Estate.Kind.OLD,
        area=CHENGGUAN,
        grids=1,
        buildings=6,
        building_name="{} 号楼",
        has_property_company=False,
        households={Household.Kind.OTHER: 6, Household.Kind.TENANT: 4},
        spots=("大门口", "后院", "锅炉房旧址", "仓库墙根", "巷口"),
    ),
]

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN_NAMES = (
    "桂兰秀英玉珍淑芬凤霞春梅红艳丽华建国志强德胜永福国庆长海广田守信明远俊杰"
    "文博晓东思远佳怡雨桐子轩欣然浩然静怡海燕立新金生来福兴旺树林保田秋月爱华"
)  # two characters each
FLOORS = 6
UNITS = 2


@dataclass
class Places:
    """The places of the demo, with what the stories look up again and again."""

    areas: dict[str, Area]
    grids: list[Grid]
    estates: list[Estate]
    buildings: list[Building]
    residents: list[Resident]

    @cached_property
    def town(self) -> Area:
        """The town itself."""
        return self.areas[TOWN]

    @cached_property
    def estate(self) -> dict[str, Estate]:
        """Estates by code."""
        return {estate.code: estate for estate in self.estates}

    @cached_property
    def building(self) -> dict[tuple[str, int], Building]:
        """Buildings by code of the estate and number."""
        return {
            (estate.code, number): building
            for estate in self.estates
            for number, building in enumerate(self.buildings_of[estate.pk], start=1)
        }

    @cached_property
    def buildings_of(self) -> dict[int, list[Building]]:
        """Buildings by the id of their estate."""
        buildings = defaultdict(list)
        for building in self.buildings:
            buildings[building.estate_id].append(building)
        return buildings

    @cached_property
    def residents_of(self) -> dict[int, list[Resident]]:
        """Residents by the id of their building."""
        residents = defaultdict(list)
        for resident in self.residents:
            residents[resident.household.building_id].append(resident)
        return residents


def make_areas() -> dict[str, Area]:
    """Write the divisions, from the province down to the communities."""
    areas = Area.objects.bulk_create(Area(code=code, name=name, name_en=name_en) for code, name, name_en in AREAS)
    return {area.code: area for area in areas}


def make_places(areas: dict[str, Area], property_company: Party, chance: Random) -> Places:
    """Write grids, estates, buildings, households and residents."""
    grids = {plan.code: _grids(plan, areas[plan.area]) for plan in ESTATES}
    Grid.objects.bulk_create(grid for some in grids.values() for grid in some)
    estates = Estate.objects.bulk_create(
        Estate(
            code=plan.code,
            name=plan.name,
            name_en=plan.name_en,
            kind=plan.kind,
            area=areas[plan.area],
            grid=grids[plan.code][0],
            property_party=property_company if plan.has_property_company else None,
        )
        for plan in ESTATES
    )
    buildings = Building.objects.bulk_create(
        building
        for plan, estate in zip(ESTATES, estates, strict=True)
        for building in _buildings(plan, estate, grids[plan.code])
    )
    kinds = {estate.pk: plan.households for plan, estate in zip(ESTATES, estates, strict=True)}
    households = Household.objects.bulk_create(
        household for building in buildings for household in _households(building, kinds[building.estate_id], chance)
    )
    residents = Resident.objects.bulk_create(
        resident for household in households for resident in _residents(household, chance)
    )
    return Places(areas, [grid for some in grids.values() for grid in some], estates, buildings, residents)


def _grids(plan: EstatePlan, area: Area) -> list[Grid]:
    return [
        Grid(code=f"{area.code}{number:03}", name=f"{area.name} {number:02} 网格", area=area)
        for number in range(1, plan.grids + 1)
    ]


def _buildings(plan: EstatePlan, estate: Estate, grids: list[Grid]) -> list[Building]:
    return [
        Building(
            code=f"{plan.code}-{number:02}",
            name=plan.building_name.format(number),
            estate=estate,
            grid=grids[(number - 1) * len(grids) // plan.buildings],
        )
        for number in range(1, plan.buildings + 1)
    ]


def _households(building: Building, kinds: dict[Household.Kind, int], chance: Random) -> list[Household]:
    rooms = sorted(
        chance.sample([(u, f, r) for u in range(1, UNITS + 1) for f in range(1, FLOORS + 1) for r in (1, 2)], 6)
    )
    return [
        Household(
            code=f"{building.code}-{unit}-{floor}0{room}",
            building=building,
            unit=f"{unit} 单元",
            room=f"{floor}0{room}",
            kind=chance.choices(list(kinds), list(kinds.values()))[0],
        )
        for unit, floor, room in rooms
    ]


def _residents(household: Household, chance: Random) -> list[Resident]:
    family = chance.choice(SURNAMES)
    names = [GIVEN_NAMES[n : n + 2] for n in chance.sample(range(0, len(GIVEN_NAMES), 2), chance.randint(1, 3))]
    return [
        Resident(
            household=household,
            name=(family if n == 0 else chance.choice(SURNAMES)) + name,
            phone=f"1380000{chance.randint(0, 9999):04}",
        )
        for n, name in enumerate(names)
    ]
